package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that is refused without harm, and unread input, which is not an error. */
public abstract class RefusedInputContract extends ContractTest {
  private Popen<byte[]> echo() throws IOException {
    return start(child(cat()).stdin(PIPE).stdout(PIPE));
  }

  private byte[] echoed(Input input) throws Exception {
    return echo().communicate(input).stdout();
  }

  @Test
  @Covers("rule 2")
  void newInputAfterTimeoutIsRefused() throws Exception {
    Path gate = gate("read");
    byte[] bytes = utf8("first");
    var p = start(child(awaitFile(gate), cat()).stdin(PIPE).stdout(PIPE));
    timedOut(() -> p.communicate(bytes, SHORT));
    String message = "communicate was called before, which fixed the input: call it without input";
    assertThatIllegalStateException().isThrownBy(() -> p.communicate(bytes)).withMessage(message);
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(bytes, LONG))
        .withMessage(message);
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(new byte[0]))
        .withMessage(message);
    assertThatIllegalStateException().isThrownBy(() -> p.communicate("")).withMessage(message);
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(Input.empty()))
        .withMessage(message);
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("first");
  }

  @Test
  @Covers("rule 2")
  void firstCallWithoutInputFixesTheInput() throws Exception {
    var p = start(child(awaitEof(), live()).stdin(PIPE).stdout(PIPE));
    timedOut(() -> p.communicate(SHORT));
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(utf8("late")))
        .withMessage("communicate was called before, which fixed the input: call it without input");
  }

  @Test
  @Covers("rule 2")
  void inputAfterTheEndIsRefused() throws Exception {
    var p = echo();
    Output<byte[]> output = p.communicate(utf8("x"));
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(utf8("x")))
        .withMessage("communicate was called before, which fixed the input: call it without input");
    assertThat(p.communicate()).isSameAs(output);
  }

  @Test
  @Covers("rule 16")
  void inputWithoutPipeIsRefusedAndChangesNothing() throws Exception {
    var p = start(child(out("fine")).stdin(DEVNULL).captureOutput());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> p.communicate(utf8("x")))
        .withMessageContaining("stdin");
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate(new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate(""));
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate(Input.empty()));
    assertThat(p.communicate().stdout()).asString().isEqualTo("fine");
  }

  @Test
  @Covers("rule 17")
  void unencodableTextIsRefusedAndChangesNothing() throws Exception {
    Popen<String> p = start(child(cat()).text(US_ASCII).stdin(PIPE).stdout(PIPE));
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate("sn\u00f6"));
    assertThat(p.communicate("snow").stdout()).isEqualTo("snow");
  }

  @Test
  @Covers("rule 17")
  void unpairedSurrogateIsRefusedInByteMode() throws Exception {
    var p = echo();
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate("\ud800"));
    assertThat(p.communicate("ok").stdout()).asString().isEqualTo("ok");
  }

  @Test
  @Covers({
    "test_communicate_epipe",
    "Posix.test_communicate_BrokenPipeError_stdin_write",
    "rule 15"
  })
  void unreadInputIsNotAnError() throws Exception {
    var p = start(child(closeIn(), out("out"), err("err"), exit(4)).stdin(PIPE).captureOutput());
    Output<byte[]> output = p.communicate(new byte[1 << 20]);
    assertThat(output.stdout()).asString().isEqualTo("out");
    assertThat(output.stderr()).asString().isEqualTo("err");
    assertThat(p.returncode()).isEqualTo(4);
  }

  @Test
  @Covers({"test_communicate_epipe_only_stdin", "rule 15"})
  void inputForAnExitedChildIsNotAnError() throws Exception {
    var p = start(child(exit(0)).stdin(PIPE));
    assertThat(p.waitFor()).isZero();
    p.communicate(new byte[1 << 20]);
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers({
    "Posix.test_communicate_BrokenPipeError_stdin_close",
    "Posix.test_communicate_BrokenPipeError_stdin_flush",
    "rule 8",
    "rule 15"
  })
  void unsentBytesForAnExitedChildAreNotAnError() throws Exception {
    var p = start(child(exit(0)).stdin(PIPE).stdout(PIPE));
    p.stdin().write(utf8("unsent"));
    awaitDeath(p.pid());
    assertThat(p.communicate().stdout()).isEmpty();
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers("Posix.test_communicate_BrokenPipeError_stdin_close_with_timeout")
  void unsentBytesAreNotAnErrorWithATimeout() throws Exception {
    var p = start(child(exit(0)).stdin(PIPE).stdout(PIPE));
    p.stdin().write(utf8("unsent"));
    awaitDeath(p.pid());
    p.communicate(LONG);
    assertThat(p.returncode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Covers({"test_communicate_stdin_closed_before_call", "rule 7"})
  void closedStdinRefusesInputOnly(boolean bothOutputs) throws Exception {
    var command = child(awaitEof(), out("end")).stdin(PIPE);
    var p = start(bothOutputs ? command.captureOutput() : command.stdout(PIPE));
    p.stdin().close();
    assertThatIllegalStateException().isThrownBy(() -> p.communicate(utf8("late")));
    assertThat(p.communicate(LONG).stdout()).asString().isEqualTo("end");
  }

  @Test
  void missingInputFileIsNamed() throws Exception {
    Path missing = file("missing");
    assertThatThrownBy(() -> echoed(Input.file(missing)))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("missing");
  }

  @Test
  void closedMemoryFailsTheInputOnly() throws Exception {
    Path gate = gate("read");
    Path written = file("written");
    var p =
        start(child(out("kept"), touch(written), awaitFile(gate), cat()).stdin(PIPE).stdout(PIPE));
    await(written);
    try (Arena arena = Arena.ofShared()) {
      Input input = Input.wrap(arena.allocate(1 << 20));
      timedOut(() -> p.communicate(input, SHORT));
    }
    open(gate);
    assertThatThrownBy(p::communicate).isInstanceOf(IOException.class);
    assertThat(p.poll()).as("the child was not harmed").isEmpty();
    p.kill();
    assertThat(p.communicate().stdout()).asString().startsWith("kept");
  }
}
