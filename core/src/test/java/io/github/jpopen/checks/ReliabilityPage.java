package io.github.jpopen.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The generated part of {@code docs/reliability.md}: the promises of {@code parity.txt} with the
 * tests that name them in {@code @Covers}, and the rows of {@code reliability.txt}.
 */
final class ReliabilityPage {
  /** The line of the page after which everything is generated. */
  static final String MARK = "<!-- From here on this page is written by ReliabilityPage. -->";

  /** The section of {@code parity.txt}. */
  private static final String PROMISES = "Promises";

  private final List<ParitySection> parity;
  private final List<List<String>> paragraphs;
  private final List<TestMethod> methods;

  ReliabilityPage(List<ParitySection> parity, List<String> lines, List<TestMethod> methods) {
    this.parity = parity;
    this.methods = methods;
    paragraphs = paragraphs(lines);
  }

  private static List<List<String>> paragraphs(List<String> lines) {
    List<List<String>> found = new ArrayList<>();
    List<String> paragraph = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        paragraph.add(line);
      } else if (!paragraph.isEmpty()) {
        found.add(List.copyOf(paragraph));
        paragraph.clear();
      }
    }
    if (!paragraph.isEmpty()) {
      found.add(paragraph);
    }
    return found;
  }

  private static boolean isSection(List<String> paragraph) {
    return paragraph.getFirst().startsWith("== ");
  }

  /** The tests of the rows that no source file declares. */
  List<String> missingTests() {
    Set<String> declared =
        methods.stream().flatMap(ReliabilityPage::names).collect(Collectors.toSet());
    return paragraphs.stream()
        .filter(paragraph -> !isSection(paragraph))
        .flatMap(paragraph -> ReliabilityRow.of(paragraph).tests().values().stream())
        .flatMap(List::stream)
        .filter(test -> !declared.contains(test))
        .toList();
  }

  private static Stream<String> names(TestMethod test) {
    String method = test.type() + "." + test.name();
    return Stream.of(method, test.module() + "/" + method);
  }

  /** The lines after {@link #MARK}. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    addPromises(lines);
    for (List<String> paragraph : paragraphs) {
      lines.add("");
      if (isSection(paragraph)) {
        lines.add("## " + paragraph.getFirst().substring(3));
        lines.add("");
        lines.addAll(paragraph.subList(1, paragraph.size()));
      } else {
        lines.addAll(ReliabilityRow.of(paragraph).lines());
      }
    }
    return lines;
  }

  private void addPromises(List<String> lines) {
    lines.add("## The promises");
    lines.add("");
    lines.add("Each with the tests that show it.");
    ParitySection section =
        parity.stream().filter(one -> one.heading().equals(PROMISES)).findFirst().orElseThrow();
    for (ParityRow row : section.rows()) {
      lines.add("");
      lines.add("* **" + row.name() + ".**");
      row.text().forEach(line -> lines.add("  " + line));
      lines.add("  " + ReliabilityRow.list("tests", covering(row.name())));
    }
  }

  private List<String> covering(String promise) {
    return methods.stream()
        .filter(test -> test.covers().contains(promise))
        .map(test -> test.type() + "." + test.name())
        .toList();
  }
}
