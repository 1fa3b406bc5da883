package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each program of the pages on migration prints the same before and after. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are programs of POSIX systems")
class MigrationTest {
  private static final Pattern PAIR =
      Pattern.compile(
          "(?ms)^```java\\n((?!import).*?)^```\\n\\nWith jpopen:\\n\\n```java\\n(.*?)^```$");

  private static final Pattern IMPORTS = Pattern.compile("(?ms)^```java\\n(import .*?)^```$");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> bothPrintTheSame() throws Exception {
    String imports = DocumentsTest.imports(Files.readString(DocumentsTest.README));
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> pages = Files.list(DocumentsTest.ROOT.resolve("docs/migrate"))) {
      for (Path page : pages.sorted().toList()) {
        String text = Files.readString(page);
        Matcher own = IMPORTS.matcher(text);
        String all = imports + (own.find() ? own.group(1) : "");
        List<DynamicTest> pairs = new ArrayList<>();
        PAIR.matcher(text)
            .results()
            .forEach(
                pair ->
                    pairs.add(
                        DynamicTest.dynamicTest(
                            page.getFileName() + " " + (pairs.size() + 1),
                            () -> compare(all, pair.group(1), pair.group(2)))));
        assertEquals(3, pairs.size(), page::toString);
        tests.addAll(pairs);
      }
    }
    assertFalse(tests.isEmpty(), "no pages found");
    return tests.stream();
  }

  private void compare(String imports, String before, String after) throws Exception {
    String expected = JavaBlock.compile(folder, imports, before).run();
    assertFalse(expected.isBlank(), "prints nothing");
    assertEquals(expected, JavaBlock.compile(folder, imports, after).run());
  }
}
