package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/python-parity.md} and {@link Covers} say the same. */
final class ParityTableTest {
  private static final Path PAGE = Path.of("..", "docs", "python-parity.md");
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|.*");
  private static final Pattern TEST = Pattern.compile("`(\\w+Contract\\.\\w+)`");

  @Test
  void everyRowNamesTheTestsThatCoverIt() throws Exception {
    assumeTrue(Files.exists(PAGE), "only in the source tree");
    assumeTrue(Files.isDirectory(ChildLauncher.classes()), "only from a directory of classes");
    assertThat(rows(PAGE)).containsExactlyInAnyOrderEntriesOf(covered());
  }

  /** What the page says: tests by row. */
  private static Map<String, Set<String>> rows(Path page) throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    for (String line : Files.readAllLines(page)) {
      Matcher row = ROW.matcher(line);
      Matcher test = TEST.matcher(line);
      while (row.matches() && test.find()) {
        rows.computeIfAbsent(row.group(1), _ -> new TreeSet<>()).add(test.group(1));
      }
    }
    return rows;
  }

  /** What the tests say: tests by row. */
  private static Map<String, Set<String>> covered() throws Exception {
    Map<String, Set<String>> covered = new TreeMap<>();
    Path room =
        ChildLauncher.classes().resolve(ParityTableTest.class.getPackageName().replace('.', '/'));
    try (Stream<Path> files = Files.list(room)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Contract.class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = Class.forName(ParityTableTest.class.getPackageName() + "." + name);
        for (Method method : type.getDeclaredMethods()) {
          Covers covers = method.getAnnotation(Covers.class);
          for (String row : covers == null ? new String[0] : covers.value()) {
            String test = name + "." + method.getName();
            covered.computeIfAbsent(row, _ -> new TreeSet<>()).add(test);
          }
        }
      }
    }
    return covered;
  }
}
