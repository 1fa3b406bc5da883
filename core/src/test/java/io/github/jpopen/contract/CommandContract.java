package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.INHERIT;
import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A command is a value: every option makes a new one, the last value wins, and it can be used many
 * times.
 */
public abstract class CommandContract extends ContractTest {

  static Stream<Named<UnaryOperator<Command<byte[]>>>> words() {
    return Stream.of(
        Named.of("args", c -> c.args("EXIT", "5")),
        Named.of("args(List)", c -> c.args(List.of("EXIT", "5"))),
        Named.of("executable", c -> c.executable(Path.of("/nonexisting"))),
        Named.of("cwd", c -> c.cwd(Path.of("/nonexisting"))),
        Named.of("env", c -> c.env("A", "b")),
        Named.of("env(Map)", c -> c.env(Map.of("A", "b"))),
        Named.of("removeEnv", c -> c.removeEnv("PATH")),
        Named.of("clearEnv", Command::clearEnv),
        Named.of("stdin", c -> c.stdin(DEVNULL)),
        Named.of("stdout", c -> c.stdout(DEVNULL)),
        Named.of("stderr", c -> c.stderr(DEVNULL)),
        Named.of("captureOutput", Command::captureOutput),
        Named.of("killOnClose", Command::killOnClose),
        Named.of("posix", c -> c.posix(o -> o.umask(0))),
        Named.of("windows", c -> c.windows(o -> o.creationFlags(1))),
        Named.of("input", c -> c.input("x")),
        Named.of("timeout", c -> c.timeout(Duration.ZERO)),
        Named.of("check", Command::check));
  }

  @ParameterizedTest
  @MethodSource("words")
  void everyOptionReturnsANewCommand(UnaryOperator<Command<byte[]>> word) throws Exception {
    Command<byte[]> before = child(expect(new byte[0])).stdin(DEVNULL);
    Command<byte[]> plain = child(exit(3));
    List<String> argv = plain.argv();
    assertThat(word.apply(plain)).isNotSameAs(plain);
    assertThat(plain.argv()).isEqualTo(argv);
    Popen<byte[]> p = start(plain);
    assertThat(p.communicate().hasStdout()).isFalse();
    assertThat(p.returncode()).isEqualTo(3);
    assertThat(before.call()).isZero();
  }

  @Test
  void commandCanRunManyTimes() throws Exception {
    Command<String> command = child(out("same")).text().captureOutput();
    assertThat(command.run().stdout()).isEqualTo("same");
    assertThat(command.run().stdout()).isEqualTo("same");
    assertThat(command.bytes().run().stdout()).isEqualTo(utf8("same"));
  }

  @Test
  void listsAndArraysAreCopied() {
    List<String> list = new ArrayList<>(List.of("prog", "a"));
    String[] array = {"b"};
    byte[] raw = utf8("c");
    Command<byte[]> command = Command.of(list).args(array).rawArg(raw);
    list.set(0, "changed");
    array[0] = "changed";
    raw[0] = 'X';
    assertThat(command.argv()).containsExactly("prog", "a", "b", "c");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> command.argv().add("x"));
  }

  @Test
  @Covers("Run.test_run_with_pathlike_path_and_arguments")
  void argvReturnsTheArguments() {
    assertThat(Command.of("a", "b").args("c").argv()).containsExactly("a", "b", "c");
    assertThat(Command.of(Path.of("a"), "b").argv()).containsExactly("a", "b");
    assertThat(Command.of(List.of("a")).args(List.of("b", "")).argv())
        .containsExactly("a", "b", "");
    assertThat(Command.shell("echo $1", "zero", "one").argv())
        .containsExactly("echo $1", "zero", "one");
  }

  @Test
  void lastValueOfAnOptionWins() throws Exception {
    assertThat(child(out("x")).stdout(DEVNULL).stdout(PIPE).run().stdout()).hasSize(1);
    assertThat(child(out("x")).stdout(PIPE).stdout(DEVNULL).run().hasStdout()).isFalse();
    assertThat(child(cat()).input("a").input("b").checkOutput()).asString().isEqualTo("b");
    assertThat(child().timeout(Duration.ZERO).timeout(LONG).call()).isZero();
    assertThat(child(exit(2)).check().check(2).run().returncode()).isEqualTo(2);
    assertThat(child(printCwd()).cwd(Path.of("/nonexisting")).cwd(temp()).text().checkOutput())
        .isEqualTo(temp().toRealPath().toString());
  }

  @Test
  void pipeAndInheritCanBeSetExplicitly() throws Exception {
    Popen<byte[]> p = start(child(cat()).stdin(PIPE).stdout(PIPE).stderr(INHERIT));
    assertThat(p.communicate(utf8("x")).stdout()).hasSize(1);
    assertThat(p.communicate().hasStderr()).isFalse();
  }

  @Test
  void startRefusesOneShotOptions() {
    for (Command<byte[]> command :
        List.of(
            child().input(utf8("x")),
            child().input(""),
            child().timeout(LONG),
            child().check(),
            child().check(0, 1))) {
      assertThatIllegalStateException().isThrownBy(command::start);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> child().timeout(LONG).start())
        .withMessageContaining("timeout");
    assertThatIllegalStateException()
        .isThrownBy(() -> child().input("x").start())
        .withMessageContaining("input");
    assertThatIllegalStateException()
        .isThrownBy(() -> child().check().start())
        .withMessageContaining("check");
  }

  @Test
  @Covers("promise 24")
  void textFormHoldsNoValues() {
    Command<byte[]> command =
        Command.of("prog", "arg-secret").env("NAME", "env-secret").input("input-secret");
    assertThat(command.toString()).contains("prog").doesNotContain("secret");
    assertThat(Command.shell("echo script-secret").toString()).doesNotContain("secret");
  }

  @Test
  @Covers("promise 15")
  void manyThreadsRunOneCommand() throws Exception {
    Command<byte[]> command = child(cat()).input("shared").stdout(PIPE);
    List<Background<byte[]>> runs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Background.Kind kind = Background.Kind.inTurn(i);
      runs.add(Background.start(kind, command::checkOutput));
    }
    for (Background<byte[]> run : runs) {
      assertThat(run.result()).asString().isEqualTo("shared");
    }
  }
}
