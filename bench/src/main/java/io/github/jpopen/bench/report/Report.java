package io.github.jpopen.bench.report;

import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page with everything that one run measured, and the charts beside it. */
public final class Report {
  private static final String CHARTS = "charts";

  private final Map<String, Table> tables;
  private final Map<String, String> facts;
  private final Map<String, Double> loads;

  /**
   * Makes a report.
   *
   * @param tables the cases that were played, by id
   * @param facts about the machine
   * @param loads the load average when each case began, by id
   */
  public Report(Map<String, Table> tables, Map<String, String> facts, Map<String, Double> loads) {
    this.tables = tables;
    this.facts = facts;
    this.loads = loads;
  }

  /** Writes the page, and the charts into a folder beside it. */
  public void write(Path page) throws IOException {
    Path charts = page.toAbsolutePath().resolveSibling(CHARTS);
    Files.createDirectories(charts);
    boolean drawn = Charts.draw(tables.values(), charts);
    Files.writeString(page, text(drawn, LocalDate.now(ZoneOffset.UTC)));
  }

  /** The page. */
  String text(boolean drawn, LocalDate date) {
    List<Target> targets = Targets.of(tables);
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Benchmarks

        A program writes this page.
        Run it yourself; it takes less than five minutes on a quiet machine:

        ```sh
        mvn -B -ntp -pl bench -am package exec:exec -DskipTests
        ```

        The same cases by JMH, in full, with allocations (an hour; `-h` lists the options):

        ```sh
        mvn -B -ntp -pl bench -am package -DskipTests && java -jar bench/target/benchmarks.jar -prof gc -rf json -rff jmh.json
        ```

        ## Targets and results
        Ratios are between minima of this run; those of the medians are beside them.

        """);
    text.append(Markdown.targets(targets, tables));
    text.append(
        """

        ## How it is measured
        All contenders run the same children in turn (A B C, B C A, ...), so that other work on the machine affects all of them.
        Every byte that comes back is compared with what was written, outside the measured time.
        A contender that loses or reorders bytes gets no figure.

        * The Java libraries share one JVM for each case.
          With `launchMechanism`, and with 1,000 children, each has its own.
        * If many bytes are captured, the heap has all its pages from the start and is collected before each round.
        * The [loop in C](../bench/src/main/c/communicate.c) keeps its bytes in a buffer that `realloc` doubles, and frees it after each round.
          The kernel has to zero fresh pages for it each time, as for `jpopen, off-heap`: **that is most of each "faster than C"**.
        * The same loop, discarding, shows what the pipes alone cost.

        """);
    text.append(Markdown.facts(facts));
    for (Table table : tables.values()) {
      append(text, table, drawn);
    }
    text.append("\n").append(date).append(".\n");
    return text.toString();
  }

  private void append(StringBuilder text, Table table, boolean drawn) {
    text.append("\n<a id=\"").append(table.id()).append("\"></a>\n\n## ");
    text.append(table.title()).append("\n").append(table.about());
    int rounds =
        table.rows().stream()
            .map(Row::samples)
            .mapToInt(samples -> samples == null ? 0 : samples.count())
            .max()
            .orElse(0);
    text.append("\n").append(rounds).append(" rounds");
    Double load = loads.get(table.id());
    if (load != null) {
      text.append(String.format(Locale.ROOT, "; load average %.1f at the start", load));
    }
    text.append(".\n\n");
    if (drawn) {
      text.append("![").append(table.title().replace("`", "")).append("](");
      text.append(CHARTS).append('/').append(table.id()).append(".png)\n\n");
    }
    text.append(Markdown.table(table));
  }
}
