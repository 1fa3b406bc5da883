package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Children that are never closed, or closed without waiting: they live on and leave nothing behind.
 */
public abstract class ForgottenContract extends ContractTest {
  @Test
  @Covers({"Misc.test_context_manager_keyboardinterrupt_no_kill", "rule 35"})
  void closeAfterInterruptNeitherWaitsNorKills() throws Exception {
    Popen<byte[]> p = start(child(live()).captureOutput());
    var using =
        Background.start(
            () -> {
              try (p) {
                p.communicate();
              }
              return "returned";
            });
    using.interrupt();
    assertThat(time(() -> assertThat(using.failure()).isInstanceOf(InterruptedException.class)))
        .isLessThan(Duration.ofSeconds(5));
    ProcessHandle handle = ProcessHandle.of(p.pid()).orElseThrow();
    assertThat(handle.isAlive()).as("not killed").isTrue();
    assertThat(handle.destroyForcibly()).isTrue();
    Eventually.await("the reaper collects it", () -> Resources.children().isEmpty());
  }

  @Test
  @Covers("rule 35")
  void interruptEndsTheWaitOfClose() throws Exception {
    Popen<byte[]> p = start(child(live()));
    var closing =
        Background.start(
            () -> {
              try {
                p.close();
              } catch (IOException _) {
                // an InterruptedIOException is as good as a plain return
              }
              return Thread.currentThread().isInterrupted();
            });
    closing.interrupt();
    assertThat(closing.result()).as("the flag is kept").isTrue();
    ProcessHandle handle = ProcessHandle.of(p.pid()).orElseThrow();
    assertThat(handle.isAlive()).as("not killed").isTrue();
    assertThat(handle.destroyForcibly()).isTrue();
    Eventually.await("the reaper collects it", () -> Resources.children().isEmpty());
  }

  /** Starts children and forgets them; only their ids come back. */
  private static List<Long> forgotten(Command<byte[]> command, int count) throws IOException {
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Popen<byte[]> p = command.start();
      InputStream used = p.stdout();
      pids.add(used.available() >= 0 ? p.pid() : -1);
    }
    return pids;
  }

  private static void awaitCollection(Set<String> pipes) {
    Eventually.await(
        "the collector finds them",
        () -> {
          System.gc();
          return pipes.containsAll(Resources.pipes());
        });
  }

  @Test
  @Covers({"Posix.test_zombie_fast_process_del", "promise 18", "promise 9"})
  void forgottenChildrenLiveOnAndLeaveNothing() throws Exception {
    Path gate = gate("end");
    Set<String> pipes = Resources.pipes();
    List<Long> pids = forgotten(child(awaitFile(gate)).captureOutput(), 5);
    awaitCollection(pipes);
    for (long pid : pids) {
      assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).as("not killed").contains(true);
    }
    open(gate);
    Eventually.await("no zombie is left", () -> Resources.children().isEmpty());
  }

  @Test
  @Covers({"Posix.test_leak_fast_process_del_killed", "promise 18"})
  void killedForgottenChildrenLeaveNothing() throws Exception {
    Set<String> pipes = Resources.pipes();
    for (long pid : forgotten(child(live()).captureOutput(), 5)) {
      assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }
    awaitCollection(pipes);
    Eventually.await("no zombie is left", () -> Resources.children().isEmpty());
  }

  @Test
  void childWithAStreamInUseIsNotForgotten() throws Exception {
    InputStream stdout = start(child(sleep(300), out("here")).stdout(PIPE)).stdout();
    System.gc();
    assertThat(stdout.readAllBytes()).asString().isEqualTo("here");
  }
}
