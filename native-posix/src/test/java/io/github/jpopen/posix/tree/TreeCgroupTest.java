package io.github.jpopen.posix.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.jpopen.contract.DelegatedCgroup;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills trees whose processes escape every other sign, by the cgroup that they are in. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has cgroups")
class TreeCgroupTest extends TreeOfProcesses {
  /** What the child starts before it was moved is outside, so it waits for the test. */
  private static final String WHEN_MOVED = "until [ -e \"$1/go\" ]; do sleep 0.01; done; ";

  /** In a session of its own, without a parent that is a member, and without the token. */
  private static final String DAEMON = "(setsid env -i \"$2\" 60 &); ";

  private @Nullable DelegatedCgroup delegated;

  @BeforeEach
  void makeCgroup() throws Exception {
    notLikeMac("macOS has no cgroups");
    delegated = DelegatedCgroup.orSkip();
  }

  @AfterEach
  void removeCgroup() throws IOException {
    killWhatIsLeft();
    DelegatedCgroup made = delegated;
    if (made != null) {
      made.close();
    }
  }

  private DelegatedCgroup cgroup() {
    return Objects.requireNonNull(delegated);
  }

  private Path made() throws IOException {
    return cgroup().child();
  }

  /** Starts a script that goes on once it was moved. */
  private StepDriver moved(PosixPlatform on, String script) throws IOException {
    StepDriver driver =
        start(on, request(WHEN_MOVED + script).tree().newCgroupBelow(cgroup().path()));
    Files.createFile(temp.resolve("go"));
    return driver;
  }

  private StepDriver moved(String script) throws IOException {
    return moved(platform, script);
  }

  private void assertNoDirectoryIsLeft() throws IOException {
    assertThat(cgroup().children()).isEmpty();
  }

  @Test
  void daemonWithoutAnyOtherSignIsKilled() throws Exception {
    StepDriver driver = moved(DAEMON + "exec \"$2\" 60");
    awaitWaiting(2);
    assertNoneIsLeft(driver);
    assertNoDirectoryIsLeft();
  }

  @Test
  void daemonOfAnEndedChildIsKilled() throws Exception {
    StepDriver driver = moved(DAEMON + "exit 3");
    awaitWaiting(1);
    awaitExit(driver);
    assertThat(living()).hasSize(1);
    assertNoneIsLeft(driver);
    assertNoDirectoryIsLeft();
  }

  @Test
  void daemonOfAClosedChildIsKilled() throws Exception {
    StepDriver driver = moved(DAEMON + "exit 3");
    awaitWaiting(1);
    awaitExit(driver);
    driver.close();
    assertThat(living()).hasSize(1);
    assertNoneIsLeft(driver);
    assertNoDirectoryIsLeft();
  }

  @Test
  void cgroupCountsWithoutTheTreeOption() throws Exception {
    StepDriver driver =
        start(request(WHEN_MOVED + DAEMON + "exec \"$2\" 60").newCgroupBelow(cgroup().path()));
    Files.createFile(temp.resolve("go"));
    awaitWaiting(2);
    assertNoneIsLeft(driver);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bombOfTwoHundredDaemons(boolean kernelKills) throws Exception {
    StepDriver driver =
        moved(
            kernelKills ? platform : withoutKill(),
            "n=0; while [ $n -lt 200 ]; do (setsid env -i \"$2\" 60 &); n=$((n+1)); done; wait;"
                + " exec \"$2\" 60");
    await("it has begun", () -> count() > 100);
    assertNoneIsLeft(driver);
    assertNoDirectoryIsLeft();
  }

  /** A kernel before 5.14, which has no {@code cgroup.kill}. */
  private PosixPlatform withoutKill() {
    return new PosixPlatform(
        new ForwardingPosix(faults.posix()) {
          @Override
          public int open(MemorySegment path, Access access) {
            return path.getString(0).endsWith("/cgroup.kill")
                ? -constants().EACCES()
                : super.open(path, access);
          }
        },
        Settings.ofSystemProperties());
  }

  @Test
  void kernelKillsWhatRefusesOurSignals() throws Exception {
    StepDriver driver = moved(DAEMON + "exec \"$2\" 60");
    awaitWaiting(2);
    faults.failAlways("kill", HOST.constants().EPERM());
    if (HAS_PIDFD) {
      faults.failAlways("signalDescriptor", HOST.constants().EPERM());
    }
    assertNoneIsLeft(driver);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cgroupsBelowAreKilledAndRemoved(boolean kernelKills) throws Exception {
    StepDriver driver =
        moved(
            kernelKills ? platform : withoutKill(),
            "until [ -e \"$1/below\" ]; do sleep 0.01; done; " + DAEMON + "exec \"$2\" 60");
    Path below = made().resolve("of the child");
    Files.createDirectory(below);
    DelegatedCgroup.move(driver.child().pid(), below);
    Files.createFile(temp.resolve("below"));
    awaitWaiting(2);
    await("both are below", () -> in(below) == 2);
    assertNoneIsLeft(driver);
    assertNoDirectoryIsLeft();
  }

  private static int in(Path cgroup) {
    try {
      return DelegatedCgroup.processes(cgroup).size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void processThatWasMovedInIsKilled() throws Exception {
    StepDriver driver = moved("exec \"$2\" 60");
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try {
      DelegatedCgroup.move(stranger.pid(), made());
      assertNoneIsLeft(driver);
      assertThat(Resources.isDead(stranger.pid())).isTrue();
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  @Test
  void thisProcessIsNeverKilled() throws Exception {
    StepDriver driver = moved(DAEMON + "\"$2\" 60 & exec \"$2\" 60");
    awaitWaiting(3);
    Process ours = new ProcessBuilder("sleep", "60").start();
    try {
      DelegatedCgroup.move(ProcessHandle.current().pid(), made());
      DelegatedCgroup.move(ours.pid(), made());
      assertThatIOException()
          .isThrownBy(() -> kill(driver))
          .withMessage("this process is in the cgroup that was to be killed, or one above it");
      assertThat(count()).as("only the daemon has no other sign").isEqualTo(1);
      assertThat(ours.isAlive()).isTrue();
    } finally {
      cgroup().moveBack();
      ours.destroyForcibly().waitFor();
    }
    assertNoneIsLeft(driver);
  }

  @Test
  void otherCgroupsAreSpared() throws Exception {
    StepDriver other = moved(DAEMON + "exec \"$2\" 60");
    awaitWaiting(2);
    StepDriver driver = start(request("exec \"$2\" 60").tree().newCgroupBelow(cgroup().path()));
    awaitWaiting(3);
    assertThat(cgroup().children()).hasSize(2);
    assertThat(kill(driver)).isEmpty();
    assertThat(count()).isEqualTo(2);
    assertThat(cgroup().children()).hasSize(1);
    assertNoneIsLeft(other);
  }

  @Test
  void waitEndsWithTheLastOneInTheCgroup() throws Exception {
    StepDriver driver = moved("(setsid env -i \"$2\" 0.3 &); exit 3");
    awaitExit(driver);
    assertThat(driver.child().awaitTree(Deadline.after(LONG))).isTrue();
    assertThat(living()).isEmpty();
  }

  @Test
  void directoryIsRemovedWhenTheExitIsCollected() throws Exception {
    StepDriver driver = moved("exit 3");
    assertThat(cgroup().children()).hasSize(1);
    awaitExit(driver);
    assertNoDirectoryIsLeft();
  }

  @Test
  void directoryIsRemovedWhenAClosedChildEnds() throws Exception {
    StepDriver driver = moved("exec \"$2\" 60");
    driver.close();
    assertThat(cgroup().children()).hasSize(1);
    killWhatIsLeft();
    await("it is removed", () -> children() == 0);
  }

  @Test
  void directoryThatCannotBeRemovedIsRemovedByTheNextStart() throws Exception {
    faults.fail("removeDirectory", 1, HOST.constants().EPERM());
    StepDriver driver = moved("exit 3");
    awaitExit(driver);
    Path left = made();
    StepDriver next = start(request("exit 0").newCgroupBelow(cgroup().path()));
    assertThat(left).doesNotExist();
    awaitExit(next);
    assertNoDirectoryIsLeft();
  }

  private int children() {
    try {
      return cgroup().children().size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void daemonStaysUntilItIsKilledAndTheNextStartRemovesItsDirectory() throws Exception {
    StepDriver driver = moved(DAEMON + "exit 3");
    awaitExit(driver);
    driver.close();
    awaitWaiting(1);
    Path left = made();
    StepDriver next = start(request("exit 0").newCgroupBelow(cgroup().path()));
    assertThat(left).as("a process is in it").isDirectory();
    assertThat(count()).isEqualTo(1);
    killWhatIsLeft();
    await("it is empty", () -> in(left) == 0);
    StepDriver last = start(request("exit 0").newCgroupBelow(cgroup().path()));
    assertThat(left).doesNotExist();
    awaitExit(next);
    awaitExit(last);
    assertNoDirectoryIsLeft();
  }

  @Test
  void onlyEmptyDirectoriesOfEndedProcessesAreRemoved() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path parent = cgroup().path();
    Path unused = Files.createDirectory(parent.resolve("jpopen-" + ended.pid() + "-1f-1"));
    Files.createDirectory(unused.resolve("below"));
    long pid = ProcessHandle.current().pid();
    Path used = Files.createDirectory(parent.resolve("jpopen-" + pid + "-1f-1"));
    Path other = Files.createDirectory(parent.resolve("jpopen-" + ended.pid()));
    StepDriver driver = start(request("exit 0").newCgroupBelow(parent));
    assertThat(unused).doesNotExist();
    assertThat(used).as("another class loader of this process has made it").isDirectory();
    assertThat(other).as("no name of ours").isDirectory();
    awaitExit(driver);
  }

  /** As another JVM does that cannot see this one, between a start's two steps. */
  @ParameterizedTest
  @ValueSource(strings = {"before it is opened", "while it is open"})
  void directoryThatWasRemovedTooSoonIsMadeAgain(String when) throws Exception {
    AtomicBoolean removed = new AtomicBoolean();
    PosixPlatform raced =
        new PosixPlatform(
            new ForwardingPosix(faults.posix()) {
              @Override
              public int makeDirectory(MemorySegment path, int mode) {
                int result = super.makeDirectory(path, mode);
                if (when.startsWith("before") && removed.compareAndSet(false, true)) {
                  assertThat(removeDirectory(path)).isZero();
                }
                return result;
              }

              @Override
              public int open(MemorySegment path, Access access) {
                int result = super.open(path, access);
                String name = path.getString(0);
                if (name.endsWith("/cgroup.procs") && removed.compareAndSet(false, true)) {
                  delete(Objects.requireNonNull(Path.of(name).getParent()));
                }
                return result;
              }
            },
            Settings.ofSystemProperties());
    StepDriver driver = moved(raced, DAEMON + "exec \"$2\" 60");
    assertThat(removed).isTrue();
    awaitWaiting(2);
    assertThat(in(made())).isEqualTo(2);
    assertNoneIsLeft(driver);
    assertNoDirectoryIsLeft();
  }

  private static void delete(Path directory) {
    try {
      Files.delete(directory);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void childThatHasEndedBeforeTheMove() throws Exception {
    PosixPlatform slow =
        new PosixPlatform(
            new ForwardingPosix(faults.posix()) {
              @Override
              public int open(MemorySegment path, Access access) {
                if (path.getString(0).endsWith("/cgroup.procs")) {
                  await("the child has ended", () -> count() == 0);
                }
                return super.open(path, access);
              }
            },
            Settings.ofSystemProperties());
    StepDriver driver = start(slow, request("exit 3").newCgroupBelow(cgroup().path()));
    awaitExit(driver);
    assertThat(driver.child().killTree(Deadline.after(Duration.ofSeconds(1)))).isEmpty();
    assertNoDirectoryIsLeft();
  }
}
