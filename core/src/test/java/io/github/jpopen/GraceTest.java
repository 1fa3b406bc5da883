package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Ending.Cause;
import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.spi.Termination.Killed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A child is asked to end, has time for that, and is killed then; and what is reported of it. */
class GraceTest extends ScriptedTest {
  private static final int TERM = Signal.SIGTERM.number();
  private static final int USR1 = Signal.SIGUSR1.number();
  private static final int KILL = Signal.SIGKILL.number();
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Command<byte[]> CAPTURED = Command.of("fake").captureOutput();

  /** Cleans up when it is asked to end. */
  private ScriptedChild polite() {
    ScriptedChild child = child();
    return child.onSignal(
        number -> {
          if (number == TERM) {
            child.stdout("last words").endsOutputs().exits(7);
          } else if (number == KILL) {
            child.diesNow(new Killed(KILL, false));
          }
        });
  }

  /** Ends only when it is killed. */
  private ScriptedChild stubborn() {
    ScriptedChild child = child();
    return child.onSignal(
        number -> {
          if (number == KILL) {
            child.diesNow(new Killed(KILL, false));
          }
        });
  }

  @Test
  void stopAsksAndKeepsTheOutput() throws Exception {
    ScriptedChild child = polite().stdout("first, ");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(7));
    assertThat(child.signals()).containsExactly(TERM);
    assertThat(p.ending()).isEqualTo(new Ending(Cause.CALLER, List.of(Signal.SIGTERM)));
    assertThat(p.communicate().stdout()).asString().isEqualTo("first, last words");
  }

  @Test
  void stopAsksByTheSignalOfTheCommand() throws Exception {
    ScriptedChild child = child();
    child.onSignal(
        number -> {
          if (number == USR1) {
            child.endsOutputs().exits(7);
          }
        });
    Popen<byte[]> p = start(PIPES.stopSignal(Signal.SIGUSR1));
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(7));
    assertThat(child.signals()).containsExactly(USR1);
    assertThat(p.ending()).isEqualTo(new Ending(Cause.CALLER, List.of(Signal.SIGUSR1)));
  }

  @Test
  void timeoutOfRunAsksByTheSignalOfTheCommand() {
    ScriptedChild child = stubborn();
    Command<byte[]> command = CAPTURED.timeout(SHORT).stopSignal(Signal.of(USR1));
    TimeoutExpiredException e = timedOut(() -> command.grace(SHORT).run());
    assertThat(child.signals()).containsExactly(USR1, KILL);
    assertThat(e.ending().orElseThrow()).hasToString("TIMEOUT: SIGUSR1, SIGKILL");
  }

  @Test
  void signalOfTheCommandChangesNoOther() throws Exception {
    ScriptedChild child = stubborn();
    Popen<byte[]> p = start(PIPES.stopSignal(Signal.SIGUSR1));
    assertThat(p.terminate()).isTrue();
    assertThat(p.kill()).isTrue();
    assertThat(child.signals()).containsExactly(TERM, KILL);
  }

  @Test
  void stopSignalThatTheSystemLacksFailsTheStart() {
    Command<byte[]> command = PIPES.stopSignal(Signal.of("SIGNONE"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(command::start)
        .withMessageContaining("SIGNONE");
  }

  @Test
  void stopSignalMustAsk() {
    for (Signal signal : List.of(Signal.SIGKILL, Signal.SIGSTOP, Signal.of(0))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PIPES.stopSignal(signal))
          .withMessageContaining(signal.name());
    }
  }

  @Test
  void stopKillsWhatDoesNotEnd() throws Exception {
    ScriptedChild child = stubborn();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stop(SHORT).returncode()).isEqualTo(-KILL);
    assertThat(child.signals()).containsExactly(TERM, KILL);
    assertThat(p.ending()).hasToString("CALLER: SIGTERM, SIGKILL");
  }

  @Test
  void stopWithoutTimeKillsAtOnce() throws Exception {
    ScriptedChild child = polite();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stop(NONE).returncode()).isEqualTo(-KILL);
    assertThat(child.signals()).containsExactly(KILL);
  }

  @Test
  void stopOfAnEndedChildSendsNothing() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(3);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(3));
    assertThat(p.stop(LONG)).isEqualTo(new ExitStatus.Exited(3));
    assertThat(child.signals()).isEmpty();
    assertThat(p.ending()).isEqualTo(new Ending(Cause.ITSELF, List.of()));
  }

  @Test
  void interruptEndsTheWaitOfStop() throws Exception {
    ScriptedChild child = stubborn();
    Popen<byte[]> p = start(PIPES);
    Call<ExitStatus> stop = Call.of(() -> p.stop(LONG));
    child.awaitStep();
    stop.interrupt();
    assertThat(stop.failure()).isInstanceOf(InterruptedException.class);
    assertThat(child.signals()).containsExactly(TERM);
  }

  @Test
  void refusedRequestKillsAtOnce() throws Exception {
    ScriptedChild child = stubborn().failsSignals(new IllegalStateException("no"));
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stop(LONG).returncode()).isEqualTo(-KILL);
    assertThat(child.signals()).containsExactly(TERM, KILL);
    assertThat(p.ending()).hasToString("CALLER: SIGKILL");
  }

  @Test
  void timeoutOfRunAsksFirst() {
    ScriptedChild child = polite();
    TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).grace(LONG).run());
    assertThat(child.signals()).containsExactly(TERM);
    assertThat(e.ending()).contains(new Ending(Cause.TIMEOUT, List.of(Signal.SIGTERM)));
    assertThat(e.stdout().text()).isEqualTo("last words");
    assertThat(e.stdout().isComplete()).isTrue();
    assertThat(e.status()).as("when the time was up").isEmpty();
  }

  @Test
  void timeoutOfRunKillsWhatDoesNotEnd() {
    ScriptedChild child = stubborn();
    TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).grace(SHORT).run());
    assertThat(child.signals()).containsExactly(TERM, KILL);
    assertThat(e.ending().orElseThrow()).hasToString("TIMEOUT: SIGTERM, SIGKILL");
  }

  @Test
  void withoutGraceRunKillsAtOnce() {
    ScriptedChild child = polite();
    TimeoutExpiredException e = timedOut(() -> CAPTURED.timeout(SHORT).run());
    assertThat(child.signals()).containsExactly(KILL);
    assertThat(e.ending().orElseThrow()).hasToString("TIMEOUT: SIGKILL");
  }

  @Test
  void cancelAsksFirst() throws Exception {
    ScriptedChild child = polite();
    CompletableFuture<?> future = CAPTURED.grace(LONG).runAsync();
    child.awaitStep();
    future.cancel(true);
    child.awaitClosed();
    assertThat(child.signals()).containsExactly(TERM);
  }

  @Test
  void lastWordsReachAConsumerAfterATimeoutAndNotAfterAnInterrupt() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    Command<byte[]> heard =
        Command.of("fake").onLine((_, line) -> lines.add(line)).grace(LONG).timeout(SHORT);
    polite();
    TimeoutExpiredException _ = timedOut(heard::run);
    assertThat(lines).containsExactly("last words");
    lines.clear();
    ScriptedChild child = polite();
    Call<?> run = Call.of(heard.timeout(LONG)::run);
    child.awaitStep();
    run.interrupt();
    assertThat(run.failure()).isInstanceOf(InterruptedException.class);
    assertThat(child.signals()).containsExactly(TERM);
    assertThat(lines).isEmpty();
  }

  @Test
  void secondInterruptKills() throws Exception {
    ScriptedChild child = stubborn();
    Call<?> run = Call.of(() -> CAPTURED.grace(LONG).run());
    child.awaitStep();
    run.interrupt();
    child.awaitSignal(TERM);
    run.interrupt();
    assertThat(run.failure()).isInstanceOf(InterruptedException.class);
    assertThat(child.signals()).containsExactly(TERM, KILL);
  }

  @Test
  void killOnCloseAsksFirst() throws Exception {
    ScriptedChild child = polite();
    Popen<byte[]> p = start(PIPES.killOnClose().grace(LONG));
    p.close();
    assertThat(child.signals()).containsExactly(TERM);
    assertThat(p.ending()).hasToString("CLOSE: SIGTERM");
  }

  @Test
  void killOnCloseKillsWhatDoesNotEnd() throws Exception {
    ScriptedChild child = stubborn();
    Popen<byte[]> p = start(PIPES.killOnClose().grace(SHORT));
    p.close();
    assertThat(child.signals()).containsExactly(TERM, KILL);
    assertThat(p.ending()).hasToString("CLOSE: SIGTERM, SIGKILL");
  }

  @Test
  void closeOnAnInterruptedThreadKillsAtOnce() throws Exception {
    ScriptedChild child = stubborn();
    Popen<byte[]> p = start(PIPES.killOnClose().grace(LONG));
    Call<Boolean> closing =
        Call.of(
            () -> {
              Thread.currentThread().interrupt();
              p.close();
              return Thread.interrupted();
            });
    assertThat(closing.result()).isTrue();
    assertThat(child.signals()).containsExactly(KILL);
  }

  @Test
  void killByTheCallerIsAtOnce() throws Exception {
    ScriptedChild child = stubborn();
    Popen<byte[]> p = start(PIPES.grace(LONG));
    assertThat(p.kill()).isTrue();
    assertThat(child.signals()).containsExactly(KILL);
    p.communicate();
    assertThat(p.ending()).hasToString("CALLER: SIGKILL");
  }

  @Test
  void signalOfAnotherProcessIsOfOthers() throws Exception {
    child().endsOutputs().exits(new Killed(11, true));
    CompletedProcess<byte[]> done = CAPTURED.run();
    assertThat(done.ending()).isEqualTo(new Ending(Cause.OTHER, List.of()));
    child().endsOutputs().exits(new Exited(1));
    assertThat(CAPTURED.run().ending()).hasToString("ITSELF");
  }

  @Test
  void otherSignalsAreNoReason() throws Exception {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(0));
    Popen<byte[]> p = start(PIPES);
    assertThat(p.sendSignal(Signal.SIGUSR1)).isTrue();
    p.communicate();
    assertThat(p.ending()).isEqualTo(new Ending(Cause.ITSELF, List.of()));
  }

  @Test
  void endingIsKnownAfterTheExit() throws Exception {
    child();
    Popen<byte[]> p = start(PIPES);
    assertThatIllegalStateException().isThrownBy(p::ending);
  }
}
