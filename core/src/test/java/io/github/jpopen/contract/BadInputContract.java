package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.INHERIT;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.Command;
import io.github.jpopen.Ending;
import io.github.jpopen.Ending.Cause;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Input;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invalid arguments are refused before any native call, with a message that names positions and
 * never values.
 */
@SuppressWarnings("NullAway") // handing in null is the point
public abstract class BadInputContract extends ContractTest {
  private static final Class<?> NPE = NullPointerException.class;
  private static final Class<?> IAE = IllegalArgumentException.class;

  private static Arguments row(ThrowingCallable call, Class<?> type, String message) {
    return Arguments.of(message, type, call);
  }

  private static Command<byte[]> ok() {
    return Command.of("true");
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // null fits every type
  private static <V> V nothing() {
    return null;
  }

  static Stream<Arguments> commands() {
    List<String> none = nothing();
    String nul = "a\0b";
    return Stream.of(
        row(() -> Command.of(none), NPE, "command is null"),
        row(() -> Command.of(Arrays.asList("a", null)), NPE, "command[1] is null"),
        row(() -> Command.of("a", "b", nothing()), NPE, "command[2] is null"),
        row(() -> ok().args("b", nothing()), NPE, "command[2] is null"),
        row(() -> Command.of(List.of()), IAE, "command is empty"),
        row(() -> Command.of(""), IAE, "the program's name is empty"),
        row(() -> Command.of(Path.of("")), IAE, "the program's name is empty"),
        row(() -> Command.of(List.of("", "x")), IAE, "the program's name is empty"),
        row(() -> Command.of("."), IAE, "the program's name is that of a directory"),
        row(() -> Command.of(".."), IAE, "the program's name is that of a directory"),
        row(() -> Command.of("bin/"), IAE, "the program's name is that of a directory"),
        row(() -> Command.of("/"), IAE, "the program's name is that of a directory"),
        row(() -> Command.of(nul), IAE, "command[0] contains NUL at index 1"),
        row(() -> Command.of("a", "", "xy\0"), IAE, "command[2] contains NUL at index 2"),
        row(() -> ok().args("\0"), IAE, "command[1] contains NUL at index 0"),
        row(() -> ok().args(List.of("a", nul)), IAE, "command[2] contains NUL at index 1"),
        row(() -> Command.shell(nul), IAE, "command[0] contains NUL at index 1"),
        row(() -> Command.shell("x", nul), IAE, "command[1] contains NUL at index 1"),
        row(() -> ok().rawArg(new byte[] {1, 0}), IAE, "command[1] contains NUL at index 1"),
        row(() -> Command.of("a\ud800"), IAE, "command[0] cannot be encoded in UTF-8 at index 1"),
        row(() -> ok().args("\udc80x"), IAE, "command[1] cannot be encoded in UTF-8 at index 0"));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("commands")
  @Covers({"test_invalid_cmd", "rule 47", "promise 8"})
  void invalidCommandIsRefused(String message, Class<?> type, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
  }

  static Stream<Arguments> environments() {
    return Stream.of(
        row(() -> ok().env(nothing(), "v"), NPE, "environment name is null"),
        row(() -> ok().env("", "v"), IAE, "environment name is empty"),
        row(() -> ok().env("a=b", "v"), IAE, "environment name contains \"=\" at index 1"),
        row(() -> ok().env(Map.of("ab=", "v")), IAE, "environment name contains \"=\" at index 2"),
        row(() -> ok().removeEnv(""), IAE, "environment name is empty"),
        row(() -> ok().removeEnv("a=b"), IAE, "environment name contains \"=\" at index 1"));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("environments")
  @Covers({"test_invalid_env", "rule 47"})
  void invalidVariableIsRefused(String message, Class<?> type, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
  }

  @Test
  @Covers({"test_invalid_env", "promise 8", "promise 24"})
  void nulInAVariableIsRefusedWithoutItsValue() {
    assertThatThrownBy(() -> ok().env("GOOD", "x").env("NAME", "sec\0ret"))
        .isExactlyInstanceOf(IAE)
        .hasMessageMatching("(?s)environment entry #\\d+ contains NUL.*NAME.*")
        .hasMessageNotContaining("sec");
    assertThatThrownBy(() -> ok().env("NA\0ME", "secret"))
        .isExactlyInstanceOf(IAE)
        .hasMessageContaining("contains NUL")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> ok().env("NA\nME\u001b[2J", "\0"))
        .isExactlyInstanceOf(IAE)
        .hasMessageEndingWith("contains NUL: \"NA\\u000aME\\u001b[2J\"");
    assertThatThrownBy(() -> ok().env("NA\nME", nothing()))
        .isExactlyInstanceOf(NPE)
        .hasMessageStartingWith("environment value of \"NA\\u000aME\" is null");
    assertThatThrownBy(() -> ok().env("NAME", "\ud800secret"))
        .isExactlyInstanceOf(IAE)
        .hasMessageContaining("UTF-8")
        .hasMessageNotContaining("secret");
  }

  @Test
  void nullValueIsRefusedWithAdvice() {
    assertThatThrownBy(() -> ok().env("NAME", nothing()))
        .isExactlyInstanceOf(NPE)
        .hasMessageContaining("removeEnv");
    assertThatThrownBy(() -> ok().env(Collections.singletonMap("NAME", null)))
        .isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> ok().env(nothing())).isExactlyInstanceOf(NPE);
  }

  static Stream<Arguments> conflicts() {
    Path file = Path.of("file");
    String exclusive = "stdin and input are mutually exclusive: input makes stdin a pipe";
    String captured =
        " are mutually exclusive: for both outputs in one stream use stdout(PIPE).stderr(STDOUT)";
    String capturedStdout = "captureOutput and stdout" + captured;
    String capturedStderr = "captureOutput and stderr" + captured;
    String merged = "STDOUT is only for stderr: use PIPE, or to(file)";
    String mirrored = "STDERR is only for stdout: use PIPE, or to(file)";
    return Stream.of(
        row(() -> ok().input("x").stdin(DEVNULL), IAE, exclusive),
        row(() -> ok().stdin(DEVNULL).input("x"), IAE, exclusive),
        row(() -> ok().stdin(PIPE).input("x"), IAE, exclusive),
        row(() -> ok().stdin(INHERIT).input(new byte[0]), IAE, exclusive),
        row(() -> ok().input(Input.empty()).stdin(PIPE), IAE, exclusive),
        row(() -> ok().stdout(STDOUT), IAE, merged),
        row(() -> ok().stdin(STDOUT), IAE, merged),
        row(() -> ok().stderr(Redirect.STDERR), IAE, mirrored),
        row(() -> ok().stdin(Redirect.STDERR), IAE, mirrored),
        row(() -> ok().captureOutput().stdout(Redirect.STDERR), IAE, capturedStdout),
        row(
            () -> ok().stdin(Redirect.to(file)),
            IAE,
            "to(file) is for an output, not for stdin: use from(file)"),
        row(
            () -> ok().stdin(Redirect.appendTo(file)),
            IAE,
            "appendTo(file) is for an output, not for stdin: use from(file)"),
        row(
            () -> ok().stdout(Redirect.from(file)),
            IAE,
            "from(file) is for stdin, not for stdout: use to(file)"),
        row(
            () -> ok().stderr(Redirect.from(file)),
            IAE,
            "from(file) is for stdin, not for stderr: use to(file)"),
        row(() -> ok().captureOutput().stdout(PIPE), IAE, capturedStdout),
        row(() -> ok().stdout(DEVNULL).captureOutput(), IAE, capturedStdout),
        row(() -> ok().captureOutput().stderr(STDOUT), IAE, capturedStderr),
        row(() -> ok().stderr(PIPE).captureOutput(), IAE, capturedStderr));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("conflicts")
  @Covers({
    "test_check_output_stdin_with_input_arg",
    "Run.test_check_output_stdin_with_input_arg",
    "Run.test_stdout_stdout",
    "Run.test_stdout_with_capture_output_arg",
    "Run.test_stderr_with_capture_output_arg",
    "rule 38",
    "rule 47"
  })
  void exclusiveOptionsAreRefused(String message, Class<?> type, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
  }

  static Stream<Arguments> others() {
    return Stream.of(
        row(() -> ok().cwd(nothing()), NPE, "directory"),
        row(() -> ok().cwd(Path.of("")), IAE, "working directory is empty"),
        row(() -> ok().executable(nothing()), NPE, "executable"),
        row(() -> ok().executable(Path.of("")), IAE, "executable is empty"),
        row(() -> ok().timeout(nothing()), NPE, "timeout"),
        row(() -> ok().stdin(nothing()), NPE, "stdin"),
        row(() -> ok().stdout(nothing()), NPE, "stdout"),
        row(() -> ok().stderr(nothing()), NPE, "stderr"),
        row(() -> ok().input(BadInputContract.<byte[]>nothing()), NPE, "input"),
        row(() -> ok().input(BadInputContract.<Input>nothing()), NPE, "input"),
        row(() -> ok().text(nothing()), NPE, "charset"),
        row(() -> ok().offHeap(nothing()), NPE, "arena"),
        row(() -> Redirect.fd(-1), IAE, "-1"),
        row(() -> Redirect.from(nothing()), NPE, "file"),
        row(() -> Redirect.from(Path.of("")), IAE, "file name is empty"),
        row(() -> Redirect.to(Path.of("")), IAE, "file name is empty"),
        row(() -> Redirect.appendTo(Path.of("")), IAE, "file name is empty"),
        row(() -> Input.wrap(BadInputContract.<byte[]>nothing()), NPE, "bytes"),
        row(() -> Input.file(nothing()), NPE, "file"),
        row(() -> ok().args(BadInputContract.<String[]>nothing()), NPE, "args is null"),
        row(() -> Input.of(nothing(), UTF_8), NPE, "text is null"),
        row(() -> Input.of("x", nothing()), NPE, "charset is null"),
        row(() -> ok().posix(o -> o.passFds(nothing())), NPE, "fds is null"),
        row(
            () -> ok().posix(o -> o.extraGroups(BadInputContract.<int[]>nothing())),
            NPE,
            "gids is null"),
        row(() -> new Ending(Cause.CALLER, nothing()), NPE, "signals is null"),
        row(() -> new Ending(Cause.CALLER, List.of(), nothing()), NPE, "survivors is null"),
        row(() -> new ExitStatus.Signaled(nothing(), false), NPE, "signal is null"),
        row(() -> Signal.of(-1), IAE, "signal"),
        row(() -> Signal.of(65), IAE, "signal"),
        row(() -> Signal.of(""), IAE, "signal"));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("others")
  @Covers("rule 47")
  void otherInvalidArgumentsAreRefusedByName(String name, Class<?> type, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessageContaining(name);
  }

  @Test
  void nullForARunningChildIsRefused() throws Exception {
    var p = start(child(cat()).stdin(PIPE).stdout(PIPE));
    Duration noTime = nothing();
    byte[] noBytes = nothing();
    Input noInput = nothing();
    assertThatThrownBy(() -> p.communicate(noTime)).isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> p.communicate(noBytes)).isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> p.communicate(noInput, LONG)).isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> p.communicate(utf8("x"), noTime)).isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> p.waitFor(nothing())).isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> p.poll(nothing())).isExactlyInstanceOf(NPE);
    assertThatThrownBy(() -> p.sendSignal(nothing())).isExactlyInstanceOf(NPE);
    assertThat(p.communicate(utf8("fine")).stdout()).asString().isEqualTo("fine");
  }

  @Test
  void refusedOptionLeavesTheCommandUnchanged() throws Exception {
    Command<byte[]> command = child(exit(4));
    assertThatThrownBy(() -> command.args("a\0b")).isExactlyInstanceOf(IAE);
    assertThatThrownBy(() -> command.env("", "x")).isExactlyInstanceOf(IAE);
    assertThat(command.call()).isEqualTo(4);
  }
}
