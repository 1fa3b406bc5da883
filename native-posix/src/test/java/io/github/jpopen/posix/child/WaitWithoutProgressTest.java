package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A descriptor that is reported ready, over and over, while nothing can be done with it. No wait
 * may keep a processor busy then: a child that a debugger holds has a readable process descriptor
 * and no exit to collect.
 */
class WaitWithoutProgressTest extends PosixTest {
  private static final Duration LIMIT = Duration.ofMillis(500);

  /**
   * At most 50 ms lie between two looks, so 500 ms need about ten of them; a spin makes thousands.
   */
  private static final int MOST_CALLS = 60;

  enum Ready {
    /** The exit is reported and cannot be collected. */
    EXIT("waitId"),
    /** stdout is reported readable and {@code read} says EAGAIN. */
    OUTPUT("read"),
    /** stdin is reported writable and {@code write} says EAGAIN. */
    INPUT("write");

    private final String call;

    Ready(String call) {
      this.call = call;
    }
  }

  private StepDriver startFruitless(Ready ready) throws Exception {
    StepDriver driver =
        ready == Ready.EXIT
            ? start(SpawnRequests.of("true"))
            : start(SpawnRequests.shell("echo hi; exec sleep 60"))
                .input(new byte[ready == Ready.INPUT ? 1 : 0]);
    if (ready == Ready.EXIT) {
      awaitDeath(driver.child().pid());
    }
    // waitid(2) with WNOHANG answers 0 and writes nothing while there is no exit to collect.
    faults.failAlways(ready.call, ready == Ready.EXIT ? 0 : HOST.constants().EAGAIN());
    return driver;
  }

  @ParameterizedTest
  @EnumSource(Ready.class)
  void waitDoesNotSpin(Ready ready) throws Exception {
    StepDriver driver = startFruitless(ready);
    int before = faults.calls(ready.call);
    long start = System.nanoTime();
    Deadline deadline = Deadline.after(LIMIT);
    while (!deadline.hasPassed()) {
      driver.child().step(driver, deadline);
    }
    assertThat(System.nanoTime() - start).isLessThan(LIMIT.plusMillis(300).toNanos());
    assertThat(faults.calls(ready.call) - before).isBetween(1, MOST_CALLS);
  }

  @ParameterizedTest
  @EnumSource(Ready.class)
  void waitContinuesAfterProgress(Ready ready) throws Exception {
    StepDriver driver = startFruitless(ready);
    for (int i = 0; i < 12; i++) {
      driver.step(Duration.ofMillis(20));
    }
    faults.heal();
    long start = System.nanoTime();
    switch (ready) {
      case EXIT -> await("the exit is seen", () -> steps(driver) && driver.status() != null);
      case OUTPUT -> await("output comes", () -> steps(driver) && driver.stdout().equals("hi\n"));
      case INPUT -> await("input goes", () -> steps(driver) && driver.sent() == 1);
    }
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }

  private static boolean steps(StepDriver driver) {
    try {
      driver.step(Duration.ofMillis(20));
      return true;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closedChildDoesNotMakeThePollerSpin() throws Exception {
    closedChildDoesNotSpin(platform);
  }

  @Test
  void closedChildDoesNotSpinWithoutEpoll() throws Exception {
    Settings usual = Settings.ofSystemProperties();
    closedChildDoesNotSpin(
        new PosixPlatform(faults.posix(), new Settings(usual.tier(), usual.pidfd(), false)));
  }

  private void closedChildDoesNotSpin(PosixPlatform own) throws Exception {
    StepDriver driver = start(own, SpawnRequests.of("true"));
    long pid = driver.child().pid();
    awaitDeath(pid);
    faults.failAlways("waitId", 0);
    driver.close();
    int before = faults.calls("waitId");
    Thread.sleep(LIMIT); // what is measured is how often it looks in this time
    assertThat(faults.calls("waitId") - before).isLessThan(MOST_CALLS);
    faults.heal();
    await("collected", () -> io.github.jpopen.contract.Resources.stat(pid).length == 0);
  }
}
