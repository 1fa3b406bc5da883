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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ten programs do the same in Python and with zt-exec, and the page counts the lines of each.
 */
class ProgramsElsewhereTest {
  private static final Path PAGE = DocumentsTest.ROOT.resolve("docs/guide/programs.md");
  private static final Path PYTHON = Path.of("src/test/python/programs.py");
  private static final Path ZT_EXEC = Path.of("src/test/zt-exec/programs.md");

  private static final String ZT_EXEC_IMPORTS =
      """
      import java.io.*;
      import org.zeroturnaround.exec.*;
      import org.zeroturnaround.exec.stream.*;
      """;

  /** A program of the page: its number, its code, and what it prints, if the page shows that. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?ms)^## (\\d+)\\. .*?^```java\\n(.*?)^```\\n(?:\\n```text\\n(.*?)^```\\n)?");

  @TempDir Path folder;

  private static Matcher program(int number, Path page) throws IOException {
    Matcher programs = PROGRAM.matcher(Files.readString(page));
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
      assertEquals(program(number, PAGE).group(3), printed);
    } catch (SpawnException e) {
      abort("no python3 here");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are programs of POSIX systems")
  void ztExecPrintsTheSame(int number) throws Exception {
    if (number == 1) {
      Clone.assume();
    }
    String imports = DocumentsTest.imports(Files.readString(DocumentsTest.README));
    String code = program(number, ZT_EXEC).group(2);
    String printed = JavaBlock.compile(folder, imports + ZT_EXEC_IMPORTS, code).run();
    String here = program(number, PAGE).group(3);
    if (here != null && number != 7) {
      assertEquals(here, printed);
    }
  }

  @Test
  void pageCountsTheLines() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int number = 1; number <= 10; number++) {
      long here = lines(program(number, PAGE).group(2));
      String ztExec = number == 10 ? "–" : "" + lines(program(number, ZT_EXEC).group(2));
      rows.append("| %d | %d | %d | %s |\n".formatted(number, here, python(number), ztExec));
      assertTrue(here <= python(number), "program " + number);
      assertTrue(number == 10 || here <= Long.parseLong(ztExec), "program " + number);
    }
    String page = Files.readString(PAGE);
    String head = "|---|---|---|---|\n";
    int start = page.indexOf(head) + head.length();
    assertEquals(rows.toString(), page.substring(start, page.indexOf("\n\n", start) + 1));
  }

  private static long python(int number) throws IOException {
    Matcher function =
        Pattern.compile("(?ms)^def program_" + number + "\\(\\):\\n(.*?)\\n\\n")
            .matcher(Files.readString(PYTHON));
    assertTrue(function.find(), "program " + number);
    return lines(function.group(1));
  }

  /** All that hold more than closing brackets, without imports. */
  private static long lines(String code) {
    return code.lines().filter(line -> !line.matches("[\\s)};\\]]*|import .*")).count();
  }
}
