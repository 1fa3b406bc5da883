package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.Faults;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the system shows of a child and of its pipes, from outside. */
class ConditionTest extends PosixTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static void awaitCondition(ChildProcess child, Condition condition) {
    await(
        "it is " + condition + ", not " + child.condition(), () -> child.condition() == condition);
  }

  @Test
  void aChildThatLives() throws Exception {
    ChildProcess child = start(SpawnRequests.of("sleep", "100")).child();
    if (!HOST.hasProcFiles()) {
      assertThat(child.condition()).isEqualTo(Condition.ALIVE);
      return;
    }
    awaitCondition(child, Condition.WAITING);
    child.signal(HOST.constants().signalNumber("SIGSTOP").getAsInt());
    awaitCondition(child, Condition.STOPPED);
    child.signal(HOST.constants().signalNumber("SIGCONT").getAsInt());
    awaitCondition(child, Condition.WAITING);
  }

  @Test
  void aChildThatComputes() throws Exception {
    assumeTrue(HOST.hasProcFiles(), "only Linux shows that a child computes");
    ChildProcess child = start(SpawnRequests.shell("while :; do :; done")).child();
    awaitCondition(child, Condition.RUNNING);
  }

  @Test
  void aZombieStaysToBeCollected() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("exit 3").noStreams());
    awaitDeath(driver.child().pid());
    assertThat(driver.child().condition()).isEqualTo(Condition.ENDED);
    assertThat(driver.child().condition()).isEqualTo(Condition.ENDED);
    assertThat(driver.run(LONG)).isTrue();
    assertThat(driver.status()).isEqualTo(new io.github.jpopen.spi.Termination.Exited(3));
    assertThat(driver.child().condition()).as("collected").isEqualTo(Condition.ENDED);
    driver.child().close();
    assertThat(driver.child().condition()).as("closed").isEqualTo(Condition.ENDED);
  }

  @Test
  void pipesTellHowMuchTheyHold() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("printf 12345; exec sleep 100"));
    ChildProcess child = driver.child();
    await("the bytes are there", () -> child.queued(StreamKind.STDOUT) == 5);
    assertThat(child.queued(StreamKind.STDERR)).isZero();
    assertThat(child.queued(StreamKind.STDIN)).isEqualTo(HOST.countsWhatIsUnread() ? 0 : -1);
    child.close();
    for (StreamKind stream : StreamKind.values()) {
      assertThat(child.queued(stream)).as("closed").isEqualTo(-1);
    }
  }

  @Test
  void inputThatWasNotReadIsInThePipe() throws Exception {
    assumeTrue(HOST.countsWhatIsUnread(), "macOS counts what the other end has written");
    StepDriver driver = start(SpawnRequests.of("sleep", "100")).input(new byte[1000]);
    await("all is sent", () -> stepped(driver) == 1000);
    assertThat(driver.child().queued(StreamKind.STDIN)).isEqualTo(1000);
  }

  private static long stepped(StepDriver driver) {
    try {
      driver.step(Duration.ofMillis(1));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return driver.sent();
  }

  @Test
  void aPipeThatDoesNotTellIsUnknown() throws Exception {
    Faults failing = faultsOf(HOST);
    StepDriver driver =
        start(
            new PosixPlatform(
                failing.posix(), io.github.jpopen.posix.Settings.ofSystemProperties()),
            SpawnRequests.of("sleep", "100"));
    failing.fail("queued", 1, HOST.constants().EINVAL());
    assertThat(driver.child().queued(StreamKind.STDOUT)).isEqualTo(-1);
    failing.heal();
  }

  private static List<PipeHolder> holders(ChildProcess child) {
    return child.pipeHolders().get().getOrDefault(StreamKind.STDOUT, List.of());
  }

  @Test
  void holdersAreTheChildAndWhatItStarted() throws Exception {
    assumeTrue(HOST.hasProcFiles(), "only Linux shows who holds a pipe");
    StepDriver driver = start(SpawnRequests.shell("sleep 100 & exec sleep 100"));
    ChildProcess child = driver.child();
    await("both hold it", () -> holders(child).size() == 2);
    List<PipeHolder> holders = holders(child);
    assertThat(holders).extracting(PipeHolder::pid).contains(child.pid());
    holders.forEach(h -> ProcessHandle.of(h.pid()).ifPresent(ProcessHandle::destroyForcibly));
    driver.child().close();
    assertThat(holders(child)).isEmpty();
  }
}
