package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.Command;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SpawnException.Culprit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Which program Windows runs for a name, and how cmd.exe runs a script. */
@EnabledOnOs(OS.WINDOWS)
public abstract class WindowsProgramContract extends ContractTest {
  private static Command<byte[]> exit5(String java) {
    List<String> launcher = ChildLauncher.ofJava();
    return Command.of(java).args(launcher.subList(1, launcher.size())).args("EXIT", "5");
  }

  @Test
  void nameIsSearchedInThePathOfTheChild() throws Exception {
    String bin = Path.of(System.getProperty("java.home"), "bin").toString();
    for (String name : List.of("java", "java.exe", "JAVA.EXE")) {
      assertThat(exit5(name).env("PATH", "C:\\nowhere;" + bin).call()).isEqualTo(5);
    }
  }

  @Test
  void workingDirectoryIsNotSearched() {
    Path bin = Path.of(System.getProperty("java.home"), "bin");
    for (String path : List.of("C:\\nowhere", ".", "", ";;.\\")) {
      assertThatExceptionOfType(SpawnException.class)
          .isThrownBy(() -> exit5("java").env("PATH", path).cwd(bin).call())
          .satisfies(e -> assertThat(e.culprit()).isEqualTo(Culprit.PROGRAM));
    }
  }

  @Test
  void relativeProgramIsFoundFromTheChildsDirectory() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    assertThat(exit5("bin\\java").cwd(home).call()).isEqualTo(5);
    assertThat(exit5("./java.exe").cwd(home.resolve("bin")).call()).isEqualTo(5);
  }

  @Test
  void executableRunsInsteadOfTheFirstArgument() throws Exception {
    assertThat(exit5("no-such-name").executable(Path.of(ChildLauncher.java())).call()).isEqualTo(5);
  }

  @Test
  @Covers("Win32.test_shell_string")
  void shellRunsTheScriptUnchanged() throws Exception {
    assertThat(Command.shell("echo \"a  b\" & echo c").text().checkOutput().strip())
        .startsWith("\"a  b\"")
        .endsWith("c");
  }

  @Test
  @Covers("Win32.test_shell_sequence")
  void shellSeesTheEnvironmentOfTheChild() throws Exception {
    assertThat(Command.shell("set").env("FRUIT", "banana").text().checkOutput())
        .contains("FRUIT=banana");
    assertThat(Command.shell("echo %FRUIT%").env("FRUIT", "banana").text().checkOutput())
        .startsWith("banana");
  }

  private static List<String> printing(String... words) {
    List<String> command = new ArrayList<>(ChildLauncher.command());
    command.add("PRINT_ARGS");
    command.addAll(List.of(words));
    return command;
  }

  private static String quoted(List<String> command) {
    return command.stream().map(word -> '"' + word + '"').collect(Collectors.joining(" "));
  }

  @Test
  @Covers({"Spaces.test_shell_string_with_spaces", "Spaces.test_shell_sequence_with_spaces"})
  void shellKeepsQuotedWordsTogether() throws Exception {
    List<String> command = printing("te st", "ab cd");
    assertThat(Command.shell(quoted(command)).text().checkOutput()).isEqualTo("[te st][ab cd]");
    String[] rest = command.subList(1, command.size()).toArray(String[]::new);
    String program = '"' + command.getFirst() + '"';
    assertThat(Command.shell(program, rest).text().checkOutput()).isEqualTo("[te st][ab cd]");
  }

  @Test
  @Covers("promise 8")
  void argumentsOfAScriptAreNeverRun() {
    for (String argument :
        List.of("a&ver", "a>b", "a|b", "a b\"&ver", "%OS%", "^", "!x!", "a\nver", "a\rver")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Command.shell("echo", argument).start())
          .withMessageContaining("cmd.exe would interpret");
    }
  }

  @Test
  void invalidPathIsAMissingProgram() {
    for (String program : List.of("a<b\\c", "foo:bar", "x?y/z.exe")) {
      assertThatExceptionOfType(SpawnException.class)
          .isThrownBy(() -> Command.of(program).start())
          .satisfies(e -> assertThat(e.culprit()).isEqualTo(Culprit.PROGRAM));
    }
  }

  /** A file name on Windows is any sequence of UTF-16 units; no other file may be written. */
  @Test
  @Covers("promise 8")
  void unpairedSurrogateInANameIsNotReplaced() throws Exception {
    Path precious = file("x\ufffdy", "precious");
    Path half = precious.resolveSibling("x\ud800y");
    try {
      int _ = child(out("written")).stdout(Redirect.to(half)).call();
    } catch (SpawnException e) {
      assertThat(e.culprit()).isEqualTo(Culprit.REDIRECT); // Wine has no such names
    }
    assertThat(precious).hasContent("precious");
  }
}
