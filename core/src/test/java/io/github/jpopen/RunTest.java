package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.scripted.Source;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The one-shot calls: their results, and that no failure leaves anything of the child behind. */
class RunTest extends ScriptedTest {
  private static final Command<byte[]> CAPTURE = Command.of("fake").captureOutput();

  @Test
  void runReturnsEverything() throws Exception {
    ScriptedChild child = child().readsInput().stdout("o").stderr("e").endsOutputs().exits(3);
    CompletedProcess<byte[]> completed = CAPTURE.args("arg").input("in").run();
    assertThat(completed.args()).containsExactly("fake", "arg");
    assertThat(completed.returncode()).isEqualTo(3);
    assertThat(completed.status()).isEqualTo(new ExitStatus.Exited(3));
    assertThat(completed.stdout()).asString().isEqualTo("o");
    assertThat(completed.stderr()).asString().isEqualTo("e");
    assertThat(completed.hasStdout()).isTrue();
    assertThat(child.inputText()).isEqualTo("in");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
    assertThat(child.closes()).isEqualTo(1);
    assertThat(completed)
        .hasToString("CompletedProcess[fake, returncode: 3, stdout: 1 byte, stderr: 1 byte]");
  }

  @Test
  void stdinIsInheritedWithoutInput() throws Exception {
    ScriptedChild child = child().exits(0);
    CompletedProcess<byte[]> completed = Command.of("fake").run();
    assertThat(child.request().stdin()).isEqualTo(new SpawnRequest.Inherit());
    assertThat(completed.hasStdout()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(completed::stdout)
        .withMessage("stdout was not captured: use captureOutput() or stdout(PIPE)");
  }

  @Test
  void emptyInputIsAnEmptyPipe() throws Exception {
    ScriptedChild child = child().exits(0);
    assertThat(Command.of("fake").input(new byte[0]).call()).isZero();
    assertThat(child.request().stdin()).isEqualTo(new SpawnRequest.Pipe());
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void timeoutKillsAndWaitsForTheExitOnly() throws Exception {
    ScriptedChild child = child().stdout("early");
    child.onSignal(number -> child.exits(new Killed(number, false)));
    TimeoutExpiredException e = timedOut(() -> CAPTURE.timeout(Duration.ofMillis(5)).run());
    assertThat(e.stdout().bytes()).asString().isEqualTo("early");
    assertThat(e.timeout()).isEqualTo(Duration.ofMillis(5));
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.hasExited()).isTrue();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void waitForAKilledChildIsLimited() {
    ScriptedChild child = child();
    long start = System.nanoTime();
    timedOut(() -> CAPTURE.timeout(NONE).run());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void refusedKillIsSuppressed() {
    IOException eperm = new IOException("EPERM");
    ScriptedChild child = child().refusesSignals(eperm);
    TimeoutExpiredException e = timedOut(() -> CAPTURE.timeout(NONE).run());
    assertThat(e.getSuppressed())
        .singleElement()
        .isInstanceOf(UncheckedIOException.class)
        .extracting(Throwable::getCause)
        .isSameAs(eperm);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void interruptKillsAndDoesNotWait() throws Exception {
    ScriptedChild child = child().stdout("x");
    Call<CompletedProcess<byte[]>> call = Call.of(CAPTURE::run);
    child.awaitStepWanting(STDOUT, STDERR);
    call.interrupt();
    assertThat(call.failure()).isInstanceOf(InterruptedException.class);
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void repeatedlyFailingStepsKill() {
    IOException error = new IOException("ENOMEM");
    ScriptedChild child = child().stdout("some").fails(error).fails(error).fails(error);
    SubprocessException e = catchThrowableOfType(SubprocessException.class, CAPTURE::run);
    assertThat(e).hasMessage("waiting for \"fake\" failed: ENOMEM").hasCause(error);
    assertThat(e.stdout().bytes()).asString().isEqualTo("some");
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void exceptionInAStepKills() {
    ScriptedChild child = child().fails(new IllegalStateException("bug"));
    assertThatIllegalStateException().isThrownBy(CAPTURE::run).withMessage("bug");
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void failingSourceKills() {
    ScriptedChild child = child();
    Source source = new Source().fails(new IOException("no more"));
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(CAPTURE.input(Input.stream(source))::run)
        .withMessage("the input of \"fake\" failed: no more");
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void timeoutClosesTheSource() {
    Source source = new Source();
    ScriptedChild child = child();
    child.onSignal(number -> child.exits(1));
    Callable<Source> opens = () -> source;
    timedOut(() -> CAPTURE.input(Input.stream(opens)).timeout(NONE).run());
    source.awaitClosed();
  }

  @Test
  void undecodableOutputKillsNothing() {
    ScriptedChild child = child().stdout(new byte[] {'a', (byte) 0xFF}).endsOutputs().exits(0);
    SubprocessException e = catchThrowableOfType(SubprocessException.class, CAPTURE.text()::run);
    assertThat(e.stdout().bytes()).containsExactly('a', 0xFF);
    assertThat(child.signals()).isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void unencodableInputStartsNoChild() {
    ScriptedChild child = child();
    assertThatIllegalArgumentException()
        .isThrownBy(CAPTURE.text(StandardCharsets.US_ASCII).input("ä")::run);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(child::request)
        .withMessage("was not started");
  }

  @Test
  void failedStartClosesTheSource() {
    Source opened = new Source();
    Callable<Source> opens = () -> opened;
    assertThatExceptionOfType(AssertionError.class) // no child was prepared
        .isThrownBy(CAPTURE.input(Input.stream(opens))::run);
    assertThat(opened.isClosed()).isTrue();
  }

  @Test
  void commandCanRunManyTimes() throws Exception {
    Command<String> command = CAPTURE.text().input("x");
    for (String answer : new String[] {"one", "two"}) {
      child().readsInput().stdout(answer).endsOutputs().exits(0);
      assertThat(command.run().stdout()).isEqualTo(answer);
    }
  }
}
