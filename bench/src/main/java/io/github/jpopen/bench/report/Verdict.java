package io.github.jpopen.bench.report;

import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a build is slower than an earlier one in one case.
 *
 * @param name of the case
 * @param before of the earlier build; null if it could not play
 * @param now of this build; null if it could not play
 * @param again of this build, once more; null if it could not play
 * @param tolerance how much slower is not slower, as a part
 */
public record Verdict(
    String name,
    @Nullable Samples before,
    @Nullable Samples now,
    @Nullable Samples again,
    double tolerance) {
  /** The row of the earlier build. */
  public static final String BEFORE = "before";

  /** The row of this build. */
  public static final String NOW = "now";

  /** The second row of this build. */
  public static final String AGAIN = "now, again";

  /** Looks for the rows of the three builds. */
  public static Verdict of(String name, List<Row> rows, double tolerance) {
    return new Verdict(
        name, samples(rows, BEFORE), samples(rows, NOW), samples(rows, AGAIN), tolerance);
  }

  private static @Nullable Samples samples(List<Row> rows, String build) {
    for (Row row : rows) {
      if (row.name().equals(build)) {
        return row.samples();
      }
    }
    return null;
  }

  /**
   * Whether this build played and is not slower. Slower means: minima and medians of both its rows
   * are above those of the earlier build by more than the tolerance.
   */
  public boolean isGood() {
    return now != null && again != null && (before == null || !(isSlower(now) && isSlower(again)));
  }

  private boolean isSlower(Samples samples) {
    double limit = 1 + tolerance;
    return before != null
        && samples.min() > limit * before.min()
        && samples.median() > limit * before.median();
  }

  /** The table: milliseconds as minimum and median, and the ratios to the earlier build. */
  public static String table(List<Verdict> verdicts) {
    StringBuilder table = new StringBuilder();
    line(table, "ms: minimum, median", BEFORE, NOW, AGAIN, "now / before", "");
    for (Verdict verdict : verdicts) {
      line(
          table,
          verdict.name,
          figures(verdict.before),
          figures(verdict.now),
          figures(verdict.again),
          ratios(verdict.now, verdict.before),
          verdict.isGood() ? "" : "SLOWER");
    }
    return table.toString();
  }

  private static void line(StringBuilder table, String... cells) {
    table.append(
        String.format(Locale.ROOT, "%-26s %16s %16s %16s %14s %s", (Object[]) cells).strip());
    table.append('\n');
  }

  private static String figures(@Nullable Samples samples) {
    return samples == null
        ? "did not play"
        : Figures.number(samples.min() / 1e6) + "  " + Figures.number(samples.median() / 1e6);
  }

  private static String ratios(@Nullable Samples now, @Nullable Samples before) {
    return now == null || before == null
        ? ""
        : Figures.ratio(now.min(), before.min())
            + "  "
            + Figures.ratio(now.median(), before.median());
  }
}
