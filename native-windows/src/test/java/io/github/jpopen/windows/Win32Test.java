package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.windows.child.Signals;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What these tests share: the calls, a platform, and that every handle that was made is closed
 * after a test, once.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(Win32Test.EveryFaultFired.class)
abstract class Win32Test {
  private static final long LIMIT_NANOS = 20_000_000_000L;
  private static final long FIRED_NANOS = 5_000_000_000L;

  final Win32 real = new NativeWin32();
  final Faults faults = new Faults(real);
  final WindowsPlatform platform = platform(new Settings(true, false, true));
  private final List<StepDriver> drivers = new ArrayList<>();

  /**
   * Fails a test that passed although a fault of it met no call. The port thread and the exit
   * threads make their last calls after the test's own.
   */
  static final class EveryFaultFired implements AfterTestExecutionCallback {
    @Override
    public void afterTestExecution(ExtensionContext context) {
      Win32Test test = (Win32Test) context.getRequiredTestInstance();
      if (context.getExecutionException().isEmpty()) {
        awaitWithin(FIRED_NANOS, () -> test.faults.unfired().isEmpty());
        assertThat(test.faults.unfired()).as("faults that met no call").isEmpty();
      }
    }
  }

  /** Another platform with the same calls. */
  final WindowsPlatform platform(Settings settings) {
    return new WindowsPlatform(faults.win32(), settings);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    faults.heal();
    for (StepDriver driver : drivers) {
      driver.child().signal(Signals.SIGKILL);
      driver.close();
    }
    // The port thread closes handles a moment later.
    await("handles are closed: " + faults.open(), () -> faults.open().isEmpty());
    assertThat(faults.closedTwice()).as("closed twice").isEmpty();
    assertThat(faults.calls("deleteAttributeList"))
        .as("attribute lists")
        .isLessThanOrEqualTo(faults.calls("attributeList"));
  }

  /** Starts a child that is killed and closed when the test ends. */
  final StepDriver start(SpawnRequests request) throws IOException {
    return start(platform, request);
  }

  /** The same on another platform. */
  final StepDriver start(WindowsPlatform other, SpawnRequests request) throws IOException {
    StepDriver driver = new StepDriver(other, request.build());
    drivers.add(driver);
    return driver;
  }

  /**
   * From now on no call fails. Waits until each fault has met its call: the port thread makes the
   * last calls for a child after the test's own.
   */
  final void heal() {
    await("each fault is met: " + faults.unfired(), () -> faults.unfired().isEmpty());
    faults.heal();
  }

  /** Waits for something that happens soon. */
  static void await(String what, BooleanSupplier condition) {
    if (!awaitWithin(LIMIT_NANOS, condition)) {
      throw new AssertionError("never: " + what);
    }
  }

  /** The same, and returns false if it does not happen in time. */
  static boolean awaitWithin(long nanos, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > nanos) {
        return false;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }
}
