package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SpawnException.Culprit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which program runs, where, and with which arguments. */
public abstract class ProgramContract extends ContractTest {

  @Test
  @Covers({"Spaces.test_noshell_sequence_with_spaces", "promise 6", "promise 8"})
  void argumentsArriveUnchanged() throws Exception {
    String[] odd = {
      "", "a b", "\"", "\\", "a\\\"b", "\\\\ ", "'", "$HOME", "* *", "%PATH%", "-x", "a\nb", "\t"
    }; // no asterisk without a blank: the launcher of Java on Windows takes it for file names
    assertThat(child(printArgs(odd)).text().checkOutput())
        .isEqualTo("[" + String.join("][", odd) + "]");
  }

  @Test
  @PosixOnly("arguments are text on Windows")
  @Covers({"promise 6", "promise 8"})
  void argumentsKeepTheirBytesInEveryLocale() throws Exception {
    byte[] raw = {'r', (byte) 0xff, (byte) 0x80, '\n', 1};
    byte[] received =
        Command.of("printf", "%s|", "\u00e9\u2603", "")
            .rawArg(raw)
            .args("\ud83d\ude00")
            .checkOutput();
    byte[] before = utf8("\u00e9\u2603||");
    byte[] after = utf8("|\ud83d\ude00|");
    byte[] expected = new byte[before.length + raw.length + after.length];
    System.arraycopy(before, 0, expected, 0, before.length);
    System.arraycopy(raw, 0, expected, before.length, raw.length);
    System.arraycopy(after, 0, expected, before.length + raw.length, after.length);
    assertThat(received).isEqualTo(expected);
  }

  @Test
  @Covers({"test_cwd", "test_cwd_with_pathlike", "promise 6"})
  void childRunsInItsDirectory() throws Exception {
    Path directory = Files.createDirectory(file("a b \u00e9"));
    Command<String> command = child(printCwd()).text();
    assertThat(command.cwd(temp()).checkOutput()).isEqualTo(temp().toRealPath().toString());
    assertThat(command.checkOutput()).isEqualTo(Path.of("").toRealPath().toString());
    assertThat(child(touch(Path.of("made"))).cwd(directory).call()).isZero();
    assertThat(directory.resolve("made")).exists();
  }

  private Path script(Path script, String text) throws Exception {
    Files.writeString(script, text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  @PosixOnly("the program is a script with permissions")
  @Covers("test_cwd_with_relative_arg")
  void relativeProgramIsFoundFromTheChildsDirectory() throws Exception {
    Path program = script(file("program"), "#!/bin/sh\nexit 12\n");
    assertThat(Command.of("./program").cwd(temp()).call()).isEqualTo(12);
    String other = Path.of("..", temp().getFileName().toString(), "program").toString();
    assertThat(Command.of(other).cwd(temp()).call()).isEqualTo(12);
    assertThat(catchThrowableOfType(SpawnException.class, () -> Command.of("./program").call()))
        .isNotNull();
    assertThat(program).exists();
  }

  @Test
  @PosixOnly("the program is a script with permissions")
  @Covers("test_cwd_with_relative_executable")
  void relativeExecutableIsFoundFromTheChildsDirectory() throws Exception {
    Path program = script(file("program"), "#!/bin/sh\nexit 13\n");
    Command<byte[]> command = Command.of("any name").executable(Path.of("./program"));
    assertThat(command.cwd(temp()).call()).isEqualTo(13);
    assertThat(program).exists();
  }

  @Test
  @Covers("test_cwd_with_absolute_arg")
  void absoluteProgramRunsInAnyDirectory() throws Exception {
    assertThat(child(exit(14)).cwd(temp()).call()).isEqualTo(14);
  }

  @Test
  @PosixOnly("the program is /bin/sh")
  @Covers({"test_executable", "test_pathlike_executable", "test_executable_takes_precedence"})
  void executableRunsInsteadOfTheFirstArgument() throws Exception {
    assertThat(
            Command.of("made-up", "-c", "echo $0 $1", "zero", "one")
                .executable(Path.of("/bin/sh"))
                .text()
                .checkOutput())
        .isEqualTo("zero one\n");
    assertThat(Command.of("/nonexisting", "-c", "exit 47").executable(Path.of("/bin/sh")).call())
        .isEqualTo(47);
  }

  @Test
  @PosixOnly("the program reads /proc")
  @Covers({"test_executable_with_cwd", "test_executable_without_cwd"})
  void firstArgumentReachesTheProgramUnchanged() throws Exception {
    Command<String> command =
        Command.of("some where", "-c", "tr '\\0' '|' < /proc/$$/cmdline")
            .executable(Path.of("/bin/sh"))
            .text();
    assumeTrue(Resources.COUNTABLE, "needs /proc");
    assertThat(command.checkOutput()).startsWith("some where|-c|");
    assertThat(command.cwd(temp()).checkOutput()).startsWith("some where|-c|");
  }

  @Test
  @PosixOnly("the programs are scripts with permissions")
  void nameIsSearchedInThePathOfTheChild() throws Exception {
    Path first = Files.createDirectory(file("first"));
    Path second = Files.createDirectory(file("second"));
    assertThat(script(second.resolve("jpopen-tool"), "#!/bin/sh\nexit 21\n")).exists();
    String path = first + ":" + second;
    Command<byte[]> command = Command.of("jpopen-tool").env("PATH", path);
    assertThat(command.call()).isEqualTo(21);
    Files.writeString(first.resolve("jpopen-tool"), "not executable");
    assertThat(command.call()).as("what cannot be run is passed over").isEqualTo(21);
    Files.delete(first.resolve("jpopen-tool"));
    Files.createDirectory(first.resolve("jpopen-tool"));
    assertThat(command.call()).as("a directory is passed over").isEqualTo(21);
    Files.delete(first.resolve("jpopen-tool"));
    assertThat(script(first.resolve("jpopen-tool"), "#!/bin/sh\nexit 22\n")).exists();
    assertThat(command.call()).as("the first one wins").isEqualTo(22);
  }

  @Test
  @PosixOnly("the program is a script with permissions")
  @Covers("promise 8")
  void emptyAndRelativePathEntriesAreSkipped() throws Exception {
    Path tool = script(file("jpopen-tool"), "#!/bin/sh\nexit 23\n");
    for (String path : List.of("", ":", ":/nonexisting", "/nonexisting:", ".", "..:.", "./")) {
      SpawnException e =
          catchThrowableOfType(
              SpawnException.class,
              () -> Command.of("jpopen-tool").env("PATH", path).cwd(temp()).call());
      assertThat(e).as("PATH=" + path).isNotNull();
      assertThat(e.culprit()).isEqualTo(Culprit.PROGRAM);
    }
    assertThat(tool).exists();
  }

  @Test
  @PosixOnly("Windows has no default PATH")
  void systemToolsAreFoundWithoutPath() throws Exception {
    assertThat(Command.of("cat").clearEnv().input(utf8("x")).checkOutput()).hasSize(1);
  }

  @Test
  @PosixOnly("the child reads /proc")
  @Covers({"Posix.test_close_fds", "promise 6"})
  void childHasExactlyThreeDescriptors() throws Exception {
    assumeTrue(Resources.COUNTABLE, "needs /proc");
    try (var one = Files.newByteChannel(file("one", ""));
        var other = Files.newByteChannel(file("other", ""))) {
      assertThat(one.isOpen() && other.isOpen()).isTrue();
      var p = start(Command.shell("ls /proc/$$/fd; :").text().stdin(PIPE).captureOutput());
      // A shell that saves descriptors does so at 10 and above.
      assertThat(p.communicate().stdout().lines().filter(fd -> Integer.parseInt(fd) < 10))
          .containsExactlyInAnyOrder("0", "1", "2");
    }
  }

  @Test
  void manyArgumentsArriveWhole() throws Exception {
    String[] many = new String[2_000];
    Arrays.setAll(many, i -> "a" + i);
    assertThat(child(printArgs(many)).text().checkOutput())
        .isEqualTo("[" + String.join("][", many) + "]");
  }
}
