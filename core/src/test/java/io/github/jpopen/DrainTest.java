package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bound on the wait for the end of the pipes once the child has ended. */
class DrainTest extends ScriptedTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Command<byte[]> CAPTURED = Command.of("fake").captureOutput();

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 5})
  void resultHoldsTheStatusAndWhatCame(long millis) throws Exception {
    child().stdout("out").exits(3);
    CompletedProcess<byte[]> done = CAPTURED.drain(Duration.ofMillis(millis)).run();
    assertThat(done.returncode()).isEqualTo(3);
    assertThat(done.stdout()).asString().isEqualTo("out");
    assertThat(done.stderr()).isEmpty();
    assertThat(done.isComplete()).isFalse();
    assertThat(done.isStdoutComplete()).isFalse();
    assertThat(done.isStderrComplete()).isFalse();
  }

  @Test
  void outputThatEndsInTimeIsComplete() throws Exception {
    child().stdout("a").exits(0).stdout("b").endsOutputs();
    CompletedProcess<byte[]> done = CAPTURED.drain(LONG).run();
    assertThat(done.stdout()).asString().isEqualTo("ab");
    assertThat(done.isComplete()).isTrue();
  }

  @Test
  void onlyTheOpenOutputIsIncomplete() throws Exception {
    child().stdout("a").ends(STDOUT).stderr("b").exits(0);
    CompletedProcess<byte[]> done = CAPTURED.drain(SHORT).run();
    assertThat(done.isStdoutComplete()).isTrue();
    assertThat(done.isStderrComplete()).isFalse();
    assertThat(done.isComplete()).isFalse();
    assertThat(done.stderr()).asString().isEqualTo("b");
  }

  @Test
  void inputThatNoProcessReadsIsNotWaitedForEither() throws Exception {
    ScriptedChild child = child().stdout("a").endsOutputs().exits(3);
    CompletedProcess<byte[]> done = CAPTURED.input("not read").drain(SHORT).run();
    assertThat(done.returncode()).isEqualTo(3);
    assertThat(done.stdout()).asString().isEqualTo("a");
    assertThat(done.isComplete()).isTrue();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void timeoutAfterTheExitIsNoFailure() throws Exception {
    child().stdout("a").exits(0);
    CompletedProcess<byte[]> done = CAPTURED.drain(LONG).timeout(SHORT).run();
    assertThat(done.returncode()).isZero();
    assertThat(done.isComplete()).isFalse();
  }

  @Test
  void silenceAfterTheExitIsNoFailure() throws Exception {
    child().stdout("a").exits(2);
    CompletedProcess<byte[]> done = CAPTURED.drain(LONG).idleTimeout(SHORT).run();
    assertThat(done.returncode()).isEqualTo(2);
    assertThat(done.stdout()).asString().isEqualTo("a");
    assertThat(done.isComplete()).isFalse();
  }

  @Test
  void timeoutBeforeTheExitIsOne() {
    child().stdout("a");
    TimeoutExpiredException e = timedOut(() -> CAPTURED.drain(NONE).timeout(SHORT).run());
    assertThat(e.status()).isEmpty();
    assertThat(e.stdout().isComplete()).isFalse();
  }

  @Test
  void failureHoldsTheOutputSoFar() {
    child().stdout("a").stderr("why").exits(1);
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class, () -> CAPTURED.drain(SHORT).check().run());
    assertThat(e.stdout().bytes()).asString().isEqualTo("a");
    assertThat(e.stdout().isComplete()).isFalse();
    assertThat(e).hasMessageEndingWith("why");
  }

  @Test
  void communicateReturnsTheSameAgain() throws Exception {
    ScriptedChild child = child().stdout("a").exits(0);
    Popen<byte[]> p = start(PIPES.drain(SHORT));
    Output<byte[]> output = p.communicate("never read".getBytes(UTF_8));
    assertThat(output.stdout()).asString().isEqualTo("a");
    assertThat(output.isComplete()).isFalse();
    assertThat(p.communicate()).isSameAs(output);
    assertThat(child.closes()).isEqualTo(1);
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void futureIsDrained() throws Exception {
    child().stdout("a").exits(0);
    assertThat(CAPTURED.drain(SHORT).runAsync().get().isComplete()).isFalse();
    child().stdout("b").exits(0);
    Popen<byte[]> p = start(CAPTURED.drain(SHORT));
    assertThat(p.communicateAsync().get().stdout()).asString().isEqualTo("b");
  }

  @Test
  void halfACharacterIsOmitted() throws Exception {
    child().stdout(new byte[] {'a', (byte) 0xE2, (byte) 0x82}).exits(0);
    assertThat(CAPTURED.text().drain(SHORT).run().stdout()).isEqualTo("a");
    child().stdout(new byte[] {'a', 0, 'b'}).exits(0);
    assertThat(CAPTURED.text(StandardCharsets.UTF_16LE).drain(SHORT).run().stdout()).isEqualTo("a");
  }

  @Test
  void readerBeforeItLosesNothing() throws Exception {
    child().stdout("one\nt\u00e9").writes(STDOUT, new byte[] {(byte) 0xC3}, 1).exits(0);
    Popen<String> p = start(CAPTURED.text().drain(SHORT));
    assertThat(p.stdoutReader().readLine()).isEqualTo("one");
    assertThat(p.communicate().stdout()).isEqualTo("t\u00e9");
  }

  @Test
  void withoutItTheCallWaitsForTheEnd() throws Exception {
    ScriptedChild child = child().stdout("a").exits(0);
    Popen<byte[]> p = start(CAPTURED);
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    assertThat(e.status()).contains(new ExitStatus.Exited(0));
    assertThat(e)
        .hasMessage(
            "command \"fake\" timed out after 0.005 seconds: the child returned exit status 0, but"
                + " its stdout and stderr are held open by another process (Command.drain limits"
                + " this wait)");
    child.ends(STDERR).stdout("b").ends(STDOUT);
    assertThat(p.communicate().stdout()).asString().isEqualTo("ab");
  }
}
