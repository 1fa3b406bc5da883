package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.Command;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a child: they arrive, they end it, and a stop is not an exit. */
@PosixOnly("Windows has no signals")
public abstract class SignalContract extends ContractTest {

  /**
   * A shell that runs {@code script}, prints "ready" and then waits. It takes every signal, even if
   * these tests were started by {@code nohup}.
   */
  private Popen<String> ready(String script) throws Exception {
    Popen<String> p =
        start(
            Command.shell(script + "; echo ready; while :; do sleep 0.02; done")
                .text()
                .posix(o -> o.resetAllSignals())
                .captureOutput());
    assertThat(p.stdoutReader().readLine()).isEqualTo("ready");
    return p;
  }

  @Test
  @Covers({"Posix.test_send_signal", "promise 5"})
  void signalReachesItsHandler() throws Exception {
    Popen<String> p = ready("trap 'echo got INT >&2; exit 5' INT");
    assertThat(p.sendSignal(Signal.SIGINT)).isTrue();
    assertThat(p.communicate().stderr()).isEqualTo("got INT\n");
    assertThat(p.returncode()).isEqualTo(5);
  }

  @Test
  @Covers("Posix.test_kill")
  void killIsSigkill() throws Exception {
    Popen<String> p = ready("echo before >&2");
    assertThat(p.kill()).isTrue();
    assertThat(p.waitFor()).isEqualTo(-9);
    assertThat(p.status()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
    assertThat(p.communicate().stderr()).as("still readable").isEqualTo("before\n");
  }

  @Test
  @Covers("Posix.test_terminate")
  void terminateIsSigterm() throws Exception {
    Popen<String> p = ready(":");
    assertThat(p.terminate()).isTrue();
    assertThat(p.waitFor()).isEqualTo(-15);
    assertThat(p.status()).isEqualTo(new ExitStatus.Signaled(Signal.SIGTERM, false));
  }

  @Test
  void childMayIgnoreTerminateButNotKill() throws Exception {
    Popen<String> p = ready("trap '' TERM");
    assertThat(p.terminate()).isTrue();
    assertThat(p.poll(SHORT)).isEmpty();
    assertThat(p.kill()).isTrue();
    assertThat(p.waitFor()).isEqualTo(-9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGHUP", "SIGINT", "SIGPIPE", "SIGUSR1", "SIGUSR2", "SIGALRM"})
  @Covers({"Posix.test_restore_signals", "promise 6"})
  void everySignalHasItsDefaultEffect(String name) throws Exception {
    Signal signal = Signal.of(name);
    Popen<String> p = ready(":");
    assertThat(p.sendSignal(signal)).isTrue();
    assertThat(p.waitFor(LONG)).isEqualTo(-signal.number());
    assertThat(p.status()).isEqualTo(new ExitStatus.Signaled(signal, false));
  }

  @Test
  @Covers("promise 6")
  void sigquitIsNotBlockedInTheChild() throws Exception {
    Popen<String> p = ready("ulimit -c 0");
    assertThat(p.sendSignal(Signal.SIGQUIT)).isTrue();
    assertThat(p.waitFor(LONG)).isEqualTo(-3);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers({"Posix.test_restore_signals", "promise 6"})
  void childIgnoresWhatThisProcessIgnoresAndBlocksNothing() throws Exception {
    Command<String> status = Command.of("cat", ProcSignals.STATUS).text();
    assertThat(ProcSignals.of(status.checkOutput()).withoutReserved())
        .isEqualTo(ProcSignals.ofChild());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("Posix.test_restore_signals")
  void resetAllSignalsLeavesNoneIgnored() throws Exception {
    Command<String> status = Command.of("cat", ProcSignals.STATUS).text();
    ProcSignals signals = ProcSignals.of(status.posix(o -> o.resetAllSignals()).checkOutput());
    assertThat(signals.ignored()).isEmpty();
    assertThat(signals.blocked()).isEmpty();
  }

  @Test
  @Covers({"Posix.test_stopped", "rule 32", "promise 5"})
  void stopIsNotAnExit() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(4)));
    assertThat(p.sendSignal(Signal.SIGSTOP)).isTrue();
    assertThat(p.poll(SHORT)).isEmpty();
    timedOut(() -> p.waitFor(SHORT));
    timedOut(() -> p.communicate(SHORT));
    open(gate);
    assertThat(p.poll(SHORT)).as("stopped, so it does not see the gate").isEmpty();
    assertThat(p.sendSignal(Signal.SIGCONT)).isTrue();
    assertThat(p.waitFor(LONG)).isEqualTo(4);
  }

  @Test
  void stoppedChildCanBeKilled() throws Exception {
    var p = start(child(live()));
    assertThat(p.sendSignal(Signal.SIGSTOP)).isTrue();
    assertThat(p.kill()).isTrue();
    assertThat(p.waitFor(LONG)).isEqualTo(-9);
  }

  @Test
  void signalZeroOnlyProbes() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(3)));
    assertThat(p.sendSignal(Signal.of(0))).isTrue();
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(p.waitFor()).isEqualTo(3);
    assertThat(p.sendSignal(Signal.of(0))).isFalse();
  }

  @Test
  void signalsAreEqualByName() {
    assertThat(Signal.of(9)).isEqualTo(Signal.SIGKILL).hasSameHashCodeAs(Signal.SIGKILL);
    assertThat(Signal.of("SIGTERM")).isEqualTo(Signal.SIGTERM);
    assertThat(Signal.of(15).name()).isEqualTo("SIGTERM");
    assertThat(Signal.SIGKILL.number()).isEqualTo(9);
    assertThat(Signal.SIGINT).isNotEqualTo(Signal.SIGTERM);
    assertThat(Signal.SIGTERM).hasToString("SIGTERM");
  }

  @Test
  void signalOfAnotherSystemIsRefused() throws Exception {
    var p = start(child(live()));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> p.sendSignal(Signal.CTRL_BREAK))
        .withMessageContaining("CTRL_BREAK");
    assertThatIllegalArgumentException().isThrownBy(() -> Signal.of(65));
    assertThat(p.poll()).isEmpty();
  }

  @Test
  @Covers("promise 6")
  void writerToABrokenPipeDiesOfSigpipe() throws Exception {
    var p = start(Command.of("yes").stdout(Redirect.PIPE));
    assertThat(p.stdout().readNBytes(4)).asString().isEqualTo("y\ny\n");
    p.stdout().close();
    assertThat(p.waitFor(LONG)).as("SIGPIPE").isEqualTo(-13);
  }
}
