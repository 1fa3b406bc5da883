package io.github.jpopen.bench.report;

import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import java.util.List;
import java.util.Map;

/** The rows of several cases, each beside the last row of its case. */
public final class Ratios {
  private Ratios() {}

  /** A table: minimum and median in milliseconds, and how many times those of the last row. */
  public static String markdown(Map<String, List<Row>> cases) {
    StringBuilder table = new StringBuilder();
    table.append("| case | | minimum, ms | median, ms | ratio of minima | of medians |\n");
    table.append("|---|---|---|---|---|---|\n");
    cases.forEach((name, rows) -> rows.forEach(row -> line(table, name, row, rows.getLast())));
    return table.toString();
  }

  private static void line(StringBuilder table, String name, Row row, Row last) {
    Samples samples = row.samples();
    Samples base = last.samples();
    List<String> cells =
        samples == null
            ? List.of(row.note(), "", "", "")
            : List.of(
                Figures.number(samples.min() / 1e6),
                Figures.number(samples.median() / 1e6),
                base == null ? "" : Figures.ratio(samples.min(), base.min()),
                base == null ? "" : Figures.ratio(samples.median(), base.median()));
    table.append("| ").append(name).append(" | ").append(row.name()).append(" | ");
    table.append(String.join(" | ", cells)).append(" |\n");
  }
}
