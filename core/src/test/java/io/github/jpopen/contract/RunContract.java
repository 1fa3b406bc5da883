package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Input;
import io.github.jpopen.Redirect;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The calls that start a child and see it through: run, call, checkCall, checkOutput. */
public abstract class RunContract extends ContractTest {
  @Test
  @Covers("Run.test_returncode")
  void nonZeroExitIsAResult() throws Exception {
    Command<byte[]> command = child(exit(47));
    CompletedProcess<byte[]> result = command.run();
    assertThat(result.returncode()).isEqualTo(47);
    assertThat(result.status()).isEqualTo(new ExitStatus.Exited(47));
    assertThat(result.args()).isEqualTo(command.argv());
    assertThat(result.hasStdout()).isFalse();
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, result::checkReturncode);
    assertThat(e.returncode()).isEqualTo(47);
  }

  @Test
  @Covers({"Run.test_check", "Run.test_check_zero", "rule 41"})
  void checkThrowsUnlessTheCodeIsAccepted() throws Exception {
    assertThat(child(exit(0)).check().run().returncode()).isZero();
    assertThat(child(exit(1)).check(0, 1).run().returncode()).isEqualTo(1);
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class,
            () -> child(out("o"), err("e"), exit(47)).captureOutput().check().run());
    assertThat(e.returncode()).isEqualTo(47);
    assertThat(e.status()).isEqualTo(new ExitStatus.Exited(47));
    assertThat(e.stdout().text()).isEqualTo("o");
    assertThat(e.stderr().text()).isEqualTo("e");
    assertThat(
            catchThrowableOfType(
                CalledProcessException.class, () -> child(exit(0)).check(1, 2).run()))
        .as("only what is named is accepted")
        .isNotNull();
  }

  @Test
  @Covers({"Posix.test_CalledProcessError_str_non_zero", "rule 41", "promise 24"})
  void messageNamesProgramAndCodeOnly() throws Exception {
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class,
            () -> child(exit(2)).env("TOKEN", "hunter2").captureOutput().checkCall());
    assertThat(e).hasMessage("command \"" + ChildLauncher.program() + "\" returned exit status 2");
    assertThat(e.program()).isEqualTo(ChildLauncher.program());
  }

  @Test
  @Covers("test_call_seq")
  void callReturnsTheCode() throws Exception {
    assertThat(child(exit(47)).call()).isEqualTo(47);
  }

  @Test
  @Covers("test_call_kwargs")
  void callPassesTheEnvironment() throws Exception {
    assertThat(child(printEnv("FRUIT")).env("FRUIT", "banana").stdout(DEVNULL).call()).isZero();
  }

  @Test
  @Covers({"test_check_call_zero", "test_check_call_nonzero"})
  void checkCallReturnsZeroOrThrows() throws Exception {
    assertThat(child(exit(0)).checkCall()).isZero();
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, () -> child(exit(47)).checkCall());
    assertThat(e.returncode()).isEqualTo(47);
  }

  @Test
  @Covers({"test_check_output", "test_check_output_nonzero"})
  void checkOutputReturnsStdoutOrThrows() throws Exception {
    assertThat(child(out("BDFL")).checkOutput()).asString().isEqualTo("BDFL");
    assertThat(child(out("BDFL")).text().stdout(PIPE).checkOutput()).isEqualTo("BDFL");
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class, () -> child(out("why"), exit(5)).checkOutput());
    assertThat(e.returncode()).isEqualTo(5);
    assertThat(e.stdout().text()).isEqualTo("why");
  }

  @Test
  @Covers("test_check_output_stderr")
  void checkOutputMergesStderr() throws Exception {
    assertThat(child(err("BDFL")).stderr(STDOUT).checkOutput()).asString().isEqualTo("BDFL");
  }

  @Test
  @Covers({"test_check_output_stdin_arg", "Run.test_check_output_stdin_arg"})
  void stdinReadsFromAFile() throws Exception {
    Path pear = file("in", "pear");
    assertThat(child(cat()).stdin(Redirect.from(pear)).checkOutput()).asString().isEqualTo("pear");
  }

  @Test
  @Covers({"test_check_output_input_arg", "Run.test_check_output_input_arg"})
  void inputIsFedThroughAPipe() throws Exception {
    assertThat(child(cat()).input(utf8("pear")).checkOutput()).asString().isEqualTo("pear");
    assertThat(child(cat()).input("p\u00eaar").text().checkOutput()).isEqualTo("p\u00eaar");
    assertThat(child(cat()).text().input(Input.of("pear")).checkOutput()).isEqualTo("pear");
  }

  @Test
  @Covers({
    "test_check_output_input_none",
    "test_check_output_input_none_text",
    "test_check_output_input_none_universal_newlines",
    "test_check_output_input_none_encoding_errors",
    "rule 42"
  })
  void emptyInputIsAnEmptyPipe() throws Exception {
    assertThat(child(cat()).input(new byte[0]).checkOutput()).isEmpty();
    assertThat(child(cat()).text().input("").checkOutput()).isEmpty();
    assertThat(child(cat()).text().input(Input.empty()).checkOutput()).isEmpty();
  }

  @Test
  @Covers({"test_check_output_stdout_arg", "rule 38"})
  void checkOutputRefusesAnotherStdout() {
    for (Redirect other : new Redirect[] {DEVNULL, Redirect.INHERIT, Redirect.to(file("out"))}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> child(out("x")).stdout(other).checkOutput())
          .withMessageContaining("stdout");
    }
  }

  @Test
  @Covers({"Run.test_capture_stdout", "Run.test_capture_stderr", "Run.test_capture_output"})
  void outputsAreCaptured() throws Exception {
    CompletedProcess<byte[]> out = child(out("BDFL")).stdout(PIPE).run();
    assertThat(out.stdout()).asString().isEqualTo("BDFL");
    assertThat(out.hasStderr()).isFalse();
    CompletedProcess<byte[]> err = child(err("FLUFL")).stderr(PIPE).run();
    assertThat(err.stderr()).asString().isEqualTo("FLUFL");
    CompletedProcess<String> both = child(out("BDFL"), err("FLUFL")).text().captureOutput().run();
    assertThat(both.stdout()).isEqualTo("BDFL");
    assertThat(both.stderr()).isEqualTo("FLUFL");
    assertThat(both.toString()).contains("0", "4", "5").doesNotContain("BDFL", "FLUFL");
  }

  @Test
  @Covers("Run.test_run_kwargs")
  void runPassesTheEnvironment() throws Exception {
    assertThat(child(printEnv("FRUIT")).env("FRUIT", "banana").checkOutput())
        .asString()
        .isEqualTo("FRUIT=banana\n");
  }

  @Test
  @Covers("Run.test_run_with_an_empty_env")
  void runWorksWithAnEmptyEnvironment() throws Exception {
    assertThat(child(exit(57)).clearEnv().run().returncode()).isEqualTo(57);
  }

  @Test
  @Covers("Run.test_run_with_pathlike_path")
  void programCanBeAPath() throws Exception {
    Path program = Path.of(ChildLauncher.program());
    var arguments = ChildLauncher.command().subList(1, ChildLauncher.command().size());
    assertThat(Command.of(program).args(arguments).args("EXIT", "57").call()).isEqualTo(57);
  }

  @Test
  void executorCanRunACommand() throws Exception {
    Command<byte[]> command = child(out("x")).captureOutput();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = executor.submit(command::run);
      var second = executor.submit(command::checkOutput);
      assertThat(first.get().stdout()).asString().isEqualTo("x");
      assertThat(second.get()).asString().isEqualTo("x");
    }
  }

  @Test
  void outputOfFailedCheckOutlivesTheArena() {
    Command<byte[]> failing = child(out("out"), err("why"), exit(3)).captureOutput();
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class,
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                failing.offHeap(arena).check().run();
              }
            });
    assertThat(e.stdout().text()).isEqualTo("out");
    assertThat(e.stderr().text()).isEqualTo("why");
  }
}
