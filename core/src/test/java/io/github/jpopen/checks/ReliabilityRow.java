package io.github.jpopen.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of {@code reliability.txt}: a fault or a question, and the tests that show it.
 *
 * @param text what its tests show, one sentence a line
 * @param tests the tests by how they show it: {@code injected}, {@code kernel} or {@code shown}
 */
record ReliabilityRow(String name, List<String> text, Map<String, List<String>> tests) {
  private static final List<String> KINDS = List.of("injected", "kernel", "shown");

  /** The row that these lines are. */
  static ReliabilityRow of(List<String> lines) {
    List<String> text = new ArrayList<>();
    Map<String, List<String>> tests = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String kind = line.split(": ", 2)[0];
      if (KINDS.contains(kind)) {
        tests.put(kind, List.of(line.substring(kind.length() + 2).split(" ", -1)));
      } else {
        text.add(line);
      }
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException(lines.getFirst() + " has no text");
    }
    return new ReliabilityRow(lines.getFirst(), text, tests);
  }

  /** Its item of a list on the page. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("* **" + name + ".**");
    text.forEach(line -> lines.add("  " + line));
    tests.forEach((kind, all) -> lines.add("  " + list(kind, all)));
    return lines;
  }

  /** A line of the page that names tests. */
  static String list(String kind, List<String> tests) {
    String heading = Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
    return heading + ": `" + String.join("`, `", tests) + "`.";
  }
}
