package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kills that reach all that a child has started. An output ends when all of them have ended. */
public abstract class TreeContract extends ContractTest {
  private final Set<Long> before = descendants();

  private static Set<Long> descendants() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  /** Whether this system shows what belonged to a child whose exit was collected. */
  protected boolean remembersEndedChildren() {
    return true;
  }

  private void needsEndedChildren() {
    Assumptions.assumeTrue(
        remembersEndedChildren(), "this system does not show what an ended child has started");
  }

  /** Lives, and has a grandchild that lives, and one that lives although its parent has ended. */
  private Command<byte[]> family() {
    Path child = file("child of the child");
    Path orphan = file("orphan");
    return child(
        starting(touch(child), live()),
        starting(grandchild(touch(orphan), live())),
        awaitFile(child),
        awaitFile(orphan),
        touch(file("all")),
        live());
  }

  private Popen<byte[]> startedFamily(Command<byte[]> command) throws Exception {
    Popen<byte[]> p = start(command.captureOutput());
    await(file("all"));
    return p;
  }

  /** The child that a one-shot call has started a moment ago, and its living descendants. */
  private List<Long> pids() {
    await(file("all"));
    List<Long> pids = new ArrayList<>(descendants());
    pids.removeAll(before);
    assertThat(pids).hasSizeGreaterThanOrEqualTo(2);
    return pids;
  }

  @Test
  void killTreeReachesAllOfThem() throws Exception {
    Popen<byte[]> p = startedFamily(family().killTree());
    assertThat(p.killTree()).isEmpty();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
    assertThat(p.ending().survivors()).isEmpty();
    assertThat(p.killTree()).as("a second time").isEmpty();
  }

  @Test
  void killTreeWithoutTheOptionReachesTheDescendants() throws Exception {
    Path ready = file("ready");
    Popen<byte[]> p = start(child(starting(touch(ready), live()), live()).captureOutput());
    await(ready);
    assertThat(p.killTree()).isEmpty();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
  }

  @Test
  void killReachesOneProcess() throws Exception {
    needsEndedChildren();
    Popen<byte[]> p = startedFamily(family().killTree());
    assertThat(p.kill()).isTrue();
    p.waitFor();
    timedOut(() -> p.communicate(SHORT)); // the others hold the outputs
    assertThat(p.killTree()).isEmpty();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
  }

  @Test
  void whatAnEndedChildHasLeftIsReached() throws Exception {
    needsEndedChildren();
    Path ready = file("ready");
    Popen<byte[]> p =
        start(
            child(starting(touch(ready), live()), awaitFile(ready), exit(5))
                .captureOutput()
                .killTree());
    assertThat(p.waitFor(LONG)).isEqualTo(5);
    assertThat(p.killTree()).isEmpty();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
    assertThat(p.status()).isEqualTo(new Exited(5));
  }

  @Test
  void otherChildrenAreSpared() throws Exception {
    Popen<byte[]> other = start(child(live()).killTree());
    Popen<byte[]> plain = start(child(live()));
    Popen<byte[]> p = startedFamily(family().killTree());
    assertThat(p.killTree()).isEmpty();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
    assertThat(other.poll()).isEmpty();
    assertThat(plain.poll()).isEmpty();
    assertThat(other.killTree()).isEmpty();
  }

  @Test
  void timeoutOfRunReachesAllOfThem() throws Exception {
    UntilAllRun input = new UntilAllRun();
    Command<byte[]> command = family().killTree().captureOutput().input(Input.stream(input));
    TimeoutExpiredException e = timedOut(() -> command.idleTimeout(SHORT.multipliedBy(5)).run());
    assertThat(e.ending().orElseThrow().survivors()).isEmpty();
    input.pids.forEach(pid -> awaitDeath(pid));
  }

  /** Sends a byte now and then, so that nothing is idle before all run. */
  private final class UntilAllRun extends InputStream {
    private volatile List<Long> pids = List.of();

    @Override
    public int read() {
      if (Files.exists(file("all"))) {
        pids = pids();
        return -1;
      }
      LockSupport.parkNanos(10_000_000);
      return 'x';
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int next = read();
      if (next >= 0) {
        bytes[offset] = (byte) next;
      }
      return next < 0 ? -1 : 1;
    }
  }

  @Test
  void cancelReachesAllOfThem() throws Exception {
    CompletableFuture<CompletedProcess<byte[]>> run =
        family().killTree().captureOutput().runAsync();
    List<Long> pids = pids();
    assertThat(run.cancel(true)).isTrue();
    pids.forEach(pid -> awaitDeath(pid));
  }

  @Test
  void killOnCloseReachesAllOfThem() throws Exception {
    Popen<byte[]> p = startedFamily(family().killTree().killOnClose());
    List<Long> pids = pids();
    p.close();
    pids.forEach(pid -> awaitDeath(pid));
    assertThat(p.ending().survivors()).isEmpty();
  }

  @Test
  void stopReachesAllOfThem() throws Exception {
    Popen<byte[]> p = startedFamily(family().killTree());
    assertThat(p.stop(SHORT).isSuccess()).isFalse();
    assertThat(p.communicate(LONG).isComplete()).isTrue();
  }

  @Test
  @PosixOnly("Windows has no process groups of this kind")
  void stopGivesTheWholeGroupTimeForLastWords() throws Exception {
    String script =
        "(trap 'i=0; while [ $i -lt 2000 ]; do echo a line of the last words; i=$((i+1)); done;"
            + " exit' TERM; echo up; while :; do sleep 0.01; done) & wait";
    Popen<String> p = start(Command.shell(script).text().stdout(PIPE).killTree());
    assertThat(p.stdoutReader().readLine()).isEqualTo("up");
    p.stop(LONG);
    assertThat(p.ending()).hasToString("CALLER: SIGTERM");
    assertThat(p.communicate(LONG).stdout().lines()).as("more than a pipe holds").hasSize(2000);
  }

  /** The ways to kill a tree. */
  enum Kill {
    KILL_TREE,
    STOP,
    CLOSE,
    CANCEL
  }

  @ParameterizedTest
  @EnumSource
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has cgroups")
  void everyKillReachesTheCgroup(Kill way) throws Exception {
    Assumptions.assumeFalse(
        "macos".equals(System.getProperty("io.github.jpopen.posix.calls")), "macOS has no cgroups");
    Path id = file("id");
    String script =
        "read go; (setsid env -i sh -c 'echo $$ > \"$1.new\"; mv \"$1.new\" \"$1\"; exec sleep 600'"
            + " sh \"$1\" > /dev/null 2>&1 &); exec sleep 60";
    try (DelegatedCgroup cgroup = DelegatedCgroup.orSkip()) {
      Command<byte[]> command =
          Command.shell(script, "sh", id.toString())
              .posix(o -> o.newCgroupBelow(cgroup.path()))
              .killTree();
      if (way == Kill.CANCEL) {
        CompletableFuture<CompletedProcess<byte[]>> run = command.input("go\n").runAsync();
        await(id);
        assertThat(run.cancel(true)).isTrue();
      } else {
        Popen<byte[]> p = start(command.stdin(PIPE).killOnClose());
        p.stdin().write("go\n".getBytes(US_ASCII));
        p.stdin().flush();
        await(id);
        end(p, way);
      }
      awaitDeath(Long.parseLong(Files.readString(id).strip()));
      Eventually.await("its directory is removed", () -> isEmpty(cgroup));
    }
  }

  private static boolean isEmpty(DelegatedCgroup cgroup) {
    try {
      return cgroup.children().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void end(Popen<?> p, Kill way) throws Exception {
    if (way == Kill.KILL_TREE) {
      assertThat(p.killTree()).isEmpty();
    } else if (way == Kill.STOP) {
      p.stop(SHORT);
      assertThat(p.ending().survivors()).isEmpty();
    } else {
      p.close();
      assertThat(p.ending().survivors()).isEmpty();
    }
  }

  @Test
  @PosixOnly("the grandchild ignores SIGTERM")
  void stopKillsWhatIgnoresTheRequest() throws Exception {
    String script = "(trap '' TERM; echo up; while :; do sleep 0.01; done) & wait";
    Popen<String> p = start(Command.shell(script).text().stdout(PIPE).killTree());
    assertThat(p.stdoutReader().readLine()).isEqualTo("up");
    assertThat(time(() -> p.stop(SHORT))).isGreaterThanOrEqualTo(SHORT);
    assertThat(p.communicate(LONG).isComplete()).isTrue();
  }
}
