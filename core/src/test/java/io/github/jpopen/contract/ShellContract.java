package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts for the POSIX shell, and the two calls that take nothing else. */
@PosixOnly("the scripts are for /bin/sh")
public abstract class ShellContract extends ContractTest {

  @Test
  @Covers("Posix.test_shell_string")
  void shellRunsAScript() throws Exception {
    assertThat(Command.shell("echo $FRUIT | tr a-z A-Z").env("FRUIT", "apple").checkOutput())
        .asString()
        .isEqualTo("APPLE\n");
  }

  @Test
  @Covers({"Posix.test_shell_sequence", "rule 45", "promise 8"})
  void shellPassesArgumentsToTheScript() throws Exception {
    assertThat(Command.shell("printf '%s|' \"$0\" \"$@\"", "zero", "a b", "$(x)").checkOutput())
        .asString()
        .isEqualTo("zero|a b|$(x)|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", "+x", "--"})
  void scriptIsNeverAnOptionOfTheShell(String word) throws Exception {
    Command<String> script = Command.shell(word + " 2>&1; echo $0 $1", "zero", "one").text();
    assertThat(script.checkOutput()).contains(word + ": ").endsWith("zero one\n");
    String line = script.toCommandLine();
    assertThat(line).startsWith("/bin/sh -c -- '" + word + " ");
    assertThat(Command.shell(line).text().checkOutput()).endsWith("zero one\n");
  }

  @Test
  @Covers("Posix.test_call_string")
  void scriptFileCanBeCalled() throws Exception {
    assertThat(Command.of(script("#!/bin/sh\nexit 47\n")).call()).isEqualTo(47);
  }

  @Test
  @Covers("Posix.test_args_string")
  void singleStringIsOneProgram() throws Exception {
    Path directory = Files.createDirectory(file("a b"));
    Path script = Files.move(script("#!/bin/sh\nexit 46\n"), directory.resolve("c d"));
    assertThat(Command.of(script.toString()).call()).isEqualTo(46);
  }

  private Path script(String text) throws Exception {
    Path script = file("script", text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  @Covers("Posix.test_specific_shell")
  void anotherShellCanBeChosen() throws Exception {
    for (String shell : new String[] {"/bin/sh", "/bin/bash", "/bin/dash"}) {
      if (Files.isExecutable(Path.of(shell))) {
        assertThat(Command.shell("echo $0").executable(Path.of(shell)).text().checkOutput())
            .isEqualTo(shell + "\n");
      }
    }
  }

  @Test
  @Covers({"test_executable_replaces_shell", "test_pathlike_executable_replaces_shell"})
  void executableReplacesTheShell() throws Exception {
    Path echo = script("#!/bin/sh\necho \"replaced: $1 $2\"\n");
    assertThat(Command.shell("exit 5").executable(echo).text().checkOutput())
        .isEqualTo("replaced: -c exit 5\n");
  }

  @Test
  @Covers({"Misc.test_getoutput", "rule 43"})
  void getOutputDropsTheLastLineEnd() throws Exception {
    assertThat(Command.getOutput("echo xyzzy")).isEqualTo("xyzzy");
    assertThat(Command.getOutput("printf 'a\\n\\n'")).isEqualTo("a\n");
    assertThat(Command.getOutput("printf a")).isEqualTo("a");
    assertThat(Command.getOutput("true")).isEmpty();
    assertThat(Command.getOutput("echo to stderr >&2; exit 3")).isEqualTo("to stderr");
  }

  @Test
  @Covers({"Misc.test_getoutput", "rule 43"})
  void getStatusOutputReturnsBoth() throws Exception {
    CompletedProcess<String> good = Command.getStatusOutput("echo xyzzy");
    assertThat(good.returncode()).isZero();
    assertThat(good.stdout()).isEqualTo("xyzzy");
    CompletedProcess<String> bad = Command.getStatusOutput("cat " + file("missing"));
    assertThat(bad.returncode()).isNotZero();
    assertThat(bad.stdout()).contains("missing").doesNotEndWith("\n");
    CompletedProcess<String> killed = Command.getStatusOutput("echo last; kill -9 $$");
    assertThat(killed.returncode()).isEqualTo(-9);
    assertThat(killed.stdout()).isEqualTo("last");
  }

  @Test
  @Covers({"Posix.test_run_abort", "rule 32", "promise 5"})
  void signalIsANegativeCode() throws Exception {
    CompletedProcess<byte[]> result = Command.shell("ulimit -c 0; kill -ABRT $$").run();
    assertThat(result.returncode()).isEqualTo(-6);
    assertThat(result.status()).isEqualTo(new ExitStatus.Signaled(Signal.SIGABRT, false));
    assertThat(result.status().isSuccess()).isFalse();
  }

  @Test
  @Covers({"Posix.test_CalledProcessError_str_signal", "rule 41"})
  void messageNamesTheSignal() throws Exception {
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class, () -> Command.of("sh", "-c", "kill -9 $$").checkCall());
    assertThat(e).hasMessage("command \"sh\" was killed by SIGKILL (9)");
    assertThat(e.returncode()).isEqualTo(-9);
  }

  @Test
  @Covers({"Posix.test_CalledProcessError_str_unknown_signal", "rule 41"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "each signal of macOS has a name")
  void messageHasTheNumberOfAnUnnamedSignal() throws Exception {
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class, () -> Command.of("sh", "-c", "kill -40 $$").checkCall());
    assertThat(e).hasMessage("command \"sh\" was killed by unknown signal 40");
    assertThat(e.returncode()).isEqualTo(-40);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 126, 127, 137})
  @Covers("promise 5")
  void exitIsNotMistakenForASignal(int code) throws Exception {
    assertThat(Command.shell("exit " + code).run().status()).isEqualTo(new ExitStatus.Exited(code));
  }

  @Test
  @Covers({"Posix.test_pipe_cloexec_real_tools", "Posix.test_pipe_cloexec"})
  void siblingsDoNotHoldOurPipesOpen() throws Exception {
    var first = start(Command.of("cat").stdin(io.github.jpopen.Redirect.PIPE).captureOutput());
    var second = start(Command.of("cat").stdin(io.github.jpopen.Redirect.PIPE).captureOutput());
    assertThat(first.communicate(utf8("one")).stdout()).asString().isEqualTo("one");
    assertThat(second.communicate(utf8("two")).stdout()).asString().isEqualTo("two");
  }

  @Test
  @Covers("promise 11")
  void processBuildersDoNotHoldOurPipesOpen() throws Exception {
    var ours = start(Command.of("cat").stdin(io.github.jpopen.Redirect.PIPE).captureOutput());
    Process theirs = new ProcessBuilder("cat").start();
    assertThat(ours.communicate(utf8("one"), LONG).stdout()).asString().isEqualTo("one");
    theirs.getOutputStream().close();
    assertThat(theirs.waitFor()).isZero();
  }

  @Test
  void shellNeedsNoStandardStreams() throws Exception {
    assertThat(Command.shell("exit 3").stdin(DEVNULL).stdout(DEVNULL).stderr(DEVNULL).call())
        .isEqualTo(3);
  }
}
