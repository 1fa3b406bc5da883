package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Children that are closed while they run: nothing waits, nothing is killed, and no zombie stays.
 */
class ReaperTest extends PosixTest {
  @BeforeEach
  void chooseHowToWait() {
    // with whatever there is
  }

  private static boolean isGone(long pid) {
    return Resources.stat(pid).length == 0;
  }

  @Test
  void aClosedChildRunsOnAndIsCollected() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("read x; sleep 0.2; exit 1"));
    long pid = driver.child().pid();
    driver.close();
    driver.close();
    assertThat(isGone(pid)).isFalse();
    await("collected", () -> isGone(pid));
  }

  @Test
  void aZombieIsCollectedByCloseItself() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true"));
    long pid = driver.child().pid();
    awaitDeath(pid);
    driver.close();
    assertThat(isGone(pid)).isTrue();
  }

  @Test
  void aChildIsSignalledUntilItIsCollected() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.close();
    assertThat(driver.child().signal(0)).isTrue();
    assertThat(driver.child().signal(HOST.numbers().SIGKILL())).isTrue();
    await("collected", () -> isGone(driver.child().pid()));
    assertThat(driver.child().signal(0)).isFalse();
    driver.child().wake();
  }

  @Test
  void manyAreCollectedByOneThread() throws Exception {
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
  void aPollThatFailsIsNoEnd() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("sleep 0.3"));
    faults.failAlways("poll", HOST.numbers().EINVAL());
    driver.close();
    await("collected", () -> isGone(driver.child().pid()));
  }

  @Test
  void withoutCounterItLooksNowAndThen() throws Exception {
    faults.failAlways("eventCounter", HOST.numbers().EMFILE());
    StepDriver first = start(SpawnRequests.shell("sleep 0.3"));
    first.close();
    StepDriver second = start(SpawnRequests.shell("sleep 0.2"));
    second.close();
    await("collected", () -> isGone(first.child().pid()) && isGone(second.child().pid()));
  }
}
