package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Children that are closed while they run: nothing waits, nothing is killed, and no zombie stays.
 */
class ReaperTest extends PosixTest {
  @BeforeEach
  void chooseHowToWait() {
    // with whatever there is
  }

  /** Whether the poller learns of exits; else a thread in waitid does. */
  boolean polls() {
    return HAS_PIDFD;
  }

  private static boolean isGone(long pid) {
    return Resources.stat(pid).length == 0;
  }

  @Test
  @Covers("promise 9")
  void closedChildRunsOnAndIsCollected() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("read x; sleep 0.2; exit 1"));
    long pid = driver.child().pid();
    driver.close();
    driver.close();
    assertThat(isGone(pid)).isFalse();
    await("collected", () -> isGone(pid));
  }

  @Test
  void closeCollectsAZombie() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true"));
    long pid = driver.child().pid();
    awaitDeath(pid);
    driver.close();
    assertThat(isGone(pid)).isTrue();
  }

  @Test
  void closedChildCanBeSignalledUntilCollected() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.close();
    assertThat(driver.child().signal(0)).isTrue();
    assertThat(driver.child().signal(HOST.constants().SIGKILL())).isTrue();
    await("collected", () -> isGone(driver.child().pid()));
    assertThat(driver.child().signal(0)).isFalse();
    driver.child().wake();
  }

  @Test
  void oneThreadCollectsManyChildren() throws Exception {
    List<StepDriver> drivers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      StepDriver driver = start(SpawnRequests.shell("sleep 0.$1", "x", "" + i % 5 + 1));
      driver.close();
      drivers.add(driver);
    }
    long reapers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().equals("jpopen-reaper"))
            .count();
    assertThat(reapers).isLessThanOrEqualTo(1);
    for (StepDriver driver : drivers) {
      await("collected", () -> isGone(driver.child().pid()));
    }
    await(
        "the thread ends",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("jpopen-reaper")));
  }

  @Test
  void failingPollDoesNotEndTheReaper() throws Exception {
    assumeTrue(polls(), "without a poller");
    for (boolean epoll : new boolean[] {true, false}) {
      PosixPlatform own = platform(epoll);
      StepDriver driver = start(own, SpawnRequests.shell("sleep 0.3"));
      faults.failAlways(epoll ? "epollWait" : "poll", HOST.constants().EINVAL());
      driver.close();
      await("collected", () -> isGone(driver.child().pid()));
      faults.heal();
    }
  }

  private PosixPlatform platform(boolean epoll) {
    Settings usual = Settings.ofSystemProperties();
    return new PosixPlatform(faults.posix(), new Settings(usual.tier(), usual.pidfd(), epoll));
  }

  @Test
  void reaperWorksWithoutAnEventCounter() throws Exception {
    assumeTrue(polls(), "without a poller");
    PosixPlatform own = platform(false); // epoll needs no counter
    faults.failAlways("eventCounter", HOST.constants().EMFILE());
    StepDriver first = start(own, SpawnRequests.shell("sleep 0.3"));
    first.close();
    StepDriver second = start(own, SpawnRequests.shell("sleep 0.2"));
    second.close();
    await("collected", () -> isGone(first.child().pid()) && isGone(second.child().pid()));
  }

  // The exit is reported and waitid(2) fails, for a while.
  @ParameterizedTest(name = "error {0}, dead: {1}")
  @CsvSource({"13, true", "13, false", "5, true", "5, false", "14, true"}) // EACCES, EIO, EFAULT
  void refusedExitIsCollectedLater(int error, boolean dead) throws Exception {
    StepDriver driver = start(dead ? SpawnRequests.of("true") : SpawnRequests.of("sleep", "60"));
    long pid = driver.child().pid();
    if (dead) {
      awaitDeath(pid);
    }
    faults.failAlways("waitId", error);
    int before = faults.calls("waitId");
    driver.close();
    if (!dead) {
      assertThat(HOST.kill((int) pid, HOST.constants().SIGKILL())).isZero();
    }
    await("refused", () -> faults.calls("waitId") >= before + 3);
    assertThat(isGone(pid)).isFalse();
    faults.heal();
    await("collected", () -> isGone(pid));
  }
}
