package io.github.jpopen.checks;

import java.util.ArrayList;
import java.util.List;

/** A section of {@code parity.txt}: a heading, its introduction and its rows. */
record ParitySection(String heading, List<String> introduction, List<ParityRow> rows) {
  /** Those of the file; its first lines describe the format. */
  static List<ParitySection> parse(List<String> lines) {
    List<ParitySection> sections = new ArrayList<>();
    List<String> paragraph = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        paragraph.add(line);
      } else if (!paragraph.isEmpty()) {
        add(paragraph, sections);
        paragraph.clear();
      }
    }
    if (!paragraph.isEmpty()) {
      add(paragraph, sections);
    }
    return sections;
  }

  private static void add(List<String> paragraph, List<ParitySection> sections) {
    String first = paragraph.getFirst();
    List<String> rest = paragraph.subList(1, paragraph.size());
    if (first.startsWith("== ")) {
      sections.add(new ParitySection(first.substring(3), List.copyOf(rest), new ArrayList<>()));
    } else {
      sections.getLast().rows().add(row(first, rest));
    }
  }

  private static ParityRow row(String first, List<String> text) {
    int colon = first.indexOf(": ");
    if (colon < 0) {
      throw new IllegalArgumentException("a row begins with its name and verdict: " + first);
    }
    ParityRow.Verdict verdict = ParityRow.Verdict.of(first.substring(colon + 2));
    return new ParityRow(first.substring(0, colon), verdict, List.copyOf(text));
  }
}
