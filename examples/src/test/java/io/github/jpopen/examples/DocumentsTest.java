package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What README and guide show compiles and runs, and the links of all documents lead somewhere. */
class DocumentsTest {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Path README = ROOT.resolve("README.md");

  /** A block, and what it prints if a block of text follows it at once. */
  private static final Pattern JAVA =
      Pattern.compile("(?ms)^```java\\n(.*?)^```$(?:\\n\\n```text\\n(.*?)^```$)?");

  /** The first line of a block that is compiled and not run. */
  private static final String ON_WINDOWS = "// on Windows\n";

  /** The first line of a block that is run where this process may make a cgroup. */
  private static final String IN_CGROUP = "// in a delegated cgroup\n";

  /** The cgroup that such a block names. */
  private static final String CGROUP = "/sys/fs/cgroup/ci";

  /** What a block imports beyond the README. */
  private static final Pattern IMPORTS = Pattern.compile("\\A(?:import [^\n]*\n)+");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");

  /** The calls in the middle column of the README's tables for newcomers. */
  private static final Pattern CELL = Pattern.compile("(?m)^\\|[^|]*\\| `([^`]*)` \\|");

  /** The names that the cells of the table use; they are compiled, not run. */
  private static final String IN_TABLE =
      """
      Duration t = Duration.ofSeconds(1);
      byte[] data = {};
      java.nio.file.Path dir = java.nio.file.Path.of("x"), file = dir;
      Charset charset = Charset.defaultCharset();
      Map<String, String> vars = Map.of();
      Command<byte[]> cmd = Command.of("true");
      Popen<byte[]> p = cmd.start(), p1 = p, p2 = p;
      TimeoutExpiredException e = null;
      """;

  @TempDir Path folder;

  @TestFactory
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are programs of POSIX systems")
  Stream<DynamicTest> blocksRun() throws Exception {
    Clone.assume(); // for the first recipe
    String imports = imports(Files.readString(README));
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pagesForUsers()) {
      String text = Files.readString(page);
      Matcher block = JAVA.matcher(text);
      while (block.find()) {
        String code = block.group(1);
        if (!code.equals(imports)) {
          long line = text.substring(0, block.start()).lines().count() + 2;
          String name = ROOT.relativize(page) + " line " + line;
          String prints = block.group(2);
          tests.add(DynamicTest.dynamicTest(name, () -> check(imports, code, prints)));
        }
      }
    }
    assertFalse(tests.isEmpty(), "no blocks found");
    return tests.stream();
  }

  private static List<Path> pagesForUsers() throws IOException {
    try (Stream<Path> guide = Files.list(ROOT.resolve("docs/guide"))) {
      List<Path> pages = new ArrayList<>(List.of(README, ROOT.resolve("docs/conformance.md")));
      guide.sorted().forEach(pages::add);
      return pages;
    }
  }

  private void check(String imports, String code, @Nullable String prints) throws Exception {
    Matcher more = IMPORTS.matcher(code);
    String also = more.lookingAt() ? more.group() : "";
    String rest = code.substring(also.length());
    if (rest.startsWith(IN_CGROUP)) {
      checkInCgroup(imports + also, rest, prints);
      return;
    }
    JavaBlock block = JavaBlock.compile(folder, imports + also, rest);
    if (!code.startsWith(ON_WINDOWS)) {
      run(block, prints);
    }
  }

  private void checkInCgroup(String imports, String code, @Nullable String prints)
      throws Exception {
    JavaBlock.compile(folder, imports, code);
    try (TestCgroup cgroup = TestCgroup.make()) {
      Assumptions.assumeTrue(cgroup != null, "compiled; to run it needs a cgroup of version 2");
      String path = Objects.requireNonNull(cgroup).path().toString();
      assertTrue(code.contains(CGROUP));
      run(JavaBlock.compile(folder, imports, code.replace(CGROUP, path)), prints);
    }
  }

  private static void run(JavaBlock block, @Nullable String prints) throws Exception {
    String printed = block.run();
    if (prints != null) {
      assertEquals(prints, printed);
    }
  }

  /** The block of imports, which stands in front of each other one. */
  static String imports(String text) {
    return JAVA.matcher(text)
        .results()
        .map(block -> block.group(1))
        .filter(code -> code.startsWith("import "))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"## From ProcessBuilder", "## From Python"})
  void tableCompiles(String heading) throws IOException {
    String text = Files.readString(README);
    StringBuilder code = new StringBuilder(IN_TABLE);
    int start = text.indexOf(heading);
    Matcher cell = CELL.matcher(text).region(start, text.indexOf("\n## ", start));
    int cells = 0;
    while (cell.find()) {
      code.append("Object v").append(++cells).append(" = ").append(cell.group(1)).append(";\n");
    }
    assertTrue(cells >= 10, "only " + cells + " cells found");
    JavaBlock.compile(folder, imports(text), code.toString());
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(FENCED.matcher(Files.readString(document)).replaceAll(""));
      while (link.find()) {
        Path target =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target) || !hasPlace(target, link.group(2))) {
          broken.add(ROOT.relativize(document) + ": " + link.group());
        }
      }
    }
    assertTrue(broken.isEmpty(), broken::toString);
  }

  @Test
  void eachPageIsInTheIndex() throws IOException {
    Path index = ROOT.resolve("docs").resolve("README.md");
    List<Path> linked =
        LINK.matcher(Files.readString(index))
            .results()
            .map(link -> index.resolveSibling(link.group(1)).normalize())
            .toList();
    List<Path> missing = new ArrayList<>(documents());
    missing.removeIf(page -> !page.startsWith(index.getParent()) || page.equals(index));
    missing.removeAll(linked);
    assertTrue(missing.isEmpty(), missing::toString);
  }

  private static boolean hasPlace(Path target, @Nullable String fragment) throws IOException {
    if (fragment == null || !target.toString().endsWith(".md")) {
      return fragment == null;
    }
    String text = FENCED.matcher(Files.readString(target)).replaceAll("");
    return ANCHOR.matcher(text).results().anyMatch(id -> id.group(1).equals(fragment))
        || HEADING.matcher(text).results().anyMatch(head -> id(head.group(1)).equals(fragment));
  }

  /** The id that GitHub gives a heading. */
  private static String id(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  /** All documents of the project itself, not those of one folder of its sources. */
  static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }
}
