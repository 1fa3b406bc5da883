package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Output;
import io.github.jpopen.TimeoutExpiredException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a timeout is reported, and how: past, huge and idle timeouts, one deadline for everything.
 */
public abstract class DeadlineContract extends ContractTest {
  static Stream<Duration> past() {
    return Stream.of(
        Duration.ZERO,
        Duration.ofNanos(-1),
        Duration.ofSeconds(-1),
        Duration.ofSeconds(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("past")
  @Covers({"rule 23", "rule 27", "promise 20"})
  void zeroOrLessThrowsAtOnceWithTheGivenTime(Duration timeout) throws Exception {
    var p = start(child(live()).captureOutput());
    Duration took =
        time(
            () -> {
              TimeoutExpiredException e = timedOut(() -> p.communicate(timeout));
              assertThat(e.timeout()).isEqualTo(timeout);
            });
    assertThat(took).isLessThan(LATE);
    assertThat(p.poll()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("past")
  @Covers({"rule 23", "promise 20"})
  void zeroOrLessReturnsACompleteResult(Duration timeout) throws Exception {
    var p = start(child(out("out"), err("err"), exit(3)).captureOutput());
    awaitDeath(p.pid());
    Output<byte[]> output = p.communicate(timeout);
    assertThat(output.stdout()).asString().isEqualTo("out");
    assertThat(output.stderr()).asString().isEqualTo("err");
    assertThat(p.returncode()).isEqualTo(3);
  }

  @Test
  @Covers("rule 23")
  @PosixOnly("starts 300 children")
  void zeroTimeoutFindsTheEndOfWhatADeadChildHasWritten() throws Exception {
    for (int i = 0; i < 300; i++) {
      var p = start(child(out("x")).captureOutput());
      awaitDeath(p.pid());
      assertThat(p.communicate(Duration.ZERO).stdout()).asString().isEqualTo("x");
    }
  }

  @Test
  @Covers("rule 23")
  void zeroTimeoutReturnsForADeadChildWithoutPipes() throws Exception {
    var p = start(child(exit(6)));
    awaitDeath(p.pid());
    p.communicate(Duration.ZERO);
    assertThat(p.returncode()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, 1L << 33, Long.MAX_VALUE / 1_000_000_000, Long.MAX_VALUE})
  @Covers({"rule 29", "promise 20"})
  void hugeTimeoutsAreAccepted(long seconds) throws Exception {
    Duration huge = Duration.ofSeconds(seconds, 999_999_999);
    var p = start(child(cat()).stdin(PIPE).stdout(PIPE));
    assertThat(p.communicate(utf8("x"), huge).stdout()).asString().isEqualTo("x");
    assertThat(p.waitFor(huge)).isZero();
    assertThat(p.poll(huge)).hasValue(0);
  }

  @Test
  @Covers({"rule 29", "promise 1"})
  void oneDeadlineCoversInputOutputAndExit() throws Exception {
    Duration timeout = Duration.ofMillis(600);
    var p =
        start(
            child(sleep(200), awaitEof(), out("x"), sleep(200), closeOut(), live())
                .stdin(PIPE)
                .stdout(PIPE));
    assertKept(timeout, time(() -> timedOut(() -> p.communicate(new byte[1 << 18], timeout))));
  }

  @Test
  @Covers({"rule 29", "promise 1"})
  void idleTimeoutsAreNeitherEarlyNorLate() throws Exception {
    var p = start(child(live()).stdin(PIPE).captureOutput());
    for (int millis : new int[] {1, 3, 10, 30, 100}) {
      Duration timeout = Duration.ofMillis(millis);
      assertKept(timeout, time(() -> timedOut(() -> p.communicate(timeout))));
    }
  }

  @Test
  @Covers({"rule 27", "promise 24"})
  void messageNamesProgramAndGivenTime() throws Exception {
    var p = start(child(out("s3cret"), live()).env("TOKEN", "s3cret").stdout(PIPE));
    String program = p.args().getFirst();
    assertThat(timedOut(() -> p.communicate(Duration.ofNanos(100_000))))
        .hasMessage("command \"" + program + "\" timed out after 0.0001 seconds");
    assertThat(timedOut(() -> p.communicate(Duration.ofSeconds(-1))))
        .hasMessage("command \"" + program + "\" timed out after -1 seconds");
    assertThat(timedOut(() -> p.communicate(Duration.ofMillis(20))))
        .hasMessage("command \"" + program + "\" timed out after 0.02 seconds");
    assertThat(timedOut(() -> p.communicate(Duration.ZERO)).toString()).doesNotContain("s3cret");
  }

  @Test
  void serializedExceptionHoldsNoOutput() throws Exception {
    Path written = file("written");
    var p = start(child(out("data"), touch(written), live()).stdout(PIPE));
    await(written);
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream target = new ObjectOutputStream(bytes)) {
      target.writeObject(e);
    }
    try (ObjectInputStream source =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      TimeoutExpiredException copy = (TimeoutExpiredException) source.readObject();
      assertThat(copy).hasMessage(e.getMessage());
      assertThat(copy.timeout()).isEqualTo(SHORT);
      assertThat(copy.program()).isEqualTo(e.program());
      assertThat(copy.stdout().bytes()).isEmpty();
      assertThat(copy.stderr().text()).isEmpty();
    }
  }

  @Test
  @Covers("promise 2")
  void busyChildCannotHideADeadline() throws Exception {
    var p = start(child(flood(Integer.MAX_VALUE)).captureOutput());
    Duration timeout = Duration.ofMillis(500);
    assertThat(time(() -> timedOut(() -> p.communicate(timeout))))
        .isBetween(timeout, timeout.plus(LATE));
    p.kill();
  }
}
