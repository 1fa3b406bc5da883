package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for the exit of a child, polling for it, and causing it. */
public abstract class WaitContract extends ContractTest {

  @Test
  @Covers("test_poll")
  void pollIsEmptyUntilTheExit() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(0)));
    assertThat(p.poll()).isEmpty();
    assertThat(p.poll(Duration.ZERO)).isEmpty();
    assertThat(p.poll(SHORT)).isEmpty();
    open(gate);
    assertThat(p.poll(LONG)).hasValue(0);
    assertThat(p.poll()).hasValue(0);
    assertThat(p.poll(Duration.ofSeconds(-1))).hasValue(0);
  }

  @Test
  void pollSeesTheExit() throws Exception {
    var p = start(child(exit(8)));
    awaitDeath(p.pid());
    assertThat(p.poll()).hasValue(8);
    assertThat(p.returncode()).isEqualTo(8);
  }

  @Test
  @Covers({"test_wait", "promise 5"})
  void waitForReturnsTheSameCodeEachTime() throws Exception {
    var p = start(child(exit(3)));
    assertThat(p.waitFor()).isEqualTo(3);
    assertThat(p.waitFor()).isEqualTo(3);
    assertThat(p.waitFor(Duration.ZERO)).isEqualTo(3);
    assertThat(p.returncode()).isEqualTo(3);
    assertThat(p.status()).isEqualTo(new ExitStatus.Exited(3));
  }

  @Test
  @Covers({"test_wait_timeout", "rule 27"})
  void timedWaitThrowsAndALaterOneSucceeds() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(4)));
    TimeoutExpiredException e = timedOut(() -> p.waitFor(Duration.ofNanos(100_000)));
    assertThat(e).hasMessageContaining("0.0001 seconds");
    assertThat(e.timeout()).isEqualTo(Duration.ofNanos(100_000));
    assertThat(e.stdout().isCaptured()).isFalse();
    open(gate);
    assertThat(p.waitFor(LONG)).isEqualTo(4);
  }

  @Test
  @Covers("test_wait_negative_timeout")
  void negativeTimeoutHasPassed() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(0)));
    assertThat(timedOut(() -> p.waitFor(Duration.ofSeconds(-1))))
        .hasMessageContaining("timed out after -1 seconds");
    assertThat(timedOut(() -> p.waitFor(Duration.ZERO)))
        .hasMessageContaining("timed out after 0 seconds");
    open(gate);
    assertThat(p.waitFor()).isZero();
  }

  @Test
  @Covers("rule 34")
  void timedWaitsAreNeitherEarlyNorLate() throws Exception {
    var p = start(child(live()));
    for (int millis : new int[] {1, 5, 20, 100}) {
      Duration timeout = Duration.ofMillis(millis);
      assertKept(timeout, time(() -> timedOut(() -> p.waitFor(timeout))));
      assertKept(timeout, time(() -> assertThat(p.poll(timeout)).isEmpty()));
    }
  }

  @Test
  @Covers("rule 34")
  void exitEndsTheWait() throws Exception {
    var p = start(child(live()));
    var waiting =
        Background.start(
            () -> {
              int _ = p.waitFor(LONG);
              return System.nanoTime();
            });
    timedOut(() -> p.waitFor(SHORT));
    long killed = System.nanoTime();
    assertThat(p.kill()).isTrue();
    assertThat(Duration.ofNanos(waiting.result() - killed)).isLessThan(LATE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 9, 47, 126, 127, 128, 137, 143, 254, 255})
  @Covers("promise 5")
  void everyCodeIsAPlainExit(int code) throws Exception {
    var p = start(child(exit(code)));
    assertThat(p.waitFor()).isEqualTo(code);
    assertThat(p.status()).isEqualTo(new ExitStatus.Exited(code));
    assertThat(p.status().isSuccess()).isEqualTo(code == 0);
  }

  @Test
  void returncodeNeedsAnObservedExit() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate)));
    assertThatIllegalStateException().isThrownBy(p::returncode);
    assertThatIllegalStateException().isThrownBy(p::status);
    open(gate);
    awaitDeath(p.pid());
    assertThatIllegalStateException().as("not polled yet").isThrownBy(p::returncode);
    assertThat(p.poll()).hasValue(0);
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers("rule 28")
  void waitForDoesNotReadThePipes() throws Exception {
    int size = 1 << 20;
    var p = start(child(flood(size)).captureOutput());
    timedOut(() -> p.waitFor(Duration.ofMillis(300)));
    assertThat(p.communicate().stdout()).hasSize(size);
    assertThat(p.waitFor()).isZero();
  }

  @Test
  void outputIsStillThereAfterWaitFor() throws Exception {
    var p = start(child(out("left"), err("over")).captureOutput());
    assertThat(p.waitFor()).isZero();
    assertThat(p.stdout().readAllBytes()).asString().isEqualTo("left");
    assertThat(p.communicate().stderr()).asString().isEqualTo("over");
  }

  @Test
  @Covers({
    "Posix.test_send_signal_dead",
    "Posix.test_kill_dead",
    "Posix.test_terminate_dead",
    "rule 37"
  })
  void signalToAnExitedChildDoesNothing() throws Exception {
    var p = start(child(exit(42)));
    assertThat(p.waitFor()).isEqualTo(42);
    assertThat(p.sendSignal(Signal.SIGTERM)).isFalse();
    assertThat(p.terminate()).isFalse();
    assertThat(p.kill()).isFalse();
    assertThat(p.waitFor()).isEqualTo(42);
  }

  @Test
  @Covers({"Posix.test_send_signal_race2", "rule 37", "promise 10"})
  void signalAfterAnUnseenExitDoesNoHarm() throws Exception {
    var p = start(child(exit(42)));
    awaitDeath(p.pid());
    boolean _ = p.kill();
    boolean _ = p.terminate();
    assertThat(p.waitFor()).isEqualTo(42);
    assertThat(p.kill()).isFalse();
  }

  @Test
  void killEndsTheChild() throws Exception {
    var p = start(child(live()));
    assertThat(p.kill()).isTrue();
    assertThat(p.waitFor(LONG)).isNotZero();
    assertThat(p.status().isSuccess()).isFalse();
  }

  @Test
  void terminateEndsTheChild() throws Exception {
    Path ready = file("ready");
    var p = start(child(touch(ready), live()));
    await(ready);
    assertThat(p.terminate()).isTrue();
    assertThat(p.waitFor(LONG)).isNotZero();
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"rule 35", "promise 13", "Misc.test_call_keyboardinterrupt_no_kill"})
  void interruptEndsTheWaitOnly(Background.Kind kind) throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(6)));
    var waiting = Background.start(kind, () -> p.waitFor());
    timedOut(() -> p.waitFor(SHORT));
    assertThat(
            time(
                () -> {
                  waiting.interrupt();
                  assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
                }))
        .isLessThan(LATE);
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(p.waitFor()).isEqualTo(6);
  }

  @Test
  @Covers("promise 13")
  void interruptEndsATimedPoll() throws Exception {
    var p = start(child(live()));
    var polling = Background.start(() -> p.poll(LONG));
    polling.interrupt();
    assertThat(polling.failure()).isInstanceOf(InterruptedException.class);
    assertThat(p.poll()).isEmpty();
  }

  @Test
  @Covers("promise 13")
  void interruptedThreadDoesNotWait() throws Exception {
    var p = start(child(live()).stdout(PIPE));
    for (int i = 0; i < 2; i++) {
      boolean communicate = i == 0;
      var call =
          Background.start(
              () -> {
                Thread.currentThread().interrupt();
                if (communicate) {
                  p.communicate(LONG);
                } else {
                  int _ = p.waitFor(LONG);
                }
                return "returned";
              });
      assertThat(call.failure()).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  @Covers("promise 11")
  void processHandleShowsTheSameProcess() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(5)));
    ProcessHandle handle = p.toHandle();
    assertThat(handle.pid()).isEqualTo(p.pid());
    assertThat(handle.isAlive()).isTrue();
    assertThat(handle.parent()).contains(ProcessHandle.current());
    var exited = handle.onExit();
    open(gate);
    assertThat(p.waitFor()).as("the JDK does not steal the status").isEqualTo(5);
    assertThat(exited.get(10, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  @Test
  @Covers({"test_repr", "promise 24"})
  void textFormHidesTheArguments() throws Exception {
    var p = start(child(out("x")).env("TOKEN", "hunter2").stdout(PIPE));
    assertThat(p.toString())
        .contains(Path.of(ChildLauncher.program()).getFileName().toString())
        .doesNotContain("hunter2", "CAFE", ChildProgram.class.getName());
    assertThat(p.args()).startsWith(ChildLauncher.command().toArray(String[]::new));
    p.communicate();
    assertThat(p.toString()).contains("0");
  }
}
