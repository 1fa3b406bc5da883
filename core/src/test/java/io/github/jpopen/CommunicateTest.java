package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Communicate from its beginning to its end, when nothing interrupts it. */
class CommunicateTest extends ScriptedTest {

  @Test
  void returnsBothOutputsAndTheExitCode() throws Exception {
    child().stdout("o1").stderr("e").stdout("o2").endsOutputs().exits(3);
    Popen<byte[]> p = start(PIPES);
    Output<byte[]> output = p.communicate();
    assertThat(output.stdout()).asString().isEqualTo("o1o2");
    assertThat(output.stderr()).asString().isEqualTo("e");
    assertThat(p.returncode()).isEqualTo(3);
  }

  @Test
  void onlyPipesAreCaptured() throws Exception {
    child().ends(STDOUT).exits(0);
    Output<byte[]> output = start(Command.of("fake").stdout(PIPE)).communicate();
    assertThat(output.hasStdout()).isTrue();
    assertThat(output.stdout()).isEmpty();
    assertThat(output.hasStderr()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(output::stderr)
        .withMessage("stderr was not captured: use captureOutput() or stderr(PIPE)");
  }

  @Test
  void waitsForTheExitWithoutPipes() throws Exception {
    child().exits(5);
    Popen<byte[]> p = start(Command.of("fake"));
    Output<byte[]> output = p.communicate();
    assertThat(output.hasStdout()).isFalse();
    assertThat(output.hasStderr()).isFalse();
    assertThat(p.returncode()).isEqualTo(5);
  }

  @Test
  void repeatedCallReturnsTheSameObject() throws Exception {
    child().stdout("once").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    Output<byte[]> output = p.communicate();
    assertThat(p.communicate()).isSameAs(output);
    assertThat(p.communicate(NONE)).isSameAs(output);
    assertThat(output.stdout()).asString().isEqualTo("once");
    assertThat(output.stdout()).isSameAs(output.stdout());
  }

  @Test
  void callAfterCloseReturnsTheSameObject() throws Exception {
    child().stdout("once").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    Output<byte[]> output = p.communicate();
    p.close();
    assertThat(p.communicate()).isSameAs(output);
  }

  @Test
  void endOfOutputsIsNotTheExit() throws Exception {
    ScriptedChild child = child().stdout("a").endsOutputs();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(p::communicate);
    child.awaitStepWanting(); // nothing but the exit
    assertThat(call.isDone()).isFalse();
    child.exits(1);
    assertThat(call.result().stdout()).asString().isEqualTo("a");
    assertThat(p.returncode()).isEqualTo(1);
  }

  @Test
  void exitIsNotTheEndOfOutputs() throws Exception {
    ScriptedChild child = child().exits(0);
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThat(p.poll()).hasValue(0);
    child.stdout("a grandchild's").ends(STDERR);
    child.awaitStepWanting(STDOUT);
    assertThat(call.isDone()).isFalse();
    child.ends(STDOUT);
    assertThat(call.result().stdout()).asString().isEqualTo("a grandchild's");
  }

  @Test
  void stdinIsClosedAtOnceWithoutInput() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThat(child.isClosedByCore(STDIN)).isTrue();
    child.endsOutputs().exits(0);
    call.result();
  }

  @Test
  void resourcesAreReleasedOnce() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.communicate();
    assertThat(child.closes()).isEqualTo(1);
    p.close();
    p.close();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void endedStreamIsNotReadAgain() throws Exception {
    ScriptedChild child = child().ends(STDERR).stdout("a").stdout("b").ends(STDOUT).exits(0);
    start(PIPES).communicate();
    // The scripted child fails the test otherwise; here: that STDERR was wanted only before.
    assertThat(child.steps().getFirst().wanted()).containsExactlyInAnyOrder(STDOUT, STDERR);
    assertThat(child.steps().get(1).wanted()).containsExactly(STDOUT);
    assertThat(child.steps().getLast().wanted()).isEmpty();
  }

  @Test
  void brokenStreamIsReportedWithAllOutput() throws Exception {
    IOException eio = new IOException("EIO");
    child().stdout("be").breaks(STDOUT, eio).stderr("whole").ends(STDERR).exits(0);
    Popen<byte[]> p = start(PIPES);
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e).hasMessage("a stream of \"fake\" failed: EIO").hasCause(eio);
    assertThat(e.stdout().bytes()).asString().isEqualTo("be");
    assertThat(e.stderr().bytes()).asString().isEqualTo("whole");
    assertThat(p.returncode()).isZero();
  }

  @Test
  void nextCallContinuesAfterFailedStep() throws Exception {
    IOException enomem = new IOException("ENOMEM");
    child().stdout("1").fails(enomem).stdout("2").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e).hasMessage("waiting for \"fake\" failed: ENOMEM").hasCause(enomem);
    assertThat(e.stdout().bytes()).asString().isEqualTo("1");
    assertThat(p.communicate().stdout()).asString().isEqualTo("12");
  }

  @Test
  void interruptLosesNothing() throws Exception {
    ScriptedChild child = child().stdout("be").accepts(3);
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate("input".getBytes(UTF_8)));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    call.interrupt();
    assertThat(call.failure()).isInstanceOf(InterruptedException.class);
    child.accepts(100).stdout("hind").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("behind");
    assertThat(child.inputText()).isEqualTo("input");
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void interruptedThreadDoesNotWait() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::communicate);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(child.steps()).isEmpty();
    p.communicate();
  }

  @Test
  void onlyOneThreadMayBeInCommunicate() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(NONE))
        .withMessage("another thread is in communicate");
    child.stdout("first").endsOutputs().exits(0);
    assertThat(call.result().stdout()).asString().isEqualTo("first");
    assertThat(p.communicate()).isSameAs(call.result());
  }

  @Test
  void communicateAfterCloseIsRefused() throws Exception {
    child().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.close();
    assertThatIllegalStateException()
        .isThrownBy(p::communicate)
        .withMessage("this Popen is closed");
  }

  @Test
  void outputsShowSizesOnly() throws Exception {
    child().stdout("secret").ends(STDOUT).exits(0);
    assertThat(start(Command.of("fake").stdout(PIPE)).communicate())
        .hasToString("Output[stdout: 6 bytes, stderr: not captured]");
  }
}
