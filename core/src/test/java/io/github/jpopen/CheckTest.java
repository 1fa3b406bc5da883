package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.ExitStatus.Signaled;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.Termination.Killed;
import io.github.jpopen.spi.Termination.Lost;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** The one-shot calls by name: which of them check, and what each captures. */
class CheckTest extends ScriptedTest {
  private static final Command<byte[]> CAPTURE = Command.of("fake").captureOutput();

  @Test
  void exitCodeIsAResultWithoutCheck() throws Exception {
    child().exits(1);
    assertThat(Command.of("fake").call()).isEqualTo(1);
    child().exits(1);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(Command.of("fake").check()::call);
    child().exits(1);
    assertThat(Command.of("fake").check(0, 1).call()).isEqualTo(1);
    child().exits(0);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(Command.of("fake").check(1)::run)
        .withMessage("command \"fake\" returned exit status 0, which is not accepted");
    child().exits(2);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(Command.of("fake")::checkCall);
    child().exits(0);
    assertThat(Command.of("fake").checkCall()).isZero();
  }

  @Test
  void checkAcceptsSignalByReturncode() throws Exception {
    Killed terminated = new Killed(15, false);
    Command<byte[]> command = Command.of("fake").check(0, -15);
    child().exits(terminated);
    assertThat(command.call()).isEqualTo(-15);
    child().exits(terminated);
    assertThat(command.run().status()).isEqualTo(new Signaled(Signal.SIGTERM, false));
    child().exits(terminated);
    assertThat(command.checkCall()).isEqualTo(-15);
    child().exits(new Killed(9, false));
    assertThatExceptionOfType(CalledProcessException.class).isThrownBy(command::run);
    child().exits(terminated);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(Command.of("fake").check(15)::run);
    child().exits(new Lost());
    assertThatExceptionOfType(CalledProcessException.class).isThrownBy(command::run);
    child().exits(new Lost());
    assertThat(Command.of("fake").check(ExitStatus.UNKNOWN_RETURNCODE).call())
        .isEqualTo(ExitStatus.UNKNOWN_RETURNCODE);
  }

  @Test
  void failedCheckHoldsTheOutput() {
    child().stdout("o").stderr("e").endsOutputs().exits(2);
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, CAPTURE.check()::run);
    assertThat(e.stdout().bytes()).asString().isEqualTo("o");
    assertThat(e.stderr().bytes()).asString().isEqualTo("e");
    assertThat(e.returncode()).isEqualTo(2);
    assertThat(e.status()).isEqualTo(new ExitStatus.Exited(2));
  }

  @Test
  void bytesAreKeptOnlyForAnException() throws Exception {
    child().stdout("o").endsOutputs().exits(2);
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, CAPTURE.run()::checkReturncode);
    assertThat(e.stdout().bytes()).asString().isEqualTo("o");
    child().stdout("o").endsOutputs().exits(0);
    e = catchThrowableOfType(CalledProcessException.class, CAPTURE.check(1)::run);
    assertThat(e.stdout().bytes()).asString().isEqualTo("o");
    child().stdout("o").endsOutputs().exits(0);
    CompletedProcess<String> good = CAPTURE.text().check(0, 1).run().checkReturncode();
    assertThat(good.stdout()).isEqualTo("o");
    e = catchThrowableOfType(CalledProcessException.class, () -> good.checkReturncode(9));
    assertThat(e.stdout().isCaptured()).isFalse();
  }

  @Test
  void checkOutputCapturesStdoutAndChecks() throws Exception {
    ScriptedChild child = child().stdout("o").ends(STDOUT).exits(0);
    assertThat(Command.of("fake").text().checkOutput()).isEqualTo("o");
    assertThat(child.request().stderr()).isEqualTo(new SpawnRequest.Inherit());
    child().stdout("o").endsOutputs().exits(1);
    assertThatExceptionOfType(CalledProcessException.class).isThrownBy(CAPTURE::checkOutput);
    assertThatIllegalArgumentException()
        .isThrownBy(Command.of("fake").stdout(Redirect.DEVNULL)::checkOutput)
        .withMessage("stdout is captured by checkOutput and cannot be DEVNULL");
  }

  @Test
  void checkOutputKeepsWhatStdoutWasSetTo() throws Exception {
    child().stdout("abcd").ends(STDOUT).exits(0);
    assertThat(Command.of("fake").text().stdout(PIPE.tail(2)).checkOutput()).isEqualTo("cd");
    child().stdout("abcd").ends(STDOUT).exits(0);
    Command<String> limited = Command.of("fake").text().stdout(PIPE.limit(2));
    assertThatExceptionOfType(OutputLimitException.class).isThrownBy(limited::checkOutput);
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    child().stdout("abcd").ends(STDOUT).exits(0);
    assertThat(Command.of("fake").text().stdout(PIPE.tee(copy)).checkOutput()).isEqualTo("abcd");
    assertThat(copy).hasToString("abcd");
    assertThatIllegalArgumentException()
        .isThrownBy(Command.of("fake").stdout(Redirect.to(copy))::checkOutput)
        .withMessageStartingWith("stdout is captured by checkOutput and cannot be ");
  }

  @Test
  void getOutputMergesStreamsAndDropsOneNewline() throws Exception {
    ScriptedChild child = child().stdout("a\n\n").ends(STDOUT).exits(1);
    assertThat(Command.getOutput("echo a")).isEqualTo("a\n");
    assertThat(child.request().shell()).isTrue();
    assertThat(child.request().stdout()).isEqualTo(new SpawnRequest.Pipe());
    assertThat(child.request().stderr()).isEqualTo(new SpawnRequest.ToStdout());
    child().ends(STDOUT).exits(new Killed(15, false));
    CompletedProcess<String> completed = Command.getStatusOutput("kill $$");
    assertThat(completed.stdout()).isEmpty();
    assertThat(completed.returncode()).isEqualTo(-15);
    assertThat(completed.hasStderr()).isFalse();
  }

  @Test
  void startRefusesOneShotOptions() {
    Command<byte[]> command = Command.of("fake").stdout(PIPE);
    assertThatIllegalStateException()
        .isThrownBy(command.input("x")::start)
        .withMessage("input is for run() and its family: start() would ignore it");
    assertThatIllegalStateException()
        .isThrownBy(command.timeout(LONG)::start)
        .withMessageStartingWith("timeout is for");
    assertThatIllegalStateException()
        .isThrownBy(command.check()::start)
        .withMessageStartingWith("check is for");
  }

  @Test
  void inputIsCopiedWhenSet() throws Exception {
    byte[] bytes = "abc".getBytes(UTF_8);
    Command<byte[]> command = Command.of("fake").input(bytes);
    bytes[0] = 'X';
    ScriptedChild child = child().readsInput().exits(0);
    assertThat(command.call()).isZero();
    assertThat(child.inputText()).isEqualTo("abc");
  }

  @Test
  void textOfTheExceptionIsTheResult() throws Exception {
    for (String output : new String[] {"a\r", "a\r\n", "\r\r", "a\u00e9", "\n\r"}) {
      child().stdout(output).stderr(output).endsOutputs().exits(1);
      CompletedProcess<String> completed = CAPTURE.text().run();
      CalledProcessException e =
          catchThrowableOfType(CalledProcessException.class, completed::checkReturncode);
      assertThat(e.stdout().text()).isEqualTo(completed.stdout());
      assertThat(e.stderr().text()).isEqualTo(completed.stderr());
      assertThat(e.stdout().text(UTF_8)).isEqualTo(completed.stdout());
    }
  }

  @Test
  void incompleteLastCharacterIsReplaced() {
    child().stdout("a").writes(STDOUT, new byte[] {(byte) 0xC3}, 1).endsOutputs().exits(0);
    SubprocessException e = catchThrowableOfType(SubprocessException.class, CAPTURE.text()::run);
    assertThat(e.stdout().text()).isEqualTo("a\uFFFD");
  }
}
