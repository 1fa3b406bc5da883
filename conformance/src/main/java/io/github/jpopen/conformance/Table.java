package io.github.jpopen.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A report as text. What was seen of a broken rule has a number in the table, and stands below.
 *
 * @param libraries the columns
 * @param verdicts the rows, each with one verdict for each column
 */
record Table(List<ProcessLibrary> libraries, Map<Rule, List<Verdict>> verdicts) {
  String plain() {
    int first =
        verdicts.keySet().stream().mapToInt(rule -> rule.sentence().length()).max().orElse(0);
    List<String> notes = new ArrayList<>();
    StringBuilder table = new StringBuilder();
    String topic = "";
    for (Map.Entry<Rule, List<Verdict>> row : verdicts.entrySet()) {
      if (!row.getKey().topic().equals(topic)) {
        table.append(topic.isEmpty() ? "" : "\n");
        topic = row.getKey().topic();
        line(table, topic, first, libraries.stream().map(ProcessLibrary::name).toList());
      }
      List<String> cells = new ArrayList<>();
      for (Verdict verdict : row.getValue()) {
        cells.add(cell(verdict, "NO", notes));
      }
      line(table, "  " + row.getKey().sentence(), first, cells);
    }
    if (!notes.isEmpty()) {
      table.append('\n').append(String.join("\n", notes)).append('\n');
    }
    return table.toString();
  }

  private void line(StringBuilder table, String head, int first, List<String> cells) {
    StringBuilder line = new StringBuilder(padded(head, first + 4));
    for (int i = 0; i < cells.size(); i++) {
      line.append(padded(cells.get(i), Math.max(libraries.get(i).name().length(), 14) + 2));
    }
    table.append(line.toString().stripTrailing()).append('\n');
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(width - text.length(), 1));
  }

  String markdown() {
    List<String> notes = new ArrayList<>();
    StringBuilder page = new StringBuilder();
    String topic = "";
    for (Map.Entry<Rule, List<Verdict>> row : verdicts.entrySet()) {
      if (!row.getKey().topic().equals(topic)) {
        page.append(topic.isEmpty() ? "" : "\n");
        topic = row.getKey().topic();
        heading(page, topic);
      }
      page.append("| ").append(row.getKey().sentence()).append(" |");
      for (Verdict verdict : row.getValue()) {
        page.append(' ').append(cell(verdict, "**no**", notes)).append(" |");
      }
      page.append('\n');
    }
    if (!notes.isEmpty()) {
      page.append("\n## What was seen\n");
      notes.forEach(note -> page.append(note.replace("|", "\\|")).append('\n'));
    }
    return page.toString();
  }

  private void heading(StringBuilder page, String topic) {
    page.append("## ").append(topic).append("\n| |");
    libraries.forEach(library -> page.append(' ').append(library.name()).append(" |"));
    page.append("\n|---|").append("---|".repeat(libraries.size())).append('\n');
  }

  private static String cell(Verdict verdict, String no, List<String> notes) {
    if (verdict instanceof Verdict.Broken broken) {
      return no + note(broken.how(), notes);
    }
    if (verdict instanceof Verdict.NotAsked notAsked) {
      return "not asked" + note(notAsked.why(), notes);
    }
    return verdict instanceof Verdict.Kept ? "yes" : "–";
  }

  private static String note(String text, List<String> notes) {
    notes.add((notes.size() + 1) + ". " + text.lines().findFirst().orElse(""));
    return " (" + notes.size() + ")";
  }
}
