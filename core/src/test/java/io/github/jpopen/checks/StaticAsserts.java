package io.github.jpopen.checks;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Asks C compilers whether the generated layouts and constants of the module under test, and the
 * prototypes beside its calls, are those of the headers, by {@code bindings/assert/run.sh}. A
 * target without a compiler is skipped with a message; the machine's own Linux must have one.
 */
public final class StaticAsserts {
  private static final Pattern RESULT =
      Pattern.compile("(\\S+): (\\d+) asserts, (\\d+) failures.*", Pattern.DOTALL);

  private StaticAsserts() {}

  /**
   * One test a target.
   *
   * @param minimum what a target has to assert at least, so that an empty list is no success
   */
  public static Stream<DynamicTest> tests(int minimum, String... targets)
      throws IOException, InterruptedException {
    if (!isLinux()) {
      return skipped(targets);
    }
    List<String> output = run("run.sh", targets);
    return Stream.of(targets)
        .map(target -> DynamicTest.dynamicTest(target, () -> check(target, minimum, output)));
  }

  /**
   * One test a target: whether its C library has every function that is looked up, by {@code
   * bindings/assert/symbols.sh}.
   */
  public static Stream<DynamicTest> symbols(String... targets)
      throws IOException, InterruptedException {
    if (!isLinux()) {
      return skipped(targets);
    }
    List<String> output = run("symbols.sh", targets);
    return Stream.of(targets)
        .map(target -> DynamicTest.dynamicTest(target, () -> checkSymbols(target, output)));
  }

  private static Stream<DynamicTest> skipped(String... targets) {
    return Stream.of(targets)
        .map(target -> DynamicTest.dynamicTest(target, () -> skip(target + ": not on Linux")));
  }

  private static void checkSymbols(String target, List<String> output) {
    String all = String.join(System.lineSeparator(), output);
    String line =
        output.stream()
            .filter(l -> l.startsWith(target + ": "))
            .findFirst()
            .orElseGet(() -> fail("nothing was said about " + target + ":\n" + all));
    if (line.contains(": skipped")) {
      skip(line);
    }
    assertTrue(line.matches("\\S+: [1-9]\\d+ symbols, missing: none"), all);
  }

  private static void check(String target, int minimum, List<String> output) {
    String all = String.join(System.lineSeparator(), output);
    String line =
        output.stream()
            .filter(l -> l.startsWith(target + ": "))
            .findFirst()
            .orElseGet(() -> fail("nothing was said about " + target + ":\n" + all));
    if (line.contains(": skipped")) {
      if (target.equals("linux-" + machine())) {
        fail(line + "; install gcc and the C library's headers (Debian: gcc libc6-dev)");
      }
      skip(line);
    }
    Matcher result = RESULT.matcher(line);
    assertTrue(result.matches(), all);
    assertTrue(result.group(3).equals("0") && !line.contains("compiler status"), all);
    assertTrue(Integer.parseInt(result.group(2)) >= minimum, all);
  }

  private static void skip(String reason) {
    System.out.println("Static asserts of " + reason);
    abort(reason);
  }

  private static List<String> run(String script, String... targets)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("bash");
    command.add(Path.of("..", "bindings", "assert", script).toString());
    command.addAll(List.of(targets));
    Path log = Files.createTempFile("static-asserts", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      Map<String, String> environment = builder.environment();
      String java = Path.of(System.getProperty("java.home"), "bin").toString();
      environment.merge("PATH", java, (path, first) -> first + File.pathSeparator + path);
      environment.put("CLASSES", Path.of("target", "classes").toAbsolutePath().toString());
      builder.start().waitFor();
      return Files.readAllLines(log);
    } finally {
      Files.delete(log);
    }
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private static String machine() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") ? "x86_64" : arch;
  }
}
