package io.github.jpopen.checks;

import java.util.List;
import java.util.Locale;

/**
 * A row of {@code parity.txt}: a CPython test, a rule of {@code communicate} or a promise.
 *
 * @param text what its tests show and what is different here, one sentence a line
 */
record ParityRow(String name, Verdict verdict, List<String> text) {
  /** How jpopen compares with CPython. */
  enum Verdict {
    KEPT,
    TRANSLATED,
    BETTER,
    DIFFERENT,
    NOT_APPLICABLE;

    /** In the words of the file and the page. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static Verdict of(String words) {
      return valueOf(words.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }
  }

  ParityRow {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name + " has no text");
    }
  }

  /** Whether the row claims something that a test must show. */
  boolean needsTest() {
    return verdict.compareTo(Verdict.DIFFERENT) < 0;
  }

  boolean isOfCpython() {
    return name.contains("test_");
  }
}
