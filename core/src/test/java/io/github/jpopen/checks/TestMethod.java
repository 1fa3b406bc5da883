package io.github.jpopen.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A test method, as a source file of any module declares it.
 *
 * @param module the folder of its module
 * @param type the name of its file
 * @param covers the rows of {@code docs/python-parity.md} that it shows
 */
record TestMethod(String module, String type, String name, List<String> covers) {
  private static final Path ROOT = Path.of("..");

  private static final Pattern TEST =
      Pattern.compile("(?m)^ +@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");

  private static final Pattern DECLARATION =
      Pattern.compile("(?m)^ +(?:(?:public|protected|static|final) )*[\\w<>\\[\\], ?.]+ (\\w+)\\(");

  private static final Pattern COVERS = Pattern.compile("\\bCovers\\(([^)]*)\\)");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  /** Whether the sources of all modules are there; a test-jar comes without them. */
  static boolean hasSources() {
    return Files.isDirectory(ROOT.resolve("native-posix/src/test/java"));
  }

  /** Those of every module, in the order of the files' paths. */
  static List<TestMethod> all() throws IOException {
    List<TestMethod> all = new ArrayList<>();
    for (Path module : folders()) {
      for (Path file : javaFiles(module.resolve("src/test/java"))) {
        all.addAll(in(module.getFileName().toString(), file));
      }
    }
    return all;
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(f -> Files.isDirectory(f.resolve("src/test/java"))).sorted().toList();
    }
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static List<TestMethod> in(String module, Path file) throws IOException {
    String source = Files.readString(file);
    String type = file.getFileName().toString().replace(".java", "");
    List<TestMethod> found = new ArrayList<>();
    Matcher test = TEST.matcher(source);
    Matcher declaration = DECLARATION.matcher(source);
    int previous = 0;
    while (test.find(previous)) {
      if (!declaration.find(test.end())) {
        throw new IllegalStateException("a test without a method in " + file);
      }
      String annotations = source.substring(previous, declaration.start());
      found.add(new TestMethod(module, type, declaration.group(1), covered(annotations)));
      previous = declaration.end();
    }
    return found;
  }

  private static List<String> covered(String annotations) {
    List<String> rows = new ArrayList<>();
    Matcher covers = COVERS.matcher(annotations);
    while (covers.find()) {
      QUOTED.matcher(covers.group(1)).results().forEach(row -> rows.add(row.group(1)));
    }
    return rows;
  }
}
