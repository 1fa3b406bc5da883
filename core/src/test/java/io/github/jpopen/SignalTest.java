package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signals reach the child while it is known to run, and never any other process. */
class SignalTest extends ScriptedTest {

  @Test
  void eachMethodSendsItsSignal() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.kill()).isTrue();
    assertThat(p.terminate()).isTrue();
    assertThat(p.sendSignal(Signal.SIGHUP)).isTrue();
    assertThat(p.sendSignal(Signal.of(0))).isTrue();
    assertThat(p.sendSignal(Signal.of("SIGUSR1"))).isTrue();
    assertThat(child.signals()).containsExactly(9, 15, 1, 0, 10);
  }

  /** A child may be stopped and continued again and again, and live for months. */
  @Test
  void whatWasSentManyTimesIsNotedOnce() throws Exception {
    SignalLog log = new SignalLog(null, null);
    for (int i = 0; i < 1000; i++) {
      log.sent(Signal.SIGCONT, Ending.Cause.CALLER);
      log.sent(Signal.SIGUSR1, Ending.Cause.CALLER);
      log.sent(Signal.SIGHUP, Ending.Cause.CALLER);
    }
    int noted = 0;
    for (Field field : SignalLog.class.getDeclaredFields()) {
      field.setAccessible(true);
      noted += field.get(log) instanceof List<?> list ? list.size() : 0;
    }
    assertThat(noted).isEqualTo(3);
    assertThat(log.ending(new ExitStatus.Signaled(Signal.SIGUSR1, false)))
        .isEqualTo(new Ending(Ending.Cause.CALLER, List.of(Signal.SIGHUP)));
  }

  @Test
  void endedChildIsNeverSignalled() throws Exception {
    ScriptedChild child = child().exits(0);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.kill()).isFalse();
    assertThat(p.returncode()).isZero(); // now it was seen
    assertThat(p.kill()).isFalse();
    assertThat(child.signals()).isEmpty();
    assertThat(child.steps()).hasSize(1);
  }

  @Test
  void signalLooksOnceAndMovesNoByte() throws Exception {
    ScriptedChild child = child().stdout("unread");
    Popen<byte[]> p = start(PIPES);
    p.terminate();
    assertThat(child.steps()).hasSize(1);
    assertThat(child.steps().getFirst().pastDeadline()).isTrue();
    assertThat(child.steps().getFirst().wanted()).isEmpty();
  }

  @Test
  void closedChildIsNotSignalled() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    p.close(); // does not wait
    assertThat(Thread.interrupted()).isTrue();
    assertThat(p.kill()).isFalse();
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void refusedSignalThrows() throws Exception {
    IOException eperm = new IOException("EPERM");
    child().refusesSignals(eperm);
    Popen<byte[]> p = start(PIPES);
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(p::kill).withCause(eperm);
  }

  @Test
  void failedLookDoesNotStopTheSignal() throws Exception {
    ScriptedChild child = child().fails(new IOException("ENOMEM"));
    Popen<byte[]> p = start(PIPES);
    assertThat(p.kill()).isTrue();
    assertThat(child.signals()).containsExactly(9);
  }

  @Test
  void interruptStaysPending() throws Exception {
    ScriptedChild child = child().stdout("a");
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    assertThat(p.kill()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(child.signals()).containsExactly(9);
    child.fails(new InterruptedException());
    assertThat(p.kill()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void unsupportedSignalIsRefused() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> p.sendSignal(Signal.CTRL_BREAK))
        .withMessage("this system has no signal CTRL_BREAK_EVENT");
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void signalsAreEqualByName() {
    assertThat(Signal.of(9)).isEqualTo(Signal.SIGKILL).hasSameHashCodeAs(Signal.SIGKILL);
    assertThat(Signal.of("SIGTERM")).isEqualTo(Signal.SIGTERM).isNotEqualTo(Signal.SIGKILL);
    assertThat(Signal.of(33).name()).isEqualTo("SIG33");
    assertThat(Signal.of(33).number()).isEqualTo(33);
    assertThat(Signal.SIGKILL.number()).isEqualTo(9);
    assertThat(Signal.SIGKILL).hasToString("SIGKILL");
  }

  @Test
  void numberInANameIsThatNumber() {
    for (int number = 0; number <= 64; number++) {
      Signal signal = Signal.of("SIG" + number);
      assertThat(signal).isEqualTo(Signal.of(number)).hasSameHashCodeAs(Signal.of(number));
      assertThat(signal.number()).isEqualTo(number);
    }
    assertThat(Signal.of("SIG33")).hasToString("SIG33");
    assertThat(Signal.of("SIG9")).isEqualTo(Signal.SIGKILL);
    for (String name : new String[] {"SIG65", "SIG034", "SIG-1", "SIG", "SIG3x", "SIG\u0663"}) {
      assertThat(Signal.of(name).name()).isEqualTo(name);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(Signal.of(name)::number)
          .withMessage("this system has no signal " + name);
    }
  }

  @Test
  void nameWithoutItsPrefixIsCorrectedInTheMessage() {
    for (String name : new String[] {"TERM", "term", "sigterm", "SigTerm"}) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(Signal.of(name)::number)
          .withMessage("this system has no signal " + name + ": it is called SIGTERM");
    }
  }

  @Test
  void realTimeSignalNamesHaveNumbers() {
    assertThat(Signal.of("SIGRTMIN+6")).isEqualTo(Signal.of(40)).hasToString("SIG40");
    assertThat(Signal.of("SIGRTMIN+6").number()).isEqualTo(40);
    assertThat(Signal.of("SIGRTMIN+7").name()).isEqualTo("SIGRTMIN+7");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(Signal.of("SIGRTMIN+7")::number);
  }

  @Test
  void numbersAreChecked() {
    for (int number : new int[] {-1, 65, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Signal.of(number))
          .withMessage("signal " + number + " is not between 0 and 64");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Signal.of(""));
  }
}
