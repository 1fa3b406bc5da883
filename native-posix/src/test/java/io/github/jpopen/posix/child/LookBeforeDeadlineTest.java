package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.LinuxPosix;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long wait is in two parts, so that the look between them loads what the end of it needs. */
class LookBeforeDeadlineTest extends PosixTest {
  private static final long LOOK_NANOS = 300_000;
  private static final Duration LONG = Duration.ofSeconds(10);

  /** Notes how long each wait of a stepping thread would be, and does not wait. */
  private static final class Impatient extends ForwardingPosix {
    private static final String STEPS = "steps";

    private final List<Long> waits = new ArrayList<>();

    Impatient() {
      super(HOST);
    }

    @Override
    public synchronized int poll(PollSet set, long nanos) {
      if (Thread.currentThread().getName().equals(STEPS)) {
        waits.add(nanos);
      }
      return super.poll(set, 0);
    }

    synchronized long last() {
      return waits.getLast();
    }
  }

  private final Impatient posix = new Impatient();

  private StepDriver startSleeping() throws Exception {
    Settings usual = Settings.ofSystemProperties();
    return start(new PosixPlatform(posix, usual), SpawnRequests.of("sleep", "60").noStreams());
  }

  /** On such a thread, even if the test is on another kind. */
  private static <T> T on(boolean virtual, Callable<T> action) throws Exception {
    var task = new FutureTask<>(action);
    Thread _ =
        virtual
            ? Thread.ofVirtual().start(task)
            : Thread.ofPlatform().name(Impatient.STEPS).start(task);
    return task.get();
  }

  private long wait(StepDriver driver, Deadline deadline) throws Exception {
    return on(
        false,
        () -> {
          driver.child().step(driver, deadline);
          return posix.last();
        });
  }

  @Test
  void longWaitEndsALittleEarly() throws Exception {
    StepDriver driver = startSleeping();
    Deadline deadline = Deadline.after(LONG);
    long left = deadline.nanosLeft();
    assertThat(wait(driver, deadline)).isBetween(1L, left - LOOK_NANOS);
  }

  @Test
  void restIsWaitedForInOnePart() throws Exception {
    StepDriver driver = startSleeping();
    await(
        "a wait of more than is left after the look",
        () -> {
          try {
            long nanos = wait(driver, Deadline.after(Duration.ofNanos(900_000)));
            assertThat(nanos).isLessThanOrEqualTo(900_000);
            return nanos > 900_000 - LOOK_NANOS;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void waitWithoutALimitHasOnePart() throws Exception {
    StepDriver driver = startSleeping();
    assertThat(wait(driver, Deadline.never())).isEqualTo(-1);
  }

  @ParameterizedTest(name = "virtual: {0}")
  @ValueSource(booleans = {false, true})
  void stepEndsBeforeItsDeadline(boolean virtual) throws Exception {
    assumeTrue(virtual || HOST instanceof LinuxPosix, "poll(2) counts whole milliseconds");
    StepDriver driver = start(SpawnRequests.of("sleep", "60").noStreams());
    await(
        "a step without an event ends before its deadline",
        () -> {
          try {
            return on(virtual, () -> endsEarly(driver));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(driver.isOver()).isFalse();
  }

  private static boolean endsEarly(StepDriver driver) throws Exception {
    Deadline deadline = Deadline.after(Duration.ofMillis(20));
    driver.child().step(driver, deadline);
    return !deadline.hasPassed();
  }

  @ParameterizedTest(name = "virtual: {0}")
  @ValueSource(booleans = {false, true})
  void lastPartDoesNotSpin(boolean virtual) throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60").noStreams());
    int steps =
        on(
            virtual,
            () -> {
              int count = 0;
              Deadline deadline = Deadline.after(Duration.ofMillis(50));
              while (!deadline.hasPassed()) {
                driver.child().step(driver, deadline);
                count++;
              }
              return count;
            });
    assertThat(steps).isLessThan(10);
  }
}
