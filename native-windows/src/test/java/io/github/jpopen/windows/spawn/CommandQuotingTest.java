package io.github.jpopen.windows.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.contract.Covers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommandQuotingTest {
  private static final int ROUNDS = 100_000;

  static Stream<Arguments> python() {
    return Stream.of(
        Arguments.of(List.of("a b c", "d", "e"), "\"a b c\" d e"),
        Arguments.of(List.of("ab\"c", "\\", "d"), "ab\\\"c \\ d"),
        Arguments.of(List.of("ab\"c", " \\", "d"), "ab\\\"c \" \\\\\" d"),
        Arguments.of(List.of("a\\\\\\b", "de fg", "h"), "a\\\\\\b \"de fg\" h"),
        Arguments.of(List.of("a\\\"b", "c", "d"), "a\\\\\\\"b c d"),
        Arguments.of(List.of("a\\\\b c", "d", "e"), "\"a\\\\b c\" d e"),
        Arguments.of(List.of("a\\\\b\\ c", "d", "e"), "\"a\\\\b\\ c\" d e"),
        Arguments.of(List.of("ab", ""), "ab \"\""));
  }

  @ParameterizedTest
  @MethodSource("python")
  @Covers("test_list2cmdline")
  void quotesLikePython(List<String> arguments, String expected) {
    StringBuilder line = new StringBuilder();
    CommandQuoting.appendAll(line, arguments);
    assertThat(line).hasToString(expected);
  }

  @Test
  void quoteInTheProgramNameIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CommandQuoting.join(List.of("a\"b")));
  }

  @Test
  void ourParserReturnsTheArguments() {
    roundTrips(ArgumentParser::parse);
  }

  @Test
  @EnabledOnOs(OS.WINDOWS)
  void windowsReturnsTheArguments() {
    roundTrips(WindowsParser::parse);
  }

  private static void roundTrips(Function<String, List<String>> parser) {
    Random random = new Random(4);
    for (int i = 0; i < ROUNDS; i++) {
      List<String> arguments = new ArrayList<>(List.of(random.nextBoolean() ? "prog" : "a prog"));
      for (int n = random.nextInt(4); n >= 0; n--) {
        arguments.add(text(random));
      }
      assertThat(parser.apply(CommandQuoting.join(arguments))).isEqualTo(arguments);
    }
  }

  private static String text(Random random) {
    String alphabet = "\\\\\\\"\" \t\n\u000bab'%^&|<>*\u00e9\u2603";
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(9); n > 0; n--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
