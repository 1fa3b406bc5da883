package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Popen;
import io.github.jpopen.Signal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What depends on how the JVM itself was started; each test starts a {@link HostProgram}. */
public abstract class HostContract extends ContractTest {
  private static final List<String> ALLOWED = List.of("--enable-native-access=ALL-UNNAMED");

  private static Command<String> host(String task, String... args) {
    return quiet(Command.of(HostProgram.launcher(ALLOWED, task, args))).timeout(LONG);
  }

  /** Without the variables whose options a JVM announces on stderr. */
  private static Command<String> quiet(Command<byte[]> host) {
    return host.removeEnv("JAVA_TOOL_OPTIONS").removeEnv("JDK_JAVA_OPTIONS").text();
  }

  /** The host as a shell starts it: {@code "$@"} in the script is the host. */
  private static Command<String> hostIn(String script, String task, String... args) {
    Command<byte[]> shell = Command.shell(script, "sh");
    return quiet(shell.args(HostProgram.launcher(ALLOWED, task, args))).timeout(LONG);
  }

  @Test
  @Covers({"test_stdout_none", "test_issue8780"})
  void unsetStreamsAreInherited() throws Exception {
    CompletedProcess<String> result = host("INHERITING").captureOutput().run();
    assertThat(result.stdout()).isEqualTo("out ");
    assertThat(result.stderr()).isEqualTo("err ");
    assertThat(result.returncode()).isZero();
  }

  @Test
  @Covers({"test_stderr_redirect_with_no_stdout_redirect", "rule 44"})
  void stderrGoesToAnInheritedStdout() throws Exception {
    CompletedProcess<String> result = host("MERGING").captureOutput().run();
    assertThat(result.stdout()).isEqualTo("err");
    assertThat(result.stderr()).isEmpty();
  }

  @Test
  @Covers("rule 44")
  void stdoutGoesToAnInheritedStderr() throws Exception {
    CompletedProcess<String> result = host("MIRRORING").captureOutput().run();
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr()).isEqualTo("out err");
  }

  @Test
  @Covers("Posix.test_swap_fds")
  void inheritedOutputsAreExchanged() throws Exception {
    CompletedProcess<String> result = host("EXCHANGING").captureOutput().run();
    assertThat(result.stdout()).isEqualTo("err");
    assertThat(result.stderr()).isEqualTo("out");
  }

  @ParameterizedTest
  @CsvSource({"1,EXCHANGING,out", "2,EXCHANGING,err", "1,MIRRORING,out err", "2,MIRRORING,''"})
  @PosixOnly("a shell closes a descriptor")
  @Covers("Posix.test_swap_std_fds_with_one_closed")
  void exchangedOutputThatWasClosedIsDiscarded(int closed, String task, String left)
      throws Exception {
    CompletedProcess<String> result =
        hostIn("exec \"$@\" " + closed + ">&-", task).captureOutput().run();
    assertThat(result.returncode()).isZero();
    assertThat(result.stdout() + result.stderr()).isEqualTo(left);
  }

  @Test
  @PosixOnly("descriptors have numbers on POSIX only")
  @Covers("test_stdout_filedes_of_stdout")
  void ourDescriptorsCanBeStreams() throws Exception {
    CompletedProcess<String> result = host("NUMBERED").captureOutput().run();
    assertThat(result.stdout()).isEqualTo("out err");
    assertThat(result.stderr()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"})
  @PosixOnly("descriptors have numbers on POSIX only")
  @Covers({"Posix.test_swap_fds", "Posix.test_remapping_std_fds", "promise 17"})
  void ourDescriptorsCanBeStreamsInAnyOrder(int in, int out, int err) throws Exception {
    List<Path> files = List.of(file("0", ""), file("1", ""), file("2", ""));
    Files.writeString(files.get(in), "input");
    String script = "f0=$1 f1=$2 f2=$3; shift 3; exec \"$@\" 0<>\"$f0\" 1<>\"$f1\" 2<>\"$f2\"";
    String[] numbers = {Integer.toString(in), Integer.toString(out), Integer.toString(err)};
    Command<byte[]> host =
        Command.shell(script, "sh")
            .args(files.stream().map(Path::toString).toList())
            .args(HostProgram.launcher(ALLOWED, "SHUFFLED", numbers));
    assertThat(quiet(host).timeout(LONG).call()).isZero();
    assertThat(files.get(in)).hasContent("input");
    assertThat(files.get(out)).hasContent("input");
    assertThat(files.get(err)).hasContent("err");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "1", "2", "01", "02", "12", "012"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers({
    "Posix.test_close_fd_0",
    "Posix.test_close_fd_1",
    "Posix.test_close_fd_2",
    "Posix.test_close_fds_0_1",
    "Posix.test_close_fds_0_2",
    "Posix.test_close_fds_1_2",
    "Posix.test_close_fds_0_1_2",
    "Posix.test_swap_std_fds_with_one_closed",
    "promise 17"
  })
  void closedDescriptorsAtTheStartDoNoHarm(String closed) throws Exception {
    StringBuilder script = new StringBuilder("exec \"$@\"");
    closed.chars().forEach(n -> script.append(' ').append((char) n).append(">&-"));
    Path report = file("report");
    Path streams = file("streams", "");
    Command<String> host =
        hostIn(script.toString(), "WITHOUT", report.toString())
            .stdin(io.github.jpopen.Redirect.from(streams))
            .stdout(io.github.jpopen.Redirect.to(streams))
            .stderr(io.github.jpopen.Redirect.to(streams));
    assertThat(host.call()).isZero();
    List<String> lines = Files.readAllLines(report);
    assertThat(lines.getFirst()).isEqualTo("through pipes|through pipes");
    for (int n = 0; n < 3; n++) {
      // The question itself is asked through the child's stdout, which it has redirected.
      if (n != 1) {
        boolean wasClosed = closed.contains(Integer.toString(n));
        String expected = wasClosed ? "/dev/null" : streams.toRealPath().toString();
        assertThat(lines.get(1 + n)).as("descriptor " + n).isEqualTo(expected);
      }
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "counts descriptors in /proc")
  @Covers({"test_no_leaking", "promise 7", "promise 9"})
  void tenFreeDescriptorsAreEnough() throws Exception {
    CompletedProcess<String> result =
        hostIn("ulimit -n 100; exec \"$@\"", "EXHAUSTED").captureOutput().run();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).isEqualTo("RESOURCES/EMFILE 15 0PROGRAM/ENOENT");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "needs prlimit")
  @DisabledIfSystemProperty(
      named = "io.github.jpopen.posix.spawnTier",
      matches = "snapshot",
      disabledReason = "glibc's addclose refuses numbers above RLIMIT_NOFILE")
  @Covers({"Posix.test_close_fds_when_max_fd_is_lowered", "promise 6"})
  void descriptorsAboveTheLimitAreNotInherited() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/prlimit")), "needs prlimit");
    assertThat(host("LOWERED").checkOutput())
        .as("0 to 2, and what ls itself opens")
        .isEqualTo("0\n1\n2\n3\n200");
  }

  @Test
  @PosixOnly("Windows has no signals")
  @Covers({"Posix.test_wait_when_sigchild_ignored", "rule 32", "promise 16"})
  void ignoredSigchldGivesTrueOrUnknownCodes() throws Exception {
    String unknown = Integer.toString(Integer.MIN_VALUE);
    String ends = hostIn("trap '' CHLD; exec \"$@\"", "ENDING").captureOutput().run().stdout();
    assertThat(ends).isIn("7 0", unknown + " " + unknown);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the environment is text on other systems")
  @Covers({"Posix.test_undecodable_env", "promise 6"})
  void inheritedVariablesKeepTheirBytes() throws Exception {
    byte[] environment =
        hostIn("LC_ALL=C ODD=$(printf '\\377\\200'); export LC_ALL ODD; exec \"$@\"", "ENVIRONMENT")
            .bytes()
            .captureOutput()
            .run()
            .stdout();
    String text = new String(environment, StandardCharsets.ISO_8859_1);
    assertThat(List.of(text.split("\0", -1))).contains("ODD=\u00ff\u0080", "LC_ALL=C");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "file names are text on other systems")
  void fileWithUnencodableNameIsSent() throws Exception {
    Path directory = Files.createDirectory(file("odd"));
    String file = "'" + directory + "/'$(printf '\\303\\251')";
    CompletedProcess<String> sent =
        hostIn(
                "LC_ALL=C; export LC_ALL; printf sent > " + file + "; exec \"$@\"",
                "SENDING",
                directory.toString())
            .captureOutput()
            .run();
    assertThat(sent.stderr()).isEmpty();
    assertThat(sent.stdout()).isEqualTo("sent");
  }

  /** A stop and a continue interrupt epoll_wait(2) with EINTR, even without a handler. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has EINTR after a stop")
  @Covers({"test_communicate_eintr", "promise 21"})
  void stoppedJvmContinuesItsConversations() throws Exception {
    Path gate = gate("end");
    List<String> command = HostProgram.launcher(ALLOWED, "TALKING", gate.toString());
    Popen<String> host = start(quiet(Command.of(command)).captureOutput());
    for (int i = 0; i < 20; i++) {
      assertThat(host.poll(Duration.ofMillis(20))).isEmpty();
      assertThat(host.sendSignal(Signal.SIGSTOP)).isTrue();
      assertThat(host.sendSignal(Signal.SIGCONT)).isTrue();
    }
    open(gate);
    var output = host.communicate(LONG);
    assertThat(output.stdout()).isEqualTo("ab ab");
    assertThat(output.stderr()).isEmpty();
  }

  @Test
  @Covers("promise 22")
  void jvmCanEndWhileChildrenLive() throws Exception {
    Path gate = gate("end");
    Path out = file("out");
    Command<String> host =
        host("LEAVING", gate.toString()).stdout(io.github.jpopen.Redirect.to(out));
    assertThat(host.call()).isZero(); // sooner than its child, which waits for the gate
    assertThat(out).hasContent("left true");
  }

  @ParameterizedTest
  @CsvSource({"return, 0", "graceful, 0", "exit, 7", "run, 7", "tree, 0"})
  void childrenEndWithTheJvm(String way, int code) throws Exception {
    // The child inherits the outputs of the host, so these end when both have ended.
    CompletedProcess<String> result = host("KILLING", way).captureOutput().run();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.returncode()).isEqualTo(code);
  }

  @Test
  void whatAnEndedChildHasStartedOutlivesTheJvm() throws Exception {
    Path ready = file("ready");
    Path gate = gate("end");
    Path done = file("done");
    String[] files = {ready.toString(), gate.toString(), done.toString()};
    assertThat(host("BEQUEATHING", files).call()).isZero();
    open(gate);
    await(done);
  }

  @Test
  void childrenAreRefusedWhenTheJvmEnds() throws Exception {
    CompletedProcess<String> result = host("KILLING", "late").captureOutput().run();
    assertThat(result.stdout()).isEqualTo("the JVM is ending, and killOnExit was set");
    assertThat(result.returncode()).isZero();
  }

  @Test
  @PosixOnly("SIGTERM ends a JVM on POSIX only")
  void childrenEndWithTheSignalledJvm() throws Exception {
    List<String> command = HostProgram.launcher(ALLOWED, "KILLING", "signal");
    Popen<String> host = start(quiet(Command.of(command)).captureOutput());
    assertThat(host.stdoutReader().readLine()).isEqualTo("up");
    assertThat(host.terminate()).isTrue();
    assertThat(host.communicate(LONG).isComplete()).isTrue();
    assertThat(host.returncode()).isEqualTo(143);
  }

  @Test
  void everyDeniedCallNamesTheFlag() throws Exception {
    List<String> denied = List.of("--illegal-native-access=deny");
    CompletedProcess<String> result =
        Command.of(HostProgram.launcher(denied, "DENIED"))
            .text()
            .captureOutput()
            .timeout(LONG)
            .run();
    List<String> lines = result.stdout().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("java.lang.IllegalCallerException")
                    .contains("--enable-native-access="));
  }

  @Test
  void virtualThreadConversationsAddOnlyOurThreads() throws Exception {
    CompletedProcess<String> result = host("CROWDED").captureOutput().run();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout().split(" "))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("jpopen-"));
    assertThat(result.returncode()).isZero();
  }

  @Test
  void threadsKeepNothingOfTheFirstCaller() throws Exception {
    CompletedProcess<String> result = host("INHERITING_NOTHING").captureOutput().run();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).isEqualTo("collected 2");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "counts pipes in /proc")
  @Covers({"promise 18", "promise 9"})
  void forgottenChildIsCollectedWithAWarning() throws Exception {
    CompletedProcess<String> result = host("FORGETTING").captureOutput().run();
    assertThat(result.stdout()).isEqualTo("2");
    assertThat(result.stderr()).contains("WARNING");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void listenerThatFailsBreaksNothingWithoutALog(boolean logged) throws Exception {
    CompletedProcess<String> result =
        withoutLog("LISTENING", "-Dio.github.jpopen.log=" + logged).captureOutput().run();
    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).isEqualTo("7");
  }

  @Test
  void forgottenChildIsReportedToItsListenerWithoutALog() throws Exception {
    assertThat(withoutLog("DROPPING").captureOutput().run().stdout()).isEqualTo("told");
  }

  /** The host where no logger can be made. */
  private Command<String> withoutLog(String task, String... more) throws IOException {
    Path folder = gate("services");
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve("java.lang.System$LoggerFinder"), NoLogs.class.getName());
    List<String> options = new ArrayList<>(ALLOWED);
    options.addAll(List.of(more));
    List<String> launcher = new ArrayList<>(HostProgram.launcher(options, task));
    int path = launcher.indexOf("-cp") + 1;
    launcher.set(path, launcher.get(path) + File.pathSeparator + folder);
    return quiet(Command.of(launcher)).timeout(LONG);
  }
}
