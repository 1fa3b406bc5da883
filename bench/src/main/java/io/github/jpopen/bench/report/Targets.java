package io.github.jpopen.bench.report;

import io.github.jpopen.bench.cases.FreshJvm;
import io.github.jpopen.bench.cases.Lineup;
import io.github.jpopen.bench.cases.ManyAtOnce;
import io.github.jpopen.bench.cases.Tools;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.peer.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The targets of this library, and whether they were met. Ratios are of minima within one run. */
public final class Targets {
  private static final long MIB = 1 << 20;
  private static final double NANOS_PER_MILLI = 1e6;

  /** The contenders that do less than the others, and therefore cannot be beaten. */
  private static final Set<String> LIMITS = Set.of(Lineup.C_DISCARDING);

  /** Other forms of jpopen itself. */
  private static final String OURS = "jpopen";

  private final Map<String, Table> tables;
  private final List<Target> targets = new ArrayList<>();

  private Targets(Map<String, Table> tables) {
    this.tables = tables;
  }

  /** All targets of the cases that were played. */
  public static List<Target> of(Map<String, Table> tables) {
    Targets made = new Targets(tables);
    made.ratio("big", Tools.C, 0.65);
    made.ratio("big", Peers.JDK, 0.5);
    made.ratio("both", Tools.C, 0.35);
    made.first("both");
    made.ratio("cat", Tools.C, 0.7);
    made.first("cat");
    made.ratio("echo", Tools.C, 1.15);
    made.ratio("true", Tools.C, 1.15);
    made.lateness(Peers.JPOPEN_PLATFORM, "on a platform thread", 0.2, 2);
    made.lateness(Peers.JPOPEN, "on a virtual thread", 0.4, 5);
    made.ratio("many", Tools.C, 1.15);
    made.manyMemory(90);
    made.manyThreads();
    made.ratio("heap", Tools.C, 1.2);
    made.memory(Peers.JPOPEN, 2, "`byte[]`");
    made.memory(Peers.JPOPEN_OFF_HEAP, 1, "off-heap");
    made.first(Peers.JPOPEN, "plain", 120);
    made.first(FreshJvm.JPOPEN_AOT, "with an AOT cache", 50);
    return made.targets;
  }

  private void add(String id, String aim, @Nullable String measured, boolean met) {
    if (tables.containsKey(id)) {
      targets.add(
          measured == null ? Target.notMeasured(id, aim) : Target.of(id, aim, measured, met));
    }
  }

  private @Nullable Samples samples(String id, String row) {
    Table table = tables.get(id);
    return table == null ? null : table.samples(row);
  }

  private void ratio(String id, String other, double atMost) {
    Samples ours = samples(id, Peers.JPOPEN);
    Samples theirs = samples(id, other);
    String aim = "≤ " + Figures.number(atMost) + " × " + other;
    if (ours == null || theirs == null) {
      add(id, aim, null, false);
      return;
    }
    String measured =
        Figures.ratio(ours.min(), theirs.min())
            + " (medians: "
            + Figures.ratio(ours.median(), theirs.median())
            + ")";
    add(id, aim, measured, ours.min() <= atMost * theirs.min());
  }

  private void first(String id) {
    String aim = "the fastest of all that keep the bytes";
    Table table = tables.get(id);
    Samples ours = samples(id, Peers.JPOPEN);
    if (table == null || ours == null) {
      add(id, aim, null, false);
      return;
    }
    String best = Peers.JPOPEN;
    long bestMin = ours.min();
    for (Row row : table.rows()) {
      Samples theirs = row.samples();
      boolean competes = !LIMITS.contains(row.name()) && !row.name().startsWith(OURS);
      if (theirs != null && competes && theirs.min() < bestMin) {
        best = row.name();
        bestMin = theirs.min();
      }
    }
    add(id, aim, best + ", " + Figures.millis(bestMin), best.equals(Peers.JPOPEN));
  }

  private void lateness(String row, String where, double median, double percentile99) {
    String id = "timeout-50";
    Samples ours = samples(id, row);
    String aim = where + ": median ≤ " + median + " ms, 99th percentile ≤ " + percentile99 + " ms";
    if (ours == null) {
      add(id, aim, null, false);
      return;
    }
    add(
        id,
        aim,
        Figures.millis(ours.median()) + ", " + Figures.millis(ours.percentile(99)),
        ours.median() <= median * NANOS_PER_MILLI
            && ours.percentile(99) <= percentile99 * NANOS_PER_MILLI);
  }

  private @Nullable Double extra(String id, String row, String column) {
    Table table = tables.get(id);
    Row found = table == null ? null : table.row(row);
    return found == null ? null : found.extras().get(column);
  }

  private void manyMemory(int mebibytes) {
    Double peak = extra("many", Peers.JPOPEN, ManyAtOnce.MEMORY);
    add(
        "many",
        "at most " + mebibytes + " MiB at the peak with `-Xmx64m`",
        peak == null ? null : Figures.number(peak) + " MiB",
        peak != null && peak <= mebibytes);
  }

  private void manyThreads() {
    Double most = extra("many", Peers.JPOPEN, ManyAtOnce.THREADS);
    Double own = extra("many", Peers.JPOPEN, ManyAtOnce.OWN_THREADS);
    String aim = "the JVM's own threads + 1";
    if (most == null || own == null) {
      add("many", aim, null, false);
    } else {
      String measured = Math.round(most) + " where the JVM has " + Math.round(own);
      add("many", aim, measured, most <= own + 1);
    }
  }

  private void memory(String row, int times, String form) {
    Table table = tables.get("memory");
    Samples ours = samples("memory", row);
    String aim = form + ": at most " + (times == 1 ? "N" : times + " N") + " + 4 MiB";
    if (table == null || ours == null) {
      add("memory", aim, null, false);
      return;
    }
    long bytes = table.outputBytes();
    long spare = ours.min() - times * bytes;
    add(
        "memory",
        aim,
        Figures.mebibytes(ours.min()) + " for " + Figures.mebibytes(bytes),
        spare <= 4 * MIB);
  }

  private void first(String row, String how, int millis) {
    Samples ours = samples("first", row);
    add(
        "first",
        how + ": ≤ " + millis + " ms",
        ours == null
            ? null
            : Figures.millis(ours.min()) + " (median: " + Figures.millis(ours.median()) + ")",
        ours != null && ours.min() <= millis * NANOS_PER_MILLI);
  }
}
