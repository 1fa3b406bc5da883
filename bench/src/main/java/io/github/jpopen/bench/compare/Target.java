package io.github.jpopen.bench.compare;

/**
 * An aim and what became of it.
 *
 * @param table the case it is about
 * @param aim what was aimed at
 * @param measured what was measured; says so if it was not
 * @param verdict met or missed, or neither
 */
record Target(String table, String aim, String measured, Verdict verdict) {
  /** What became of an aim. */
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
