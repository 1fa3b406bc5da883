package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The look at a child before a signal is refused, by an error that says nothing about the child. A
 * process descriptor is surely the child's. Without one, the exception names the error: the id may
 * be another process's, and the child has not ended.
 */
class RefusedLookTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final int EIO = 5;
  private static final int EFAULT = 14;
  private static final int SIGKILL = N.SIGKILL();

  interface Sends {
    boolean to(StepDriver driver, int number) throws IOException;
  }

  enum How implements Sends {
    CHILD {
      @Override
      public boolean to(StepDriver driver, int number) throws IOException {
        return driver.child().signal(number);
      }
    },
    GROUP {
      @Override
      public boolean to(StepDriver driver, int number) throws IOException {
        return driver.child().signalGroup(number);
      }
    }
  }

  static Stream<Arguments> cases() {
    return Stream.of(How.values())
        .flatMap(
            how ->
                Stream.of(N.EINVAL(), N.EACCES(), EIO, EFAULT, N.ENOMEM(), N.EAGAIN())
                    .map(error -> Arguments.of(how, N.errorName(error), error)));
  }

  private StepDriver sleep() throws IOException {
    return start(SpawnRequests.of("sleep", "60").noStreams().processGroup(0));
  }

  private void assertKilled(StepDriver driver) throws Exception {
    faults.heal();
    driver.text();
    assertThat(driver.status()).isEqualTo(new Killed(SIGKILL, false));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void signalIsSentOrRefusedAndNeverForgotten(How how, String name, int error) throws Exception {
    StepDriver driver = sleep();
    faults.failAlways("waitId", error);
    if (HAS_PIDFD) {
      assertThat(how.to(driver, SIGKILL)).isTrue();
    } else {
      assertThatThrownBy(() -> how.to(driver, SIGKILL))
          .isInstanceOf(IOException.class)
          .hasMessage("waitid for process " + driver.child().pid() + ": " + name);
      faults.heal();
      assertThat(how.to(driver, SIGKILL)).isTrue();
    }
    assertKilled(driver);
  }

  /** The descriptor tells that the exit was collected, and the id may be another's. */
  @Test
  void groupIsSparedIfNoCallTells() throws Exception {
    StepDriver driver = sleep();
    faults.failAlways("waitId", EIO);
    if (HAS_PIDFD) {
      faults.failAlways("signalDescriptor", N.ESRCH());
    }
    int before = faults.calls("kill");
    assertThatThrownBy(() -> driver.child().signalGroup(SIGKILL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("EIO");
    assertThat(faults.calls("kill")).isEqualTo(before);
    faults.heal();
    assertThat(driver.child().signal(SIGKILL)).isTrue();
    assertKilled(driver);
  }
}
