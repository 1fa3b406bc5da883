package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Command;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The exchange itself: input, output, its end, and the result of a repeated call. */
public abstract class CommunicateContract extends ContractTest {

  @Test
  @Covers({"test_communicate", "promise 2"})
  void inputAndBothOutputsMoveTogether() throws Exception {
    var p = start(child(err("pineapple"), cat()).stdin(PIPE).captureOutput());
    Output<byte[]> output = p.communicate(utf8("banana"));
    assertThat(output.stdout()).asString().isEqualTo("banana");
    assertThat(output.stderr()).asString().isEqualTo("pineapple");
    assertThat(p.returncode()).isZero();
    assertThat(p.status()).isEqualTo(new ExitStatus.Exited(0));
  }

  @Test
  @Covers("test_communicate_stdin")
  void communicateWorksWithStdinOnly() throws Exception {
    var p = start(child(expect(utf8("pear"))).stdin(PIPE));
    Output<byte[]> output = p.communicate(utf8("pear"));
    assertThat(output.hasStdout()).isFalse();
    assertThat(output.hasStderr()).isFalse();
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers("test_communicate_stdout")
  void communicateWorksWithStdoutOnly() throws Exception {
    Output<byte[]> output = start(child(out("pineapple")).stdout(PIPE)).communicate();
    assertThat(output.stdout()).asString().isEqualTo("pineapple");
    assertThat(output.hasStderr()).isFalse();
  }

  @Test
  @Covers("test_communicate_stderr")
  void communicateWorksWithStderrOnly() throws Exception {
    Output<byte[]> output = start(child(err("pineapple")).stderr(PIPE)).communicate();
    assertThat(output.stderr()).asString().isEqualTo("pineapple");
    assertThat(output.hasStdout()).isFalse();
  }

  @Test
  @Covers({"test_communicate_returns", "rule 1"})
  void uncapturedOutputIsRefusedWithAdvice() throws Exception {
    var p = start(child(exit(47)));
    Output<byte[]> output = p.communicate();
    assertThat(output.hasStdout()).isFalse();
    assertThat(output.hasStderr()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(output::stdout)
        .withMessageContainingAll("stdout", "captureOutput()");
    assertThatIllegalStateException()
        .isThrownBy(output::stderr)
        .withMessageContainingAll("stderr", "captureOutput()");
    assertThat(p.returncode()).isEqualTo(47);
  }

  @Test
  @Covers("rule 1")
  void capturedOutputOfASilentChildIsEmpty() throws Exception {
    Output<byte[]> output = start(child().captureOutput()).communicate();
    assertThat(output.stdout()).isEmpty();
    assertThat(output.stderr()).isEmpty();
  }

  static Stream<Arguments> combinations() {
    return Stream.of(1, 2, 3, 4, 5, 6, 7)
        .map(b -> Arguments.of((b & 1) != 0, (b & 2) != 0, (b & 4) != 0));
  }

  private static Command<byte[]> piped(
      Command<byte[]> command, boolean stdin, boolean stdout, boolean stderr) {
    Command<byte[]> result = command;
    if (stdin) {
      result = result.stdin(PIPE);
    }
    if (stdout) {
      result = result.stdout(PIPE);
    }
    return stderr ? result.stderr(PIPE) : result;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  @Covers({"test_communicate_pipe_fd_leak", "promise 9"})
  void everyPipeIsClosedAfterwards(boolean stdin, boolean stdout, boolean stderr) throws Exception {
    Set<String> before = Resources.pipes();
    var p = start(piped(child(exit(0)), stdin, stdout, stderr));
    p.communicate();
    assertThat(Resources.pipes()).isSubsetOf(before);
  }

  @ParameterizedTest
  @MethodSource("combinations")
  @Covers({"rule 3", "rule 4", "rule 5"})
  void repeatedCallReturnsTheSameObject(boolean stdin, boolean stdout, boolean stderr)
      throws Exception {
    var p = start(piped(child(exit(3)), stdin, stdout, stderr));
    Output<byte[]> output = p.communicate();
    assertThat(output.hasStdout()).isEqualTo(stdout);
    assertThat(output.hasStderr()).isEqualTo(stderr);
    assertThat(p.communicate()).isSameAs(output);
    assertThat(p.communicate(LONG)).isSameAs(output);
    assertThat(p.communicate(Duration.ZERO)).isSameAs(output);
    p.close();
    assertThat(p.communicate()).isSameAs(output);
    assertThat(p.returncode()).isEqualTo(3);
  }

  @Test
  @Covers("rule 5")
  void repeatedCallReturnsTheSameBytes() throws Exception {
    var p = start(child(out("once"), err("twice")).captureOutput());
    p.communicate();
    assertThat(p.communicate().stdout()).asString().isEqualTo("once");
    assertThat(p.communicate(LONG).stderr()).asString().isEqualTo("twice");
  }

  @Test
  void communicateAfterCloseIsRefused() throws Exception {
    var p = start(child(out("lost")).stdout(PIPE));
    p.close();
    assertThatIllegalStateException().isThrownBy(p::communicate);
    assertThat(p.poll()).isNotEmpty();
  }

  @Test
  @Covers({"test_communicate_pipe_buf", "rule 14", "promise 2"})
  void moreThanAPipeHoldsDoesNotDeadlock() throws Exception {
    int size = 300_000;
    byte[] input = Pattern.bytes(size, 5);
    var p = start(child(read(47), flood(size), cat()).stdin(PIPE).captureOutput());
    Output<byte[]> output = p.communicate(input);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write(Pattern.bytes(size, 1));
    expected.write(input, 47, size - 47);
    assertThat(Pattern.sha256(output.stdout())).isEqualTo(Pattern.sha256(expected.toByteArray()));
    assertThat(Pattern.sha256(output.stderr())).isEqualTo(Pattern.sha256(Pattern.bytes(size, 2)));
  }

  @Test
  @Covers({"rule 19", "promise 5"})
  void endOfOutputIsNotTheExit() throws Exception {
    Path closed = file("closed");
    Path gate = gate("end");
    Step[] steps = {
      out("x"), err("y"), closeOut(), closeErr(), touch(closed), awaitFile(gate), exit(5)
    };
    var p = start(child(steps).captureOutput());
    await(closed);
    assertThat(timedOut(() -> p.communicate(SHORT)).stdout().text()).isEqualTo("x");
    open(gate);
    Output<byte[]> output = p.communicate();
    assertThat(output.stdout()).asString().isEqualTo("x");
    assertThat(output.stderr()).asString().isEqualTo("y");
    assertThat(p.returncode()).isEqualTo(5);
  }

  @Test
  @Covers({"rule 19", "promise 1"})
  void exitIsNotTheEndOfOutput() throws Exception {
    Path gate = gate("grandchild");
    var p =
        start(child(out("child "), grandchild(awaitFile(gate), out("grandchild"))).stdout(PIPE));
    awaitDeath(p.pid());
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    assertThat(e.stdout().text()).isEqualTo("child ");
    assertThat(p.poll()).hasValue(0);
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("child grandchild");
  }

  @Test
  @Covers("Posix.test_communicate_repeated_call_after_stdout_close")
  void repeatedTimedCallsEndAfterTheOutput() throws Exception {
    Path closed = file("closed");
    Path gate = gate("end");
    var p =
        start(
            child(closeOut(), closeErr(), touch(closed), awaitFile(gate), exit(0)).captureOutput());
    await(closed);
    for (int i = 0; i < 5; i++) {
      timedOut(() -> p.communicate(Duration.ofMillis(20)));
    }
    open(gate);
    while (true) {
      try {
        assertThat(p.communicate(SHORT).stdout()).isEmpty();
        break;
      } catch (TimeoutExpiredException _) {
        assertThat(p.poll()).isEmpty();
      }
    }
    assertThat(p.returncode()).isZero();
  }

  @Test
  void outputShowsSizesOnly() throws Exception {
    Output<byte[]> output =
        start(child(out("secret"), err("hidden!")).captureOutput()).communicate();
    assertThat(output.toString()).contains("6", "7").doesNotContain("secret", "hidden");
  }

  @Test
  @Covers("promise 21")
  void manySmallPiecesArriveInOrder() throws Exception {
    Step[] steps = new Step[200];
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < steps.length; i++) {
      steps[i] = out(i + ",");
      expected.append(i).append(',');
    }
    Popen<String> p = start(child(steps).text().stdout(PIPE));
    assertThat(p.communicate().stdout()).isEqualTo(expected.toString());
  }
}
