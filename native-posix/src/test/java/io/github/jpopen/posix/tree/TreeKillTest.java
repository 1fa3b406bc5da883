package io.github.jpopen.posix.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.SpawnRequest.Put;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills trees of processes that try to escape. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks for processes in /proc")
class TreeKillTest extends TreeOfProcesses {
  /** A run by hand may take more: 500 take half a minute on a busy machine. */
  private static final int ROUNDS = Integer.getInteger("jpopen.test.treeRounds", 60);

  @ParameterizedTest
  @ValueSource(ints = {20, 290})
  void bombOfThreeHundred(int begun) throws Exception {
    String script =
        "n=0; while [ $n -lt 150 ]; do (\"$2\" 60 & exec \"$2\" 60) & n=$((n+1)); done; wait";
    StepDriver driver = started(script);
    await("it has begun", () -> count() > begun);
    assertNoneIsLeft(driver);
    assertThat(faults.calls("processDescriptor")).as("not one for each").isLessThan(280);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(setsid \"$2\" 60 &); wait; exec \"$2\" 60", // another session
        "(setsid sh -c '(\"$2\" 60 &)' sh \"$1\" \"$2\" &); exec \"$2\" 60", // a daemon
        "(sh -c '(\"$2\" 60 &); exit' sh \"$1\" \"$2\"); exec \"$2\" 60", // lost its parent
        "env -i \"$2\" 60 & exec \"$2\" 60", // has another environment
        "(env -i \"$2\" 60 &); exec \"$2\" 60", // and has lost its parent
        "setsid env -i \"$2\" 60 & exec \"$2\" 60", // and another session, but a parent
        "setsid env JPOPEN_TREE=\"$JPOPEN_TREE:other\" \"$2\" 60 & exec \"$2\" 60" // is in two
      })
  void processThatHides(String script) throws Exception {
    notLikeMac("only /proc shows what has left the group");
    StepDriver driver = started(script);
    awaitCount(2);
    assertNoneIsLeft(driver);
  }

  @Test
  void processThatStartsOthersWhileItEnds() throws Exception {
    String script =
        "trap '\"$2\" 60 & setsid \"$2\" 60 &' TERM HUP CONT; \"$2\" 60 & while :; do wait; done";
    StepDriver driver = started(script);
    await("it has begun", () -> count() >= 2);
    driver.child().signal(15);
    assertNoneIsLeft(driver);
  }

  @Test
  void whatAnEndedChildHasLeft() throws Exception {
    notLikeMac("only the token in the environment shows it");
    StepDriver driver = started("\"$2\" 60 & setsid \"$2\" 60 & exit 3");
    awaitExit(driver);
    awaitCount(2);
    assertNoneIsLeft(driver);
    driver.close();
    assertThat(kill(driver)).as("after close").isEmpty();
  }

  @Test
  void numberOfAnEndedChildCountsAsLongAsAMemberHasIt() throws Exception {
    notLikeMac("only /proc shows the group of a process");
    StepDriver driver =
        started("trap 'exit 3' TERM; (trap '' TERM; exec env -i \"$2\" 60) & echo; wait");
    awaitCount(2);
    assertThat(driver.child().signalGroup(15)).isTrue(); // notes who is there
    awaitExit(driver);
    assertThat(count()).isEqualTo(1);
    assertNoneIsLeft(driver);
  }

  @Test
  void outerTreeHasTheInnerOne() throws Exception {
    notLikeMac("only the token in the environment shows it");
    StepDriver inner =
        start(
            request("setsid \"$2\" 60 & exec \"$2\" 60")
                .tree()
                .environment(new Put(TreeMark.VARIABLE, "outer")));
    awaitCount(2);
    String environment =
        Files.readString(Path.of("/proc/" + inner.child().pid() + "/environ"), ISO_8859_1);
    assertThat(environment).contains("JPOPEN_TREE=outer:");
    assertNoneIsLeft(inner);
  }

  @Test
  void otherTreesAreSpared() throws Exception {
    StepDriver other = started("\"$2\" 60 & exec \"$2\" 60");
    awaitCount(2);
    StepDriver driver = started("\"$2\" 60 & exec \"$2\" 60");
    awaitCount(4);
    assertThat(kill(driver)).isEmpty();
    assertThat(count()).isEqualTo(2);
    assertNoneIsLeft(other);
  }

  @Test
  void waitEndsWithTheLastOne() throws Exception {
    notLikeMac("needs /proc");
    StepDriver driver = started("\"$2\" 0.3 & setsid \"$2\" 0.2 & exit 3");
    awaitExit(driver);
    assertThat(driver.child().awaitTree(Deadline.after(LONG))).isTrue();
    assertThat(living()).isEmpty();
    StepDriver longer = started("exec \"$2\" 60");
    assertThat(longer.child().awaitTree(Deadline.after(Duration.ofMillis(20)))).isFalse();
  }

  @Test
  void processOfAnotherUser() throws Exception {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && new ProcessBuilder("setpriv", "--reuid", "65534", "true").start().waitFor() == 0,
        "only root can start a process as another user");
    StepDriver driver =
        started("setpriv --reuid 65534 sh -c \"sleep 60; :\" sh \"$1\" & exec \"$2\" 60");
    awaitCount(2);
    assertNoneIsLeft(driver);
  }

  @Test
  void processThatForksAllTheTime() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try {
      for (int i = 0; i < ROUNDS; i++) {
        // A chain: each starts the next one and ends. The shell forks for that.
        StepDriver driver =
            new StepDriver(
                platform,
                request("(while :; do (:) & done) & while :; do (:); done").tree().build());
        try (driver) {
          List<ProcessHandle> survivors = kill(driver);
          assertThat(survivors).isEmpty();
          assertThat(living()).as("survivors that were not reported").isEmpty();
        }
      }
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void refusedSignalIsReported() throws Exception {
    StepDriver driver = started("exec \"$2\" 60");
    awaitCount(1);
    faults.failAlways("kill", HOST.constants().EPERM());
    if (HAS_PIDFD) {
      faults.failAlways("signalDescriptor", HOST.constants().EPERM());
    }
    List<ProcessHandle> survivors = kill(driver);
    assertThat(survivors).extracting(ProcessHandle::pid).containsExactly(driver.child().pid());
    faults.heal();
    assertNoneIsLeft(driver);
  }

  @Test
  void missingDescriptorIsNoObstacle() throws Exception {
    Assumptions.assumeTrue(HAS_PIDFD && !LIKE_MAC, "there is no descriptor that could fail");
    StepDriver driver = started("\"$2\" 60 & setsid \"$2\" 60 & exec \"$2\" 60");
    awaitCount(3);
    faults.failAlways("processDescriptor", HOST.constants().EMFILE());
    assertNoneIsLeft(driver);
  }
}
