package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Signal;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a try block: when {@code close()} waits, when it kills, and when it does neither. */
public abstract class CloseContract extends ContractTest {
  private static final int OWN_END = 7;

  /** Does something with a child that runs. */
  interface Use {
    void on(Popen<?> p) throws Exception;
  }

  @Test
  @Covers({"Context.test_pipe", "rule 36"})
  void closeClosesThePipes() throws Exception {
    long pipes = Resources.pipes();
    Popen<byte[]> p =
        start(child(out("stdout"), err("stderr"), awaitEof()).stdin(PIPE).captureOutput());
    try (p) {
      assertThat(p.stdout().readNBytes(6)).asString().isEqualTo("stdout");
      assertThat(p.stderr().readNBytes(6)).asString().isEqualTo("stderr");
    }
    assertThat(Resources.pipes()).isEqualTo(pipes);
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers({"Context.test_returncode", "rule 36"})
  void closeWaitsForTheChild() throws Exception {
    Popen<byte[]> p = start(child(sleep(200), exit(100)));
    p.close();
    assertThat(p.returncode()).isEqualTo(100);
  }

  @Test
  @Covers("Context.test_communicate_stdin")
  void communicateInsideTheBlock() throws Exception {
    Popen<byte[]> p = start(child(expect(utf8("context"))).stdin(PIPE));
    try (p) {
      p.communicate(utf8("context"));
      assertThat(p.returncode()).isZero();
    }
  }

  @Test
  @Covers("Context.test_invalid_args")
  void aFailingStartLeavesNothingToClose() {
    assertThatExceptionOfType(SpawnException.class)
        .isThrownBy(
            () -> {
              try (Popen<byte[]> p = Command.of("/nonexisting/program").start()) {
                p.communicate();
              }
            });
  }

  @Test
  @Covers({"Context.test_broken_pipe_cleanup", "rule 36"})
  void aBrokenPipeIsRaisedAfterTheChildWasWaitedFor() throws Exception {
    Popen<byte[]> p = start(child(closeIn(), exit(0)).stdin(PIPE));
    p.stdin().write(utf8("unsent"));
    awaitDeath(p.pid());
    assertThatExceptionOfType(IOException.class).isThrownBy(p::close);
    assertThat(p.returncode()).isZero();
    p.close();
  }

  @Test
  void writtenBytesAreSentBeforeStdinIsClosed() throws Exception {
    Popen<byte[]> p = start(child(expect(utf8("last words"))).stdin(PIPE));
    p.stdin().write(utf8("last words")); // not flushed
    p.close();
    assertThat(p.returncode()).isZero();
  }

  @Test
  void closingTwiceIsNoError() throws Exception {
    Popen<byte[]> p = start(child(exit(1)).captureOutput());
    p.close();
    p.close();
    assertThat(p.returncode()).isEqualTo(1);
  }

  @Test
  @Covers("promise 18")
  void aTimeoutThatNobodyAnsweredKills() throws Exception {
    Popen<byte[]> p = start(child(live()).captureOutput());
    assertThat(
            time(
                () ->
                    timedOut(
                        () -> {
                          try (p) {
                            p.communicate(SHORT);
                          }
                        })))
        .isLessThan(Duration.ofSeconds(5));
    assertThat(p.status().isSuccess()).isFalse();
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  static Stream<Named<Use>> timedCalls() {
    return Stream.of(
        Named.of("communicate", p -> p.communicate(SHORT)),
        Named.of("communicate with input", p -> p.communicate(new byte[1 << 20], SHORT)),
        Named.of("waitFor", p -> p.waitFor(SHORT)));
  }

  @ParameterizedTest
  @MethodSource("timedCalls")
  @Covers("promise 18")
  void anyTimedCallThatThrewMakesCloseKill(Use timed) throws Exception {
    Popen<byte[]> p = start(child(sleep(20_000), exit(OWN_END)).stdin(PIPE));
    timedOut(() -> timed.on(p));
    p.close();
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  static Stream<Named<Use>> answers() {
    return Stream.of(
        Named.of("poll", Popen::poll),
        Named.of("timed poll", p -> p.poll(SHORT)),
        Named.of("signal", p -> p.sendSignal(Signal.of(0))));
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Covers("promise 18")
  void anAnsweredTimeoutLeavesTheChildItsOwnEnd(Use answer) throws Exception {
    Path gate = gate("end");
    Popen<byte[]> p = start(child(awaitFile(gate), sleep(200), exit(OWN_END)).stdin(PIPE));
    timedOut(() -> p.communicate(SHORT));
    answer.on(p);
    open(gate);
    p.close();
    assertThat(p.returncode()).isEqualTo(OWN_END);
  }

  @Test
  @Covers("promise 18")
  void theLastTimedCallCounts() throws Exception {
    Popen<byte[]> p = start(child(sleep(20_000), exit(OWN_END)));
    timedOut(() -> p.communicate(SHORT));
    assertThat(p.poll()).isEmpty();
    timedOut(() -> p.waitFor(SHORT));
    p.close();
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  @Test
  @PosixOnly
  @Covers("promise 18")
  void terminateIsAnAnswerSoTheChildMayCleanUp() throws Exception {
    Path ready = file("ready");
    Popen<byte[]> p =
        start(
            Command.shell(
                "trap 'sleep 0.2; exit 7' TERM; : > \"$1\"; while :; do sleep 0.02; done",
                "sh",
                ready.toString()));
    await(ready);
    timedOut(() -> p.communicate(SHORT));
    assertThat(p.terminate()).isTrue();
    p.close();
    assertThat(p.returncode()).isEqualTo(OWN_END);
  }

  @Test
  @Covers("promise 18")
  void killIsAnAnswerAndTheOutputCanStillBeFetched() throws Exception {
    Path written = file("written");
    Popen<byte[]> p = start(child(out("kept"), touch(written), live()).stdout(PIPE));
    await(written);
    try (p) {
      timedOut(() -> p.communicate(SHORT));
      assertThat(p.kill()).isTrue();
      assertThat(p.communicate().stdout()).asString().isEqualTo("kept");
    }
  }

  @Test
  void killOnCloseKillsAtOnce() throws Exception {
    Popen<byte[]> p = start(child(sleep(20_000), exit(OWN_END)).stdin(PIPE).killOnClose());
    assertThat(time(p::close)).isLessThan(Duration.ofSeconds(5));
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  @Test
  void killOnCloseDoesNotHurtAChildThatHasEnded() throws Exception {
    Popen<byte[]> p = start(child(exit(OWN_END)).killOnClose());
    assertThat(p.waitFor()).isEqualTo(OWN_END);
    p.close();
    assertThat(p.returncode()).isEqualTo(OWN_END);
  }

  @Test
  void closeDoesNotWaitForAGrandchildThatHoldsThePipe() throws Exception {
    Path gate = gate("grandchild");
    Popen<byte[]> p = start(child(grandchild(awaitFile(gate))).captureOutput());
    assertThat(time(p::close)).isLessThan(Duration.ofSeconds(5));
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers({"Misc.test_context_manager_keyboardinterrupt_no_kill", "rule 35"})
  void afterAnInterruptedCommunicateCloseNeitherWaitsNorKills() throws Exception {
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
  void anInterruptEndsTheWaitOfClose() throws Exception {
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

  private static void awaitCollection(long pipes) {
    Eventually.await(
        "the collector finds them",
        () -> {
          System.gc();
          return Resources.pipes() == pipes;
        });
  }

  @Test
  @Covers({"Posix.test_zombie_fast_process_del", "promise 18", "promise 9"})
  void forgottenChildrenLiveOnAndLeaveNothingBehind() throws Exception {
    Path gate = gate("end");
    long pipes = Resources.pipes();
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
  void forgottenChildrenThatAreKilledLeaveNothingBehind() throws Exception {
    long pipes = Resources.pipes();
    for (long pid : forgotten(child(live()).captureOutput(), 5)) {
      assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }
    awaitCollection(pipes);
    Eventually.await("no zombie is left", () -> Resources.children().isEmpty());
  }

  @Test
  void anObjectInUseIsNotForgotten() throws Exception {
    InputStream stdout = start(child(sleep(300), out("here")).stdout(PIPE)).stdout();
    System.gc();
    assertThat(stdout.readAllBytes()).asString().isEqualTo("here");
  }
}
