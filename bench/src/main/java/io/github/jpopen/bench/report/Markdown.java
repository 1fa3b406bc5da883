package io.github.jpopen.bench.report;

import io.github.jpopen.bench.cases.Tools;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.report.Target.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes tables and targets as Markdown. */
public final class Markdown {
  private Markdown() {}

  /** The targets, and whether they were met. */
  public static String targets(List<Target> targets, Map<String, Table> tables) {
    List<List<String>> lines = new ArrayList<>();
    for (Target target : targets) {
      Table table = tables.get(target.table());
      String title = table == null ? target.table() : table.title();
      lines.add(
          List.of(
              "[" + title + "](#" + target.table() + ")",
              target.aim(),
              target.measured(),
              switch (target.verdict()) {
                case MET -> "met";
                case MISSED -> "**missed**: [why](profiles.md#" + target.table() + ")";
                case NOT_MEASURED -> "";
              }));
    }
    return grid(List.of("case", "target", "measured", ""), lines);
  }

  /** Whether a target was missed, so that its profile should be read. */
  static boolean anyMissed(List<Target> targets) {
    return targets.stream().anyMatch(target -> target.verdict() == Verdict.MISSED);
  }

  /** The rows of a case, the fastest first, those without figures last. */
  public static String table(Table table) {
    List<String> extras = extraColumns(table);
    boolean allocations = showsAllocations(table);
    List<String> head = new ArrayList<>(List.of("", "min", "median"));
    switch (table.kind()) {
      case TIME -> head.addAll(List.of("× C, min", "median", "× ProcessBuilder, min", "median"));
      case LATENESS -> head.addAll(List.of("99th percentile", "max"));
      case MEMORY -> head.addAll(List.of("× what was captured"));
    }
    if (allocations) {
      head.add("heap bytes allocated per byte");
    }
    head.addAll(extras);
    List<List<String>> lines = new ArrayList<>();
    for (Row row : inOrder(table.rows())) {
      lines.add(line(table, row, allocations, extras, head.size()));
    }
    return grid(head, lines);
  }

  private static List<Row> inOrder(List<Row> rows) {
    List<Row> ordered = new ArrayList<>(rows);
    ordered.sort(
        (a, b) ->
            Long.compare(orderOf(a.samples()), orderOf(b.samples()))); // stable: else as played
    return ordered;
  }

  private static long orderOf(@Nullable Samples samples) {
    return samples == null ? Long.MAX_VALUE : samples.min();
  }

  private static List<String> line(
      Table table, Row row, boolean allocations, List<String> extras, int width) {
    Samples samples = row.samples();
    List<String> line = new ArrayList<>();
    line.add(row.name().startsWith("jpopen") ? "**" + row.name() + "**" : row.name());
    if (samples == null) {
      line.add(row.note());
      line.addAll(Collections.nCopies(width - 2, ""));
      return line;
    }
    boolean memory = table.kind() == Kind.MEMORY;
    line.add(memory ? Figures.mebibytes(samples.min()) : Figures.millis(samples.min()));
    line.add(memory ? Figures.mebibytes(samples.median()) : Figures.millis(samples.median()));
    switch (table.kind()) {
      case TIME -> {
        line.addAll(against(samples, table.samples(Tools.C)));
        line.addAll(against(samples, table.samples(Peers.JDK)));
      }
      case LATENESS -> {
        line.add(Figures.millis(samples.percentile(99)));
        line.add(Figures.millis(samples.max()));
      }
      case MEMORY -> line.add(Figures.ratio(samples.min(), table.outputBytes()));
    }
    if (allocations) {
      boolean known = samples.allocated() >= 0;
      line.add(known ? Figures.ratio(samples.allocated(), table.outputBytes()) : "");
    }
    for (String extra : extras) {
      Double value = row.extras().get(extra);
      line.add(value == null ? "" : Figures.number(value).replaceFirst("\\.0+$", ""));
    }
    return line;
  }

  private static List<String> against(Samples ours, @Nullable Samples theirs) {
    return theirs == null
        ? List.of("", "")
        : List.of(
            Figures.ratio(ours.min(), theirs.min()), Figures.ratio(ours.median(), theirs.median()));
  }

  private static boolean showsAllocations(Table table) {
    if (table.outputBytes() == 0 || table.kind() == Kind.MEMORY) {
      return false;
    }
    for (Row row : table.rows()) {
      Samples samples = row.samples();
      if (samples != null && samples.allocated() >= 0) {
        return true;
      }
    }
    return false;
  }

  private static List<String> extraColumns(Table table) {
    Set<String> columns = new LinkedHashSet<>();
    table.rows().forEach(row -> columns.addAll(row.extras().keySet()));
    return List.copyOf(columns);
  }

  /** Names and values. */
  static String facts(Map<String, String> facts) {
    List<List<String>> lines = new ArrayList<>();
    facts.forEach((name, value) -> lines.add(List.of(name, value)));
    return grid(List.of("", ""), lines);
  }

  /** A table. */
  static String grid(List<String> head, List<List<String>> lines) {
    StringBuilder text = new StringBuilder();
    append(text, head);
    append(text, Collections.nCopies(head.size(), "---"));
    lines.forEach(line -> append(text, line));
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    text.append('\n');
  }
}
