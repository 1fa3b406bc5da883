package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.OnVirtualThreads;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.libc.HostPosix;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What these tests share: the calls, a platform, and that nothing is held after a test that was not
 * held before.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith({OnVirtualThreads.class, PosixTest.EveryFaultFired.class})
public abstract class PosixTest {
  /** Whether the calls are those that macOS has, on a Mac or, forced, on Linux. */
  public static final boolean LIKE_MAC =
      Settings.likeMac() || System.getProperty("os.name").startsWith("Mac");

  /** A program that does nothing: macOS has it in one place, an old Linux in the other. */
  public static final String TRUE =
      Files.exists(Path.of("/bin/true")) ? "/bin/true" : "/usr/bin/true";

  public static final Posix HOST = HostPosix.link(Settings.likeMac());

  /** Whether a child has a process descriptor, unless a test takes it away. */
  public static final boolean HAS_PIDFD =
      Settings.ofSystemProperties().pidfd() && opensProcessDescriptors();

  /** What the thread that spawns with a table of its own closes there: the child's three ends. */
  public static final int ENDS_OF_THREAD = spawnsOnAThread() ? 3 : 0;

  private static final long LIMIT_NANOS = 20_000_000_000L;
  private static final long FIRED_NANOS = 5_000_000_000L;

  private final List<Faults> allFaults = new ArrayList<>();
  public final Faults faults = faultsOf(HOST);
  public final PosixPlatform platform =
      new PosixPlatform(faults.posix(), Settings.ofSystemProperties());
  private final List<StepDriver> drivers = new ArrayList<>();
  private Resources before = Resources.now();

  @BeforeEach
  public void remember() {
    before = Resources.now();
  }

  @AfterEach
  public void nothingIsLeft() throws IOException {
    faults.heal();
    for (StepDriver driver : drivers) {
      driver.child().signal(HOST.constants().SIGKILL());
      driver.close();
    }
    assertThat(before.moreAfterAll()).as("left behind").isEmpty();
  }

  /**
   * Fails a test that passed although a fault of it met no call. The poller and the threads that
   * wait for exits make their last calls after the test's own.
   */
  static final class EveryFaultFired implements AfterTestExecutionCallback {
    @Override
    public void afterTestExecution(ExtensionContext context) {
      PosixTest test = (PosixTest) context.getRequiredTestInstance();
      if (context.getExecutionException().isEmpty()) {
        for (Faults faults : test.allFaults) {
          awaitWithin(FIRED_NANOS, () -> faults.unfired().isEmpty());
          assertThat(faults.unfired()).as("faults that met no call").isEmpty();
        }
      }
    }
  }

  private static boolean opensProcessDescriptors() {
    int descriptor = HOST.processDescriptor((int) ProcessHandle.current().pid());
    if (descriptor >= 0) {
      HOST.close(descriptor);
    }
    return descriptor >= 0;
  }

  /** More calls that can fail. */
  public final Faults faultsOf(Posix real) {
    Faults faults = new Faults(real);
    allFaults.add(faults);
    return faults;
  }

  private static boolean spawnsOnAThread() {
    return switch (Settings.ofSystemProperties().tier()) {
      case CLOEXEC_DEFAULT, CLOSEFROM -> !LIKE_MAC && !HOST.hasCloseFrom();
      case CLOSE_RANGE, UNSHARE -> true;
      case SNAPSHOT -> false;
    };
  }

  /** Skips what macOS has no call for. */
  public static void notLikeMac(String reason) {
    Assumptions.assumeFalse(LIKE_MAC, reason);
  }

  /** Starts a child that is killed and closed when the test ends. */
  public StepDriver start(SpawnRequests request) throws IOException {
    return start(platform, request);
  }

  /** The same on another platform. */
  public StepDriver start(PosixPlatform other, SpawnRequests request) throws IOException {
    StepDriver driver = new StepDriver(other, request.build());
    drivers.add(driver);
    return driver;
  }

  /** Runs a child to its end and gives its stdout. */
  public String output(SpawnRequests request) throws IOException, InterruptedException {
    return start(request).text();
  }

  /** Waits for something that happens soon. */
  public static void await(String what, BooleanSupplier condition) {
    if (!awaitWithin(LIMIT_NANOS, condition)) {
      throw new AssertionError("never: " + what);
    }
  }

  private static boolean awaitWithin(long nanos, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > nanos) {
        return false;
      }
      LockSupport.parkNanos(1_000_000); // leaves a carrier to others
    }
    return true;
  }

  /** Waits until a child has ended, without collecting it. */
  public static void awaitDeath(long pid) {
    await(pid + " ends", () -> Resources.isDead(pid));
  }
}
