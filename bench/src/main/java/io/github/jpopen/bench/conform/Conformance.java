package io.github.jpopen.bench.conform;

import io.github.jpopen.bench.conform.Verdict.BrokenRule;
import io.github.jpopen.bench.conform.Verdict.Kept;
import io.github.jpopen.bench.conform.Verdict.None;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Asks each library for each rule, and writes {@code docs/conformance.md}. */
@CommandLine.Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = "Shows which rules of communicate each library keeps.")
public final class Conformance implements Callable<Integer> {
  @Option(names = "--out", description = "The page to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("docs", "conformance.md");

  @Option(
      names = "--times",
      description = "How often each library is asked for each rule (default: ${DEFAULT-VALUE}).")
  private int times = 5;

  private Conformance() {}

  /** See {@code --help}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Conformance()).execute(args));
  }

  static List<Library> libraries() {
    return List.of(
        new JpopenLibrary(),
        new BuilderLibrary(),
        new CommonsExecLibrary(),
        new ZtExecLibrary(),
        new NuProcessLibrary());
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Library> libraries = libraries();
    StringBuilder page = new StringBuilder(HEAD);
    List<String> notes = new ArrayList<>();
    String group = "";
    for (Rule rule : Rules.all()) {
      if (!rule.group().equals(group)) {
        group = rule.group();
        heading(page, group, libraries);
      }
      page.append("| ").append(rule.sentence()).append(" |");
      for (Library library : libraries) {
        Verdict verdict = Verdict.of(rule, library, times);
        System.out.println(library.name() + ", " + rule.sentence() + ": " + verdict);
        page.append(' ').append(cell(verdict, notes)).append(" |");
      }
      page.append('\n');
    }
    page.append("\n## What was seen\n");
    notes.forEach(note -> page.append(note).append('\n'));
    Files.writeString(out, page);
    return 0;
  }

  private static void heading(StringBuilder page, String group, List<Library> libraries) {
    page.append("\n## ").append(group).append("\n| |");
    libraries.forEach(library -> page.append(' ').append(library.name()).append(" |"));
    page.append("\n|---|").append("---|".repeat(libraries.size())).append('\n');
  }

  private static String cell(Verdict verdict, List<String> notes) {
    return switch (verdict) {
      case Kept() -> "yes";
      case None() -> "–";
      case BrokenRule(String how) -> {
        String line = how.lines().findFirst().orElse("").replace("|", "\\|");
        notes.add((notes.size() + 1) + ". " + line);
        yield "**no** (" + notes.size() + ")";
      }
    };
  }

  private static final String HEAD =
      """
      # Conformance

      Which rules of `communicate` five ways to run a program keep.
      Each was used as its documentation recommends, and asked by the same checks.

      * `ProcessBuilder` is used as a careful user writes it: two threads read, one writes, the caller waits.
        So a "yes" there is the work of that user.
      * Each was asked five times; a rule that was broken once is not kept.
      * "–" means that there is no call for it.
      * The versions are those of the [migration pages](README.md#for-users).
      * The rules were chosen by the authors of jpopen, from the promises of Python's `communicate`.
        So the table says what jpopen was built for, not which library is better for you.
      * Written on Linux by `mvn -q install -DskipTests -pl bench -am` and `java -cp bench/target/benchmarks.jar io.github.jpopen.bench.conform.Conformance`.
        The checks are in [Rules.java](../bench/src/main/java/io/github/jpopen/bench/conform/Rules.java); the build runs those of jpopen.
      """;
}
