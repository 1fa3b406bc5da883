package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.jpopen.contract.Covers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Command#parse}: a line means what it means to sh, or is rejected. */
class CommandParseTest {
  @TempDir Path temp = Path.of("");

  static Stream<Arguments> lines() {
    return Stream.of(
        Arguments.of("git", List.of("git")),
        Arguments.of("  git \t log  ", List.of("git", "log")),
        Arguments.of("\n git log \r\n\n", List.of("git", "log")),
        Arguments.of("a '' \"\" ''''", List.of("a", "", "", "")),
        Arguments.of("a 'b c' \"d e\"f'g'", List.of("a", "b c", "d efg")),
        Arguments.of("a '|&;<>()$`*?[~#\\' ", List.of("a", "|&;<>()$`*?[~#\\")),
        Arguments.of("a 'two\nlines' \"x\ny\"", List.of("a", "two\nlines", "x\ny")),
        Arguments.of("a it\\'s \\\" \\\\ \\$ \\ ", List.of("a", "it's", "\"", "\\", "$", " ")),
        Arguments.of("a b\\\nc \"d\\\ne\"", List.of("a", "bc", "de")),
        Arguments.of("a \"\\\"\\\\\\$\\`\\n'|*\"", List.of("a", "\"\\$`\\n'|*")),
        Arguments.of("find -exec rm {} \\; x}", List.of("find", "-exec", "rm", "{}", ";", "x}")),
        Arguments.of(
            "git show stash@{0} a~1 a#b b:~1",
            List.of("git", "show", "stash@{0}", "a~1", "a#b", "b:~1")),
        Arguments.of("'A=b' A=b 1a=c", List.of("A=b", "A=b", "1a=c")),
        Arguments.of("1a=c", List.of("1a=c")),
        Arguments.of("'if' if ! {", List.of("if", "if", "!", "{")),
        Arguments.of("a \u00a0\u00e9\ud83d\ude00", List.of("a", "\u00a0\u00e9\ud83d\ude00")));
  }

  @ParameterizedTest
  @MethodSource("lines")
  @Covers("shlex.split")
  void lineBecomesArguments(String line, List<String> expected) {
    assertThat(Command.parse(line).argv()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " :: ",
      quoteCharacter = '%',
      value = {
        "a | b :: 2 :: '|'",
        "a & b :: 2 :: '&'",
        "a;b :: 1 :: ';'",
        "a <b :: 2 :: '<'",
        "a 2>b :: 3 :: '>'",
        "(a) :: 0 :: '('",
        "a $b :: 2 :: '$'",
        "a `b` :: 2 :: '`'",
        "a *.txt :: 2 :: '*'",
        "a b? :: 3 :: '?'",
        "a [b] :: 2 :: '['",
        "a ~/b :: 2 :: '~'",
        "a b=~/c :: 4 :: '~'",
        "a b=c:~/d :: 6 :: '~'",
        "a #b :: 2 :: '#'",
        "a {b,c} :: 4 :: ','",
        "a {1..3} :: 4 :: '.'",
        "a \"$b\" :: 3 :: '$'",
        "a \"`b`\" :: 3 :: '`'",
        "A=b c :: 1 :: Command.env",
        "A_1+=b c :: 4 :: Command.env",
        "if a :: 0 :: belongs to the shell",
        "! a :: 0 :: belongs to the shell",
        "%  {  a% :: 2 :: belongs to the shell",
        "a 'b :: 2 :: no end",
        "a \"b\\\" :: 2 :: no end",
        "a C:\\bin :: 4 :: backslash",
        "a b\\ :: 3 :: backslash",
      })
  void whatShellsInterpretIsRejected(String line, int index, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Command.parse(line))
        .withMessageStartingWith("command line, index " + index + ": ")
        .withMessageContaining(reason);
  }

  @Test
  void twoLinesAreTwoCommands() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Command.parse("a\nb"))
        .withMessage(
            "command line, index 1: a line break starts another command: quote it, or use"
                + " Command.shell");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t", "\\\n"})
  void emptyLineIsRejected(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Command.parse(line))
        .withMessage("command line is empty");
  }

  @Test
  @SuppressWarnings("NullAway") // what should not be given
  void argumentsAreCheckedAsElsewhere() {
    assertThatIllegalArgumentException().isThrownBy(() -> Command.parse("a b\0"));
    assertThatIllegalArgumentException().isThrownBy(() -> Command.parse("''"));
    assertThatIllegalArgumentException().isThrownBy(() -> Command.parse("a \ud83d"));
    assertThatNullPointerException()
        .isThrownBy(() -> Command.parse(null))
        .withMessage("line is null");
  }

  @Test
  void messageHoldsNoWord() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Command.parse("login --password hunter2 | tee log"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the line is for sh")
  void shownCommandIsReadBack() {
    List<String> argv = List.of("A=b", "", "it's", "$HOME", "~", "*", "a\\b", "{a,b}", "if", "#");
    assertThat(Command.parse(Command.of(argv).toCommandLine()).argv()).isEqualTo(argv);
    assertThat(Command.parse(Command.of("if").toCommandLine()).argv()).containsExactly("if");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash"})
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "asks sh and bash")
  void acceptedLineIsWhatShellsPass(String shell) throws Exception {
    Random random = new Random(25);
    String letters = "aZ09  \t\n''\"\"\\\\$`!*?[]{},.()<>|&;#~=%^+-_/:@\u00e9";
    List<List<String>> expected = new ArrayList<>();
    String show = "show() { printf '%s\\0' show \"$@\" 'the end'; }\n";
    StringBuilder script = new StringBuilder(show);
    while (expected.size() < 5_000) {
      StringBuilder line = new StringBuilder("show ");
      for (int k = random.nextInt(12); k >= 0; k--) {
        line.append(letters.charAt(random.nextInt(letters.length())));
      }
      List<String> argv = parsedOrEmpty(line.toString());
      if (!argv.isEmpty()) {
        expected.add(argv);
        script.append(line).append('\n');
      }
    }
    assertThat(words(shell, script.toString())).isEqualTo(expected);
  }

  private static List<String> parsedOrEmpty(String line) {
    try {
      return Command.parse(line).argv();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private List<List<String>> words(String shell, String script) throws IOException {
    Path file = Files.writeString(temp.resolve("script"), script);
    ProcessBuilder builder = new ProcessBuilder(shell, file.toString()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<List<String>> all = new ArrayList<>();
    List<String> one = new ArrayList<>();
    for (String word : output.split("\0", -1)) {
      if (word.equals("the end")) {
        all.add(List.copyOf(one));
        one.clear();
      } else {
        one.add(word);
      }
    }
    return all;
  }
}
