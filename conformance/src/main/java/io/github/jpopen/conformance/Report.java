package io.github.jpopen.conformance;

import io.github.jpopen.conformance.Verdict.Broken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out when libraries were checked. It does not change; any thread may read it.
 *
 * {@snippet class="ConformanceTest" region="broken"}
 *
 * @since 0.1
 */
public final class Report {
  private final List<ProcessLibrary> libraries;
  private final Map<Rule, List<Verdict>> verdicts = new LinkedHashMap<>();

  Report(List<ProcessLibrary> libraries) {
    this.libraries = libraries;
  }

  void add(Rule rule, List<Verdict> row) {
    verdicts.put(rule, row);
  }

  /**
   * The verdict on one library for one rule.
   *
   * @param rule one that was asked for
   * @param library one that was asked
   * @return what came out
   * @throws IllegalArgumentException if it was not asked for this rule
   */
  public Verdict verdict(Rule rule, ProcessLibrary library) {
    List<Verdict> row = verdicts.get(rule);
    int column = libraries.indexOf(library);
    if (row == null || column < 0) {
      throw new IllegalArgumentException(library.name() + " was not asked for " + rule);
    }
    return row.get(column);
  }

  /**
   * Whether a rule is broken.
   *
   * @return true if one of the libraries broke one of the rules
   */
  public boolean hasBroken() {
    return verdicts.values().stream()
        .flatMap(List::stream)
        .anyMatch(verdict -> verdict instanceof Broken);
  }

  /**
   * A table for a terminal.
   *
   * @return lines, with what was seen at the end
   */
  public String text() {
    return new Table(libraries, verdicts).plain();
  }

  /**
   * A table for a page.
   *
   * @return Markdown: a heading and a table for each topic, with what was seen at the end
   */
  public String markdown() {
    return new Table(libraries, verdicts).markdown();
  }

  /** The text. */
  @Override
  public String toString() {
    return text();
  }
}
