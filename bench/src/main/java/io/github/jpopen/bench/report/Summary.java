package io.github.jpopen.bench.report;

import io.github.jpopen.bench.cases.Tools;
import io.github.jpopen.bench.measure.Samples;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few figures that the README shows, between two marks. */
public final class Summary {
  private static final String BEGIN = "<!-- figures: written by bench -->\n";
  private static final String END = "<!-- end of figures -->\n";
  private static final List<String> CASES =
      List.of("big", "both", "cat", "echo", "timeout-50", "many", "first");

  private Summary() {}

  /** Replaces the text between the marks; does nothing if there are none. */
  public static void writeInto(Path page, Map<String, Table> tables) throws IOException {
    if (Files.exists(page)) {
      String text = Files.readString(page);
      String changed = replace(text, figures(tables));
      if (!changed.equals(text)) {
        Files.writeString(page, changed);
      }
    }
  }

  static String replace(String text, String figures) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    return begin < 0 || end < begin
        ? text
        : text.substring(0, begin + BEGIN.length()) + figures + text.substring(end);
  }

  static String figures(Map<String, Table> tables) {
    List<List<String>> lines = new ArrayList<>();
    for (String id : CASES) {
      Table table = tables.get(id);
      if (table != null) {
        // The timeout is about a caller on an ordinary thread.
        String ours = table.kind() == Kind.LATENESS ? Peers.JPOPEN_PLATFORM : Peers.JPOPEN;
        String jdk = table.kind() == Kind.LATENESS ? Peers.JDK_PLATFORM : Peers.JDK;
        lines.add(
            List.of(
                table.title(), figure(table, ours), figure(table, jdk), figure(table, Tools.C)));
      }
    }
    return Markdown.grid(List.of("", "jpopen", "`ProcessBuilder`", "a loop in C"), lines);
  }

  private static String figure(Table table, String row) {
    @Nullable Samples samples = table.samples(row);
    if (samples == null) {
      return "";
    }
    return Figures.millis(table.kind() == Kind.LATENESS ? samples.median() : samples.min());
  }
}
