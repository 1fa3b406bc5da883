package io.github.jpopen.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
  private static final Duration YEAR = Duration.ofDays(365);

  @Test
  void neverNeverPasses() {
    Deadline never = Deadline.never();
    assertThat(never.isNever()).isTrue();
    assertThat(never.hasPassed()).isFalse();
    assertThat(never.nanosLeft()).isEqualTo(Long.MAX_VALUE);
    assertThat(never.millisLeft()).isEqualTo(-1);
    assertThat(never).hasToString("never");
  }

  @Test
  void deadlinePassesOnceItsFlagIsSet() {
    AtomicBoolean flag = new AtomicBoolean();
    for (Deadline plain : List.of(Deadline.never(), Deadline.after(YEAR))) {
      flag.set(false);
      Deadline deadline = plain.orOnce(flag);
      Deadline earlier = deadline.atMost(Duration.ofHours(1).toNanos());
      assertThat(deadline.isNever()).isEqualTo(plain.isNever());
      assertThat(deadline.millisLeft()).isEqualTo(plain.millisLeft());
      assertThat(earlier.hasPassed()).isFalse();
      flag.set(true);
      assertThat(plain.hasPassed()).isFalse();
      for (Deadline passed : List.of(deadline, earlier)) {
        assertThat(passed.hasPassed()).isTrue();
        assertThat(passed.isNever()).isFalse();
        assertThat(passed.nanosLeft()).isZero();
        assertThat(passed.millisLeft()).isZero();
        assertThat(passed).hasToString("in 0 ms");
      }
    }
  }

  @Test
  void nowHasPassed() {
    Deadline now = Deadline.now();
    assertThat(now.isNever()).isFalse();
    assertThat(now.hasPassed()).isTrue();
    assertThat(now.nanosLeft()).isZero();
    assertThat(now.millisLeft()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void zeroOrLessHasPassed(long seconds) {
    assertThat(Deadline.after(Duration.ofSeconds(seconds)).hasPassed()).isTrue();
    assertThat(Deadline.after(Duration.ofNanos(seconds)).hasPassed()).isTrue();
  }

  @Test
  void futureDeadlineHasNotPassed() {
    Deadline deadline = Deadline.after(Duration.ofHours(1));
    assertThat(deadline.hasPassed()).isFalse();
    assertThat(deadline.nanosLeft())
        .isBetween(Duration.ofMinutes(59).toNanos(), Duration.ofHours(1).toNanos());
    assertThat(deadline.millisLeft()).isBetween(59 * 60_000, 60 * 60_000);
  }

  @Test
  void deadlinePasses() {
    Deadline deadline = Deadline.after(Duration.ofMillis(2));
    long start = System.nanoTime();
    while (!deadline.hasPassed()) {
      Thread.onSpinWait();
    }
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
    assertThat(deadline.nanosLeft()).isZero();
    assertThat(deadline.millisLeft()).isZero();
  }

  @Test
  void millisecondsAreRoundedUp() {
    for (int i = 0; i < 1000; i++) {
      Deadline deadline = Deadline.after(Duration.ofNanos(1_500_000));
      int millis = deadline.millisLeft();
      long nanos = deadline.nanosLeft(); // asked for later, so it is not more
      assertThat(millis * 1_000_000L).isGreaterThanOrEqualTo(nanos);
    }
  }

  @Test
  void millisecondsFitIntoAnInt() {
    assertThat(Deadline.after(YEAR).millisLeft()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void overflowIsNever() {
    assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)).isNever()).isTrue();
    assertThat(Deadline.after(YEAR.multipliedBy(147)).isNever()).isTrue();
    Deadline far = Deadline.after(YEAR.multipliedBy(100));
    assertThat(far.isNever()).isFalse();
    assertThat(far.hasPassed()).isFalse();
    assertThat(far.nanosLeft()).isGreaterThan(YEAR.multipliedBy(99).toNanos());
  }

  @Test
  void atMostGivesTheEarlierDeadline() {
    Deadline near = Deadline.after(Duration.ofMillis(1));
    assertThat(near.atMost(Duration.ofHours(1).toNanos())).isSameAs(near);
    Deadline cut = Deadline.never().atMost(Duration.ofSeconds(1).toNanos());
    assertThat(cut.isNever()).isFalse();
    assertThat(cut.nanosLeft()).isBetween(1L, 1_000_000_000L);
    assertThat(Deadline.never().atMost(0).hasPassed()).isTrue();
    assertThat(Deadline.now().atMost(1).hasPassed()).isTrue();
  }
}
