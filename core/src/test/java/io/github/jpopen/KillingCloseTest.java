package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.ExitStatus.Signaled;
import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When close kills the child: after a timeout without an answer, or always. */
class KillingCloseTest extends ScriptedTest {
  /** Something that a caller does. */
  interface Use {
    void on(Popen<?> p) throws Exception;
  }

  private ScriptedChild mortal() {
    ScriptedChild child = child();
    return child.onSignal(
        number -> {
          if (number == 9) {
            child.diesNow(new Killed(9, false));
          }
        });
  }

  private static Call<Boolean> closing(Popen<?> p) {
    return Call.of(
        () -> {
          p.close();
          return Thread.interrupted();
        });
  }

  @Test
  void unansweredTimeoutKills() throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e =
        timedOut(
            () -> {
              try (p) {
                return p.communicate(NONE);
              }
            });
    assertThat(e.getSuppressed()).isEmpty();
    assertThat(child.signals()).containsExactly(9);
    assertThat(p.returncode()).isEqualTo(-9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void unansweredTimedWaitKills() throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.waitFor(NONE));
    p.close();
    assertThat(child.signals()).containsExactly(9);
  }

  @Test
  void killingCloseWaitsForTheExitOnly() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    Call<Boolean> closing = closing(p);
    child.awaitStepWanting();
    assertThat(child.signals()).containsExactly(9);
    assertThat(closing.isDone()).isFalse();
    child.exits(new Killed(9, false)); // a grandchild holds the pipes
    closing.result();
    assertThat(child.closes()).isEqualTo(1);
  }

  static List<Named<Use>> answers() {
    return List.of(
        Named.of("poll", Popen::poll),
        Named.of("timed poll", p -> assertThat(p.poll(NONE)).isEmpty()),
        Named.of("terminate", Popen::terminate),
        Named.of("sendSignal", p -> p.sendSignal(Signal.SIGHUP)));
  }

  @Test
  void interruptedWaitAnswersATimeout() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::waitFor);
    p.close(); // without waiting
    assertThat(child.signals()).isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answeredTimeoutDoesNotKill(Use answer) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    answer.on(p);
    List<Integer> before = child.signals();
    Call<Boolean> closing = closing(p);
    child.awaitStepWanting();
    child.exits(0);
    closing.result();
    assertThat(child.signals()).isEqualTo(before).doesNotContain(9);
  }

  static List<Named<Use>> streamUses() {
    return List.of(
        Named.of("available", p -> assertThat(p.stdout().available()).isZero()),
        Named.of("read", p -> assertThat(p.stderr().read()).isEqualTo('e')),
        Named.of("ready", p -> assertThat(p.stdoutReader().ready()).isFalse()),
        Named.of("readLine", p -> assertThat(p.stderrReader().readLine()).isEqualTo("e")),
        Named.of("write", p -> p.stdin().write('q')),
        Named.of("the end of stdin", p -> p.stdin().close()),
        Named.of("the end of stdout", p -> p.stdout().close()));
  }

  @ParameterizedTest
  @MethodSource("streamUses")
  void usingAStreamAnswersATimedWait(Use use) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.waitFor(NONE));
    child.stderr("e\n");
    use.on(p);
    Call<Boolean> closing = closing(p);
    child.exits(7);
    closing.result();
    assertThat(child.signals()).isEmpty();
    assertThat(p.returncode()).isEqualTo(7);
  }

  @Test
  void readThatBeganEarlierIsNotAnAnswer() throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> reading = Call.of(() -> p.stdout().read());
    child.awaitStepWanting(STDOUT, STDERR);
    timedOut(() -> p.waitFor(NONE));
    child.stdout("more");
    assertThat(reading.result()).isEqualTo('m');
    p.close();
    assertThat(child.signals()).containsExactly(9);
  }

  @Test
  void secondTimeoutKillsAgain() throws Exception {
    ScriptedChild child = mortal();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    assertThat(p.poll()).isEmpty();
    timedOut(() -> p.communicate(NONE));
    p.close();
    assertThat(child.signals()).containsExactly(9);
  }

  @Test
  void completionAnswersATimeout() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    child.endsOutputs().exits(0);
    p.communicate();
    p.close();
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void killOnCloseKillsOnlyRunningChildren() throws Exception {
    ScriptedChild child = mortal();
    start(PIPES.killOnClose()).close();
    assertThat(child.signals()).containsExactly(9);
    ScriptedChild dead = child().exits(0);
    Popen<byte[]> p = start(PIPES.killOnClose());
    p.close();
    assertThat(dead.signals()).isEmpty();
    assertThat(p.returncode()).isZero();
  }

  @Test
  void closeDoesNotWaitAfterRefusedKill() throws Exception {
    ScriptedChild child = child().refusesSignals(new IOException("EPERM"));
    Popen<byte[]> p = start(PIPES.killOnClose());
    p.close();
    assertThat(child.closes()).isEqualTo(1);
    assertThat(child.closedByCore()).containsExactly(STDOUT, STDERR, STDIN);
    assertThat(p.toString()).endsWith("returncode: none]");
  }

  @Test
  void killOnCloseKillsAfterInterrupt() throws Exception {
    ScriptedChild child = child().fails(new InterruptedException());
    Popen<byte[]> p = start(PIPES.killOnClose());
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::communicate);
    p.close();
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void killedChildGetsNoUnflushedBytes() throws Exception {
    ScriptedChild child = mortal().readsInput();
    Popen<byte[]> p = start(PIPES.killOnClose());
    p.stdin().write("last words".getBytes(UTF_8));
    p.close();
    assertThat(child.input()).isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  /** The heap is full in the moment of the kill, and free a moment later. */
  @Test
  void closeKillsOnceThereIsMemoryAgain() throws Exception {
    ScriptedChild child =
        mortal().failsSignals(new OutOfMemoryError("1"), new OutOfMemoryError("2"));
    Popen<byte[]> p = start(PIPES.killOnClose());
    p.close();
    assertThat(child.signals()).containsExactly(9, 9, 9);
    assertThat(p.status()).isEqualTo(new Signaled(Signal.SIGKILL, false));
  }

  @Test
  void closeDoesNotWaitForAChildItCouldNotKill() throws Exception {
    Error full = new OutOfMemoryError("for good");
    ScriptedChild child =
        child().failsSignals(Collections.nCopies(1000, full).toArray(Error[]::new));
    Popen<byte[]> p = start(PIPES.killOnClose());
    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(p::close).isSameAs(full);
    assertThat(child.closedByCore()).containsExactly(STDOUT, STDERR, STDIN);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void runKillsOnceThereIsMemoryAgain() throws Exception {
    ScriptedChild child =
        mortal().failsSignals(new OutOfMemoryError("full"), new IllegalStateException("odd"));
    assertThatExceptionOfType(TimeoutExpiredException.class)
        .isThrownBy(() -> PIPES.timeout(Duration.ofMillis(1)).run());
    assertThat(child.signals()).containsExactly(9, 9, 9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void runThrowsItsOwnFailureEvenIfTheKillFails() throws Exception {
    Error full = new OutOfMemoryError("for good");
    child().failsSignals(Collections.nCopies(1000, full).toArray(Error[]::new));
    assertThatExceptionOfType(TimeoutExpiredException.class)
        .isThrownBy(() -> PIPES.timeout(Duration.ofMillis(1)).run())
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(full));
  }

  /** A step that fails is no reason to spare the child. */
  @Test
  void killIsSentEvenIfTheLookBeforeItFails() throws Exception {
    ScriptedChild child = mortal().fails(new IllegalStateException("closed by other code"));
    Popen<byte[]> p = start(PIPES);
    assertThat(p.kill()).isTrue();
    assertThat(child.signals()).containsExactly(9);
    p.close();
  }
}
