package io.github.jpopen.bench.report;

/**
 * A target, and whether it was met.
 *
 * @param table the id of its case
 * @param aim the target, as the page shows it
 * @param measured what was measured, or that it was not
 * @param verdict met or missed, or neither
 */
public record Target(String table, String aim, String measured, Verdict verdict) {
  /** The result for a target. */
  enum Verdict {
    MET,
    MISSED,
    NOT_MEASURED
  }

  static Target of(String table, String aim, String measured, boolean met) {
    return new Target(table, aim, measured, met ? Verdict.MET : Verdict.MISSED);
  }

  static Target notMeasured(String table, String aim) {
    return new Target(table, aim, "not measured", Verdict.NOT_MEASURED);
  }
}
