package io.github.jpopen.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.SpawnException;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Remove;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a test of a program does with fakes: which is started, what it got, who is refused. */
class FakeProgramsTest extends FakeTest {
  private static String output(String... command) throws Exception {
    return Command.of(command[0], java.util.Arrays.copyOfRange(command, 1, command.length))
        .text()
        .checkOutput();
  }

  @Test
  void answersInPlaceOfTheProgram() throws Exception {
    fakes.on("git", "rev-parse").stdout("abc\n").exit(0);
    assertThat(output("git", "rev-parse", "HEAD")).isEqualTo("abc\n");
    assertThat(fakes.calls()).hasSize(1);
    assertThat(fakes.calls().getFirst().args()).containsExactly("git", "rev-parse", "HEAD");
  }

  @Test
  void exitCodeAndStderrReachTheException() {
    fakes.on("make").stdout("compiling\n").stderr("no rule\n").exit(2);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(() -> Command.of("make").captureOutput().check().run())
        .withMessage("command \"make\" returned exit status 2, and wrote to stderr:\n  no rule");
  }

  @Test
  void callHasInputDirectoryAndEnvironment(@TempDir Path folder) throws Exception {
    fakes.on("psql").stdout("1\n");
    CompletedProcess<String> run =
        Command.of("psql", "-c", "x")
            .cwd(folder)
            .env("PGPASSWORD", "secret")
            .input("select 1")
            .text()
            .captureOutput()
            .run();
    assertThat(run.stdout()).isEqualTo("1\n");
    FakeCall call = fakes.calls().getFirst();
    assertThat(call.inputText()).isEqualTo("select 1");
    assertThat(call.cwd()).contains(folder);
    assertThat(call.env()).containsEntry("PGPASSWORD", "secret").containsKey("PATH");
    assertThat(call.hasEnded()).isTrue();
  }

  @Test
  void wholeInputIsReadEvenIfNoActReads() throws Exception {
    byte[] input = new byte[3_000_000];
    java.util.Arrays.fill(input, (byte) 'x');
    fakes.on("sink").exit(0);
    Command.of("sink").input(input).check().run();
    assertThat(fakes.calls().getFirst().input()).isEqualTo(input);
  }

  @Test
  void refusesAProgramWithoutAScriptByName() {
    fakes.on("git", "rev-parse");
    assertThatThrownBy(() -> output("git", "push", "--force"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no fake program for [git, push, --force]; there are\n  [git, rev-parse]");
    assertThat(fakes.calls()).isEmpty();
  }

  @Test
  void secretsAreInArgsAndInNoMessage() throws Exception {
    assertThatThrownBy(() -> Command.of("curl").secretArg("hunter2").run())
        .hasMessage("no fake program for [curl, ***]: there is none at all");
    fakes.on("curl");
    Command.of("curl").secretArg("hunter2").run();
    assertThat(fakes.calls().getFirst().args()).containsExactly("curl", "hunter2");
    assertThat(fakes.calls().getFirst()).hasToString("[curl, ***]");
  }

  @Test
  void mostArgumentsWinWhateverTheOrder() throws Exception {
    fakes.on("git", "log").stdout("log");
    fakes.on("git").stdout("any");
    fakes.on("git", "log", "-1").stdout("one");
    assertThat(output("git", "log")).isEqualTo("log");
    assertThat(output("git", "log", "-1")).isEqualTo("one");
    assertThat(output("git", "status")).isEqualTo("any");
    fakes.on("git", "log").stdout("later");
    assertThat(output("git", "log")).isEqualTo("later");
  }

  @Test
  void conditionDecides() throws Exception {
    fakes.on("ls").stdout("plain");
    fakes.on(call -> call.args().contains("-l"), "ls").stdout("long");
    fakes.on(call -> call.args().size() == 1).stdout("alone");
    assertThat(output("ls", "-l")).isEqualTo("long");
    assertThat(output("ls")).isEqualTo("plain");
    assertThat(output("pwd")).isEqualTo("alone");
  }

  @Test
  void nameAlsoFitsAPath() throws Exception {
    fakes.on("git").stdout("found");
    assertThat(output("/usr/local/bin/git")).isEqualTo("found");
    assertThatThrownBy(() -> output("legit")).isInstanceOf(AssertionError.class);
  }

  @Test
  void scriptOfTheShellIsAnArgument() throws Exception {
    fakes.on(call -> call.args().getLast().startsWith("du ")).stdout("7\n");
    assertThat(Command.shell("du -s . | sort").text().checkOutput()).isEqualTo("7\n");
  }

  @Test
  void scriptThatBeginsLikeAnOptionFollowsTheirEnd() throws Exception {
    fakes.on("sh").exit(0);
    assertThat(Command.shell("-x").call()).isZero();
    assertThat(fakes.calls().getFirst().args()).containsExactly("/bin/sh", "-c", "--", "-x");
  }

  @Test
  void chosenShellIsTheFirstArgument() throws Exception {
    fakes.on("bash").stdout("7\n");
    Command<String> script = Command.shell("du -s .").executable(Path.of("/bin/bash")).text();
    assertThat(script.checkOutput()).isEqualTo("7\n");
    assertThat(fakes.calls().getFirst().args()).containsExactly("/bin/bash", "-c", "du -s .");
  }

  @Test
  void eachStartPlaysTheNextScriptAndTheLastAgain() throws Exception {
    fakes.on("curl").exit(7).then().exit(7).then().stdout("ok");
    assertThat(Command.of("curl").run().returncode()).isEqualTo(7);
    assertThat(Command.of("curl").run().returncode()).isEqualTo(7);
    assertThat(output("curl")).isEqualTo("ok");
    assertThat(output("curl")).isEqualTo("ok");
  }

  @Test
  void timeoutKillsAHangingFake() {
    fakes.on("server").stdout("ready\n").hangs();
    assertThatExceptionOfType(TimeoutExpiredException.class)
        .isThrownBy(() -> Command.of("server").captureOutput().timeout(Duration.ofMillis(20)).run())
        .satisfies(e -> assertThat(e.stdout().bytes()).isEqualTo("ready\n".getBytes(UTF_8)));
    assertThat(fakes.calls().getFirst().signals()).containsExactly(Signal.SIGKILL);
    assertThat(fakes.calls().getFirst().hasEnded()).isTrue();
  }

  @Test
  void failingStart() {
    fakes.on("nope").failsToStart(StartFailure.NOT_FOUND);
    assertThatExceptionOfType(SpawnException.class)
        .isThrownBy(() -> output("nope"))
        .withMessage("program not found: \"nope\"");
    assertThat(fakes.calls()).hasSize(1);
    assertThat(fakes.calls().getFirst().pid()).isZero();
  }

  @Test
  void delayIsRealTime() throws Exception {
    fakes.on("slow").stdout("a").after(Duration.ofMillis(50)).stdout("b");
    long start = System.nanoTime();
    assertThat(output("slow")).isEqualTo("ab");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(49));
  }

  @Test
  void dialogue() throws Exception {
    fakes.on("bc").answers(line -> line.equals("1+1") ? "2" : "error").exit(3);
    try (Popen<String> bc =
        Command.of("bc").stdin(Redirect.PIPE).stdout(Redirect.PIPE).text().start()) {
      var out = bc.stdoutReader();
      bc.stdinWriter().write("1+1\n");
      bc.stdinWriter().flush();
      assertThat(out.readLine()).isEqualTo("2");
      bc.stdinWriter().write("x\n");
      bc.stdinWriter().close();
      assertThat(out.readLine()).isEqualTo("error");
      assertThat(out.readLine()).isNull();
      assertThat(bc.waitFor()).isEqualTo(3);
    }
  }

  @Test
  void passesThrough() throws Exception {
    fakes.on("true").passesThrough();
    assertThat(Command.of("true").run().returncode()).isZero();
    fakes.passThrough();
    assertThat(Command.of("false").run().returncode()).isOne();
    assertThat(fakes.calls()).extracting(FakeCall::args).hasSize(2);
  }

  @Test
  void onlyOneInstallationAtATime() {
    assertThatThrownBy(FakePrograms::install)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("fakes are installed already: close them first");
    fakes.close();
    fakes.close();
    FakePrograms.install().close();
  }

  @Test
  void realProgramsAreBackAfterClose() throws Exception {
    fakes.on("true").exit(9);
    assertThat(Command.of("true").run().returncode()).isEqualTo(9);
    fakes.close();
    assertThat(Command.of("true").run().returncode()).isZero();
  }

  @Test
  void filesOfRedirectsAreReadAndWritten(@TempDir Path folder) throws Exception {
    Path in = Files.writeString(folder.resolve("in"), "from a file");
    Path out = folder.resolve("out");
    fakes.on("copy").readsInput().stdout("to a file").stderr("!");
    Command.of("copy")
        .stdin(Redirect.from(in))
        .stdout(Redirect.to(out))
        .stderr(Redirect.STDOUT)
        .run();
    assertThat(fakes.calls().getFirst().inputText()).isEqualTo("from a file");
    assertThat(out).hasContent("to a file!");
  }

  @Test
  void detachedIsStartedAndRecorded() throws Exception {
    fakes.on("daemon").hangs();
    long pid = Command.of("daemon", "-d").startDetached();
    assertThat(fakes.calls().getFirst().pid()).isEqualTo(pid);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(fakes.calls()).extracting(FakeCall::args).containsExactly(List.of("daemon", "-d"));
  }

  @Test
  void pipelineOfFakes() throws Exception {
    fakes.on("ls").stdout("b\na\n");
    fakes.on("sort").readsInput().stdout("a\nb\n");
    String sorted = Pipeline.of(Command.of("ls"), Command.of("sort")).text().checkOutput();
    assertThat(sorted).isEqualTo("a\nb\n");
    assertThat(fakes.calls().getLast().inputText()).isEqualTo("b\na\n");
  }

  @Test
  void reactionHasActsOnly() {
    FakeProgram server = fakes.on("server");
    for (Consumer<FakeProgram> wrong :
        List.<Consumer<FakeProgram>>of(
            s -> s.exit(1).then().exit(2),
            FakeProgram::ignoresInput,
            FakeProgram::leavesOutputOpen,
            FakeProgram::passesThrough,
            s -> s.uses(Duration.ZERO, Duration.ZERO, 1),
            s -> s.failsToStart(StartFailure.NOT_FOUND))) {
      assertThatThrownBy(() -> server.onSignal(Signal.SIGTERM, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("a reaction to a signal has acts only");
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "an exit code of Windows has 32 bits")
  void exitCodeOfPosixHasEightBits() {
    for (int code : new int[] {-1, 256}) {
      assertThatThrownBy(() -> fakes.on("x").exit(code))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not between 0 and 255");
    }
  }

  @Test
  void oneStartMayBeReal() throws Exception {
    fakes.on("true").exit(7).then().passesThrough().then().exit(8);
    assertThat(Command.of("true").run().returncode()).isEqualTo(7);
    assertThat(Command.of("true").run().returncode()).isZero();
    assertThat(Command.of("true").run().returncode()).isEqualTo(8);
  }

  @Test
  void killTreeIsASignal() throws Exception {
    fakes.on("server").leavesOutputOpen().hangs();
    try (Popen<byte[]> server = Command.of("server").killTree().start()) {
      assertThat(server.killTree()).isEmpty();
    }
    assertThat(fakes.calls().getFirst().signals()).containsExactly(Signal.SIGKILL);
  }

  @Test
  void environmentOfWindowsIgnoresCase() {
    Map<String, String> inherited = Map.of("Path", "a", "X", "1");
    List<EnvironmentChange> changes = List.of(new Put("PATH", "b"), new Remove("x"));
    Map<String, String> windows = FakeCall.env(inherited, changes, true);
    assertThat(windows.entrySet()).containsExactly(Map.entry("PATH", "b"));
    assertThat(windows.get("path")).isEqualTo("b");
    assertThat(FakeCall.env(inherited, changes, false))
        .isEqualTo(Map.of("Path", "a", "X", "1", "PATH", "b"));
  }
}
