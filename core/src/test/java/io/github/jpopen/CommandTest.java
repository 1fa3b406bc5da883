package io.github.jpopen;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.INHERIT;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.FileName;
import io.github.jpopen.spi.SpawnRequest.Identity;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Raw;
import io.github.jpopen.spi.SpawnRequest.Remove;
import io.github.jpopen.spi.SpawnRequest.Text;
import io.github.jpopen.spi.SpawnRequest.ToStderr;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of a command reaches the request that is started; no option changes a command. */
class CommandTest extends ScriptedTest {
  private static final Command<byte[]> PLAIN = Command.of("fake", "one");

  private SpawnRequest started(Command<?> command) throws Exception {
    ScriptedChild child = child();
    start(command);
    return child.request();
  }

  @Test
  void plainCommandInheritsEverything() throws Exception {
    SpawnRequest request = started(PLAIN);
    assertThat(request)
        .isEqualTo(
            new SpawnRequest(
                List.of(new Text("fake"), new Text("one")),
                false,
                null,
                null,
                List.of(),
                new Inherit(),
                new Inherit(),
                new Inherit(),
                PosixSettings.NONE,
                SpawnRequest.WindowsSettings.NONE,
                false,
                false));
    assertThat(request.program()).isEqualTo("fake");
  }

  @Test
  void pathOfAnotherFileSystemIsRefused(@TempDir Path folder) throws Exception {
    Path archive = folder.resolve("a.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Path inside = zip.getPath("/etc/passwd");
      Map<String, Function<Path, Object>> words =
          Map.of(
              "command[0]", Command::of,
              "executable", PLAIN::executable,
              "working directory", PLAIN::cwd);
      words.forEach((name, word) -> assertRefused(name, () -> word.apply(inside)));
      assertRefused("file", () -> Redirect.from(inside));
      assertRefused("file", () -> Redirect.to(inside));
      assertRefused("file", () -> Redirect.appendTo(inside));
    }
  }

  @Test
  void namesThatCannotBePassedAreRefused() {
    assertNoName("environment name contains NUL at index 1", () -> PLAIN.removeEnv("a\0"));
    assertNoName(
        "environment name cannot be encoded in UTF-8 at index 0", () -> PLAIN.removeEnv("\ud83d"));
    String half = "b\ud83d";
    assertNoName(
        "user cannot be encoded in UTF-8 at index 1", () -> PLAIN.posix(o -> o.user(half)));
    assertNoName(
        "group cannot be encoded in UTF-8 at index 1", () -> PLAIN.posix(o -> o.group(half)));
    assertNoName(
        "group contains NUL at index 1", () -> PLAIN.posix(o -> o.extraGroups(List.of("a\0"))));
  }

  private static void assertNoName(String message, ThrowingCallable word) {
    assertThatIllegalArgumentException().isThrownBy(word).withMessage(message);
  }

  private static void assertRefused(String what, ThrowingCallable word) {
    assertThatIllegalArgumentException()
        .isThrownBy(word)
        .withMessage(what + " belongs to another file system: jar");
  }

  @Test
  void programPathStaysAPath() throws Exception {
    Path program = Path.of("dir", "fake");
    SpawnRequest request = started(Command.of(program, "one"));
    assertThat(request.command()).containsExactly(new FileName(program), new Text("one"));
    assertThat(request.program()).isEqualTo(program.toString());
  }

  @Test
  void everyOptionReturnsANewCommand() throws Exception {
    SpawnRequest before = started(PLAIN);
    List<UnaryOperator<Command<byte[]>>> words =
        List.of(
            c -> c.args("two"),
            c -> c.args(List.of("two")),
            c -> c.rawArg(new byte[] {'2'}),
            c -> c.executable(Path.of("other")),
            c -> c.cwd(Path.of("dir")),
            c -> c.env("A", "b"),
            c -> c.env(Map.of("A", "b")),
            c -> c.removeEnv("A"),
            Command::clearEnv,
            c -> c.stdin(PIPE),
            c -> c.stdout(DEVNULL),
            c -> c.stderr(STDOUT),
            Command::captureOutput,
            c -> c.posix(PosixOptions::newSession),
            c -> c.windows(w -> w.creationFlags(8)));
    for (UnaryOperator<Command<byte[]>> word : words) {
      Command<byte[]> changed = word.apply(PLAIN);
      assertThat(changed).isNotSameAs(PLAIN);
      assertThat(started(changed)).isNotEqualTo(before);
      assertThat(started(PLAIN)).isEqualTo(before);
    }
    for (Command<?> same :
        new Command<?>[] {PLAIN.killOnClose(), PLAIN.text(), PLAIN.offHeap(Arena.ofAuto())}) {
      assertThat(same).isNotSameAs(PLAIN);
      assertThat(started(same)).isEqualTo(before);
    }
  }

  @Test
  void argumentsAreCopied() throws Exception {
    List<String> argv = new ArrayList<>(List.of("fake", "a"));
    byte[] raw = {'b', (byte) 0xFF};
    Command<byte[]> command = Command.of(argv).rawArg(raw).args("c");
    argv.set(1, "X");
    raw[0] = 'X';
    assertThat(command.argv()).containsExactly("fake", "a", "b\uFFFD", "c");
    assertThat(((Raw) started(command).command().get(2)).bytes()).containsExactly('b', 0xFF);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> command.argv().add("more"));
  }

  @Test
  void environmentChangesKeepTheirOrder() throws Exception {
    Map<String, String> more = new LinkedHashMap<>();
    more.put("B", "2");
    more.put("C", "=3=");
    Command<byte[]> command = PLAIN.env("A", "1").clearEnv().env(more).removeEnv("B").env("A", "");
    more.clear();
    assertThat(started(command).environment())
        .containsExactly(
            new Put("A", "1"),
            new Clear(),
            new Put("B", "2"),
            new Put("C", "=3="),
            new Remove("B"),
            new Put("A", ""));
  }

  @Test
  void redirectsReachTheRequest() throws Exception {
    Path file = Path.of("some file");
    SpawnRequest request =
        started(
            PLAIN
                .stdin(Redirect.from(file))
                .stdout(Redirect.to(file))
                .stderr(Redirect.appendTo(file)));
    assertThat(request.stdin()).isEqualTo(new File(file, File.Mode.READ));
    assertThat(request.stdout()).isEqualTo(new File(file, File.Mode.WRITE));
    assertThat(request.stderr()).isEqualTo(new File(file, File.Mode.APPEND));
    request = started(PLAIN.stdin(DEVNULL).stdout(Redirect.fd(7)).stderr(STDOUT));
    assertThat(request.stdin()).isEqualTo(new Null());
    assertThat(request.stdout()).isEqualTo(new Descriptor(7));
    assertThat(request.stderr()).isEqualTo(new ToStdout());
    request = started(PLAIN.stdout(Redirect.STDERR));
    assertThat(request.stdout()).isEqualTo(new ToStderr());
    assertThat(request.stderr()).isEqualTo(new Inherit());
    request = started(PLAIN.captureOutput().stdin(PIPE).stdin(INHERIT));
    assertThat(request.stdin()).isEqualTo(new Inherit());
    assertThat(request.stdout()).isEqualTo(new Pipe());
    assertThat(request.stderr()).isEqualTo(new Pipe());
  }

  @Test
  void directoryAndOptionsReachTheRequest() throws Exception {
    SpawnRequest request =
        started(
            Command.shell("script", "$0", "$1")
                .executable(Path.of("/bin/ksh"))
                .cwd(Path.of("dir"))
                .posix(o -> o.newSession().processGroup(0).pipeSize(65536).resetAllSignals())
                .windows(o -> o.creationFlags(0x200).showWindow(1)));
    assertThat(request.shell()).isTrue();
    assertThat(request.command())
        .containsExactly(new Text("script"), new Text("$0"), new Text("$1"));
    assertThat(request.executable()).isEqualTo(Path.of("/bin/ksh"));
    assertThat(request.directory()).isEqualTo(Path.of("dir"));
    assertThat(request.posix())
        .isEqualTo(
            new PosixSettings(
                true,
                OptionalInt.of(0),
                OptionalInt.of(65536),
                List.of(),
                OptionalInt.empty(),
                Identity.OURS,
                true,
                Optional.empty()));
    assertThat(request.windows())
        .isEqualTo(new SpawnRequest.WindowsSettings(0x200, OptionalInt.of(1)));
  }

  @Test
  void childOfWindowsThatIsAskedWithItsTreeHasAGroup() throws Exception {
    int group = Platforms.isWindows() ? 0x200 : 0;
    Duration grace = Duration.ofSeconds(1);
    assertThat(started(PLAIN.grace(grace)).windows().creationFlags()).isZero();
    assertThat(started(PLAIN.killTree()).windows().creationFlags()).isZero();
    Command<byte[]> both = PLAIN.killTree().grace(grace);
    assertThat(started(both).windows().creationFlags()).isEqualTo(group);
    assertThat(started(both.windows(o -> o.creationFlags(0x10))).windows().creationFlags())
        .isEqualTo(group | 0x10);
    assertThat(WindowsOptions.NONE.withGroup(true).hasOwnGroup()).isTrue();
    assertThat(WindowsOptions.NONE.withGroup(false).hasOwnGroup()).isFalse();
  }

  @Test
  void onlyKillOnExitTiesTheEndOfAChildToOurs() throws Exception {
    assertThat(started(PLAIN.killOnExit()).endsWithUs()).isTrue();
    assertThat(started(PLAIN.killTree().killOnClose()).endsWithUs()).isFalse();
  }

  @Test
  void lastValueOfEachPosixOptionWins() throws Exception {
    SpawnRequest request =
        started(
            PLAIN
                .posix(o -> o.passFds(9).umask(0).user(7).group("g").extraGroups())
                .posix(o -> o.passFds(3, 4).umask(027).user("u").extraGroups(8, 9))
                .posix(o -> o.newCgroupBelow(Path.of("/b")).newCgroupBelow(Path.of("/c"))));
    assertThat(request.posix())
        .isEqualTo(
            new PosixSettings(
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                List.of(3, 4),
                OptionalInt.of(027),
                new Identity(
                    Optional.of(new Account.Name("u")),
                    Optional.of(new Account.Name("g")),
                    Optional.of(List.of(new Account.Id(8), new Account.Id(9)))),
                false,
                Optional.of(Path.of("/c"))));
  }

  @Test
  void exclusiveOptionsAreRefusedInBothOrders() {
    String advice =
        " are mutually exclusive: for both outputs in one stream use stdout(PIPE).stderr(STDOUT)";
    assertRefused("captureOutput and stdout" + advice, c -> c.stdout(PIPE).captureOutput());
    assertRefused("captureOutput and stdout" + advice, c -> c.captureOutput().stdout(PIPE));
    assertRefused("captureOutput and stderr" + advice, c -> c.captureOutput().stderr(STDOUT));
    assertRefused(
        "captureOutput and stdout and stderr" + advice,
        c -> c.stdout(PIPE).stderr(PIPE).captureOutput());
    assertRefused(
        "stdin and input are mutually exclusive: input makes stdin a pipe",
        c -> c.stdin(PIPE).input("x"));
    assertRefused(
        "stdin and input are mutually exclusive: input makes stdin a pipe",
        c -> c.input("x").stdin(PIPE));
  }

  @Test
  void redirectsToTheWrongStreamAreRefused() {
    Path file = Path.of("f");
    assertRefused("STDOUT is only for stderr: use PIPE, or to(file)", c -> c.stdout(STDOUT));
    assertRefused("STDOUT is only for stderr: use PIPE, or to(file)", c -> c.stdin(STDOUT));
    assertRefused(
        "STDERR is only for stdout: use PIPE, or to(file)", c -> c.stderr(Redirect.STDERR));
    assertRefused(
        "STDERR is only for stdout: use PIPE, or to(file)", c -> c.stdin(Redirect.STDERR));
    assertRefused(
        "to(file) is for an output, not for stdin: use from(file)",
        c -> c.stdin(Redirect.to(file)));
    assertRefused(
        "appendTo(file) is for an output, not for stdin: use from(file)",
        c -> c.stdin(Redirect.appendTo(file)));
    assertRefused(
        "from(file) is for stdin, not for stdout: use to(file)",
        c -> c.stdout(Redirect.from(file)));
    assertRefused(
        "from(file) is for stdin, not for stderr: use to(file)",
        c -> c.stderr(Redirect.from(file)));
    assertRefused("descriptor -1 is negative", c -> c.stdin(Redirect.fd(-1)));
  }

  @Test
  void invalidArgumentsAreRefusedWithoutTheirValue() {
    assertRefused("command is empty", c -> Command.of(List.of()));
    assertRefused("the program's name is empty", c -> Command.of(""));
    assertRefused("the program's name is that of a directory", c -> Command.of("dir/"));
    assertRefused("the program's name is that of a directory", c -> Command.of(".."));
    assertRefused("command[2] contains NUL at index 6", c -> c.args("secret\0"));
    assertRefused("command[1] contains NUL at index 3", c -> Command.of("x", "abc\0"));
    assertRefused("command[2] contains NUL at index 1", c -> c.rawArg(new byte[] {1, 0}));
    assertRefused("command[2] cannot be encoded in UTF-8 at index 1", c -> c.args("a\uD83D"));
    assertRefused("environment name is empty", c -> c.env("", "secret"));
    assertRefused("environment name contains \"=\" at index 1", c -> c.env("A=", "secret"));
    assertRefused("environment name contains \"=\" at index 1", c -> c.removeEnv("A="));
    assertRefused(
        "environment entry #2 contains NUL: \"B\"", c -> c.clearEnv().env("B", "secret\0"));
    assertRefused("working directory is empty", c -> c.cwd(Path.of("")));
    assertRefused("umask 512 is not between 0 and 511 (0777)", c -> c.posix(o -> o.umask(01000)));
    assertRefused("process group -1 is negative", c -> c.posix(o -> o.processGroup(-1)));
    assertRefused("pipe size 0 is not positive", c -> c.posix(o -> o.pipeSize(0)));
    assertRefused(
        "show command 65536 does not fit in 16 bits", c -> c.windows(o -> o.showWindow(65536)));
  }

  private static void assertRefused(String message, UnaryOperator<Command<byte[]>> words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> words.apply(PLAIN))
        .withMessage(message)
        .withMessageNotContaining("secret");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> PLAIN.env("PATH", nothing()))
        .withMessage("environment value of \"PATH\" is null: removeEnv removes it");
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> PLAIN.args("a", nothing()))
        .withMessage("command[3] is null");
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> PLAIN.timeout(nothing()))
        .withMessage("timeout is null");
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a careless caller has
  private static <V> V nothing() {
    return null;
  }

  @Test
  void lastValueOfAnOptionWins() throws Exception {
    child().stdout("ä").endsOutputs().exits(0);
    assertThat(start(PIPES.text(StandardCharsets.ISO_8859_1).text()).communicate().stdout())
        .isEqualTo("ä");
    assertThat(started(PLAIN.stdout(DEVNULL).stdout(PIPE)).stdout()).isEqualTo(new Pipe());
  }

  @Test
  void secretsAreNotShown() {
    assertThat(Command.of("fake", "--password", "hunter2").env("TOKEN", "hunter2"))
        .hasToString("Command[fake, 2 arguments]");
    assertThat(Command.of("fake", "hunter2").input("hunter2"))
        .hasToString("Command[fake, 1 argument]");
    assertThat(Command.shell("login hunter2")).hasToString("Command[shell, 0 arguments]");
  }

  @Test
  void scriptIsNeverShown() throws Exception {
    child();
    Popen<byte[]> p = start(Command.shell("login hunter2").stdout(PIPE));
    assertThat(p.toString()).doesNotContain("hunter2");
    assertThat(timedOut(() -> p.communicate(NONE))).message().doesNotContain("hunter2");
    child().exits(1);
    CompletedProcess<byte[]> completed = Command.shell("login hunter2").run();
    assertThat(completed.toString()).doesNotContain("hunter2");
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(completed::checkReturncode)
        .withMessageNotContaining("hunter2");
  }
}
