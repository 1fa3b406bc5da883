package io.github.jpopen.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The generated part of {@code docs/python-parity.md}: the rows of {@code parity.txt}, each with
 * the tests that name it in {@code @Covers}.
 */
final class ParityPage {
  /** The line of the page after which everything is generated. */
  static final String MARK = "<!-- From here on this page is written by ParityPage. -->";

  private final List<ParitySection> sections;
  private final Map<String, List<TestMethod>> tests = new LinkedHashMap<>();

  ParityPage(List<ParitySection> sections, List<TestMethod> methods) {
    this.sections = sections;
    for (TestMethod method : methods) {
      for (String row : method.covers()) {
        tests.computeIfAbsent(row, _ -> new ArrayList<>()).add(method);
      }
    }
  }

  private List<ParityRow> rows() {
    return sections.stream().flatMap(section -> section.rows().stream()).toList();
  }

  /** Where the rows and the tests contradict each other, one sentence each. */
  List<String> contradictions() {
    List<String> found = new ArrayList<>();
    Map<String, ParityRow> rows = new LinkedHashMap<>();
    for (ParityRow row : rows()) {
      if (rows.put(row.name(), row) != null) {
        found.add(row.name() + " has two rows");
      }
      if (row.needsTest() && !tests.containsKey(row.name())) {
        found.add(row.name() + " is " + row.verdict() + ", and no test covers it");
      }
    }
    tests.forEach((name, methods) -> check(name, rows.get(name), methods, found));
    return found;
  }

  private static void check(
      String name, @Nullable ParityRow row, List<TestMethod> methods, List<String> found) {
    if (row == null) {
      found.add(methods.getFirst() + " covers " + name + ", which has no row");
    } else if (!row.needsTest()) {
      found.add(methods.getFirst() + " covers " + name + ", which is " + row.verdict());
    }
  }

  long cpythonTests() {
    return rows().stream().filter(ParityRow::isOfCpython).count();
  }

  /** The lines after {@link #MARK}. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("**" + cpythonTests() + " tests of CPython: " + counts() + ".**");
    for (ParitySection section : sections) {
      lines.add("");
      lines.add("## " + section.heading());
      if (!section.introduction().isEmpty()) {
        lines.add("");
        lines.addAll(section.introduction());
      }
      section.rows().forEach(row -> addRow(row, lines));
    }
    return lines;
  }

  private String counts() {
    Map<ParityRow.Verdict, Long> counts =
        rows().stream()
            .filter(ParityRow::isOfCpython)
            .collect(
                Collectors.groupingBy(ParityRow::verdict, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  private void addRow(ParityRow row, List<String> lines) {
    lines.add("");
    lines.add("* `" + row.name() + "`: " + row.verdict() + ".");
    row.text().forEach(line -> lines.add("  " + line));
    List<TestMethod> covering = tests.getOrDefault(row.name(), List.of());
    if (!covering.isEmpty()) {
      String names =
          covering.stream()
              .map(ParityPage::reference)
              .collect(Collectors.joining(",\n  ", "  Tests: ", "."));
      names.lines().forEach(lines::add);
    }
  }

  private static String reference(TestMethod test) {
    String name = "`" + test.type() + "." + test.name() + "`";
    return test.module().equals("core") ? name : name + " in " + test.module();
  }
}
