package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.jpopen.Command;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ten programs do the same in Python, and the page counts the lines of both. */
class ProgramsInPythonTest {
  private static final Path PAGE = DocumentsTest.ROOT.resolve("docs/guide/programs.md");
  private static final Path PYTHON = Path.of("src/test/python/programs.py");

  /** A program of the page: its number, its code, and what it prints, if the page shows that. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?ms)^## (\\d+)\\. .*?^```java\\n(.*?)^```\\n(?:\\n```text\\n(.*?)^```\\n)?");

  private static Matcher program(int number) throws IOException {
    Matcher programs = PROGRAM.matcher(Files.readString(PAGE));
    for (int i = 0; i < number; i++) {
      assertTrue(programs.find(), "program " + number);
    }
    assertEquals("" + number, programs.group(1));
    return programs;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 8, 9, 10})
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are programs of POSIX systems")
  void pythonPrintsTheSame(int number) throws Exception {
    try {
      String printed =
          Command.of("python3", PYTHON.toString(), "" + number)
              .text()
              .captureOutput()
              .timeout(Duration.ofSeconds(60))
              .checkOutput();
      assertEquals(program(number).group(3), printed);
    } catch (SpawnException e) {
      abort("no python3 here");
    }
  }

  @Test
  void pageCountsTheLinesOfBoth() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int number = 1; number <= 10; number++) {
      rows.append("| %d | %d | %d |\n".formatted(number, ours(number), python(number)));
    }
    String page = Files.readString(PAGE);
    String head = "|---|---|---|\n";
    int start = page.indexOf(head) + head.length();
    assertEquals(rows.toString(), page.substring(start, page.indexOf("\n\n", start) + 1));
  }

  private static long ours(int number) throws IOException {
    return lines(program(number).group(2));
  }

  private static long python(int number) throws IOException {
    Matcher function =
        Pattern.compile("(?ms)^def program_" + number + "\\(\\):\\n(.*?)\\n\\n")
            .matcher(Files.readString(PYTHON));
    assertTrue(function.find(), "program " + number);
    return lines(function.group(1));
  }

  /** All that hold more than closing brackets. */
  private static long lines(String code) {
    return code.lines().filter(line -> !line.matches("[\\s)};\\]]*")).count();
  }
}
