package io.github.jpopen.bench.report;

import static io.github.jpopen.bench.report.MarkdownTest.row;
import static io.github.jpopen.bench.report.MarkdownTest.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.bench.cases.Tools;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void onlyTheTextBetweenTheMarksIsReplaced() {
    String page = "a\n<!-- figures: written by bench -->\nold\n<!-- end of figures -->\nb\n";
    assertThat(Summary.replace(page, "new\n")).isEqualTo(page.replace("old", "new"));
    assertThat(Summary.replace(Summary.replace(page, "x\n"), "old\n")).isEqualTo(page);
  }

  @Test
  void pageWithoutMarksStaysUnchanged() {
    assertThat(Summary.replace("a\nb\n", "new\n")).isEqualTo("a\nb\n");
    assertThat(Summary.replace("<!-- end of figures -->\n", "new\n"))
        .isEqualTo("<!-- end of figures -->\n");
  }

  @Test
  void timesAreMinimaAndDelaysAreMedians() {
    Table echo = table("echo", row(Peers.JPOPEN, -1, 3, 1, 2), row(Tools.C, -1, 1, 9));
    Table late =
        new Table(
            "timeout-50",
            "Late",
            "",
            Kind.LATENESS,
            0,
            List.of(row(Peers.JPOPEN_PLATFORM, -1, 3, 1, 2)));
    assertThat(Summary.figures(Map.of("echo", echo, "timeout-50", late)).lines().skip(2))
        .containsExactly("| A case | 1.00 ms |  | 1.00 ms |", "| Late | 2.00 ms |  |  |");
  }
}
