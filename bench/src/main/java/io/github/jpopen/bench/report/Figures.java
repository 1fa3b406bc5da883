package io.github.jpopen.bench.report;

import java.util.Locale;

/** How figures are written: three digits that mean something, and the unit. */
public final class Figures {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEBIBYTE = 1 << 20;

  private Figures() {}

  static String millis(long nanos) {
    return number(nanos / NANOS_PER_MILLI) + " ms";
  }

  static String mebibytes(long bytes) {
    return number(bytes / BYTES_PER_MEBIBYTE) + " MiB";
  }

  /** How many times the second the first is. */
  static String ratio(long first, long second) {
    return second == 0 ? "" : String.format(Locale.ROOT, "%.2f", first / (double) second);
  }

  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
