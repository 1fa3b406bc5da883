package io.github.jpopen.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.bench.cases.Tools;
import io.github.jpopen.bench.measure.Round;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownTest {
  private static final long MILLI = 1_000_000;

  static Row row(String name, long allocated, double... millis) {
    return new Row(
        name,
        Samples.of(
            java.util.Arrays.stream(millis)
                .mapToObj(value -> new Round((long) (value * MILLI), allocated))
                .toList()));
  }

  static Table table(String id, Row... rows) {
    return new Table(id, "A case", "What was run.", Kind.TIME, 1000, List.of(rows));
  }

  @Test
  void rowsAreSortedByMinimumAndHaveRatios() {
    Table table =
        table(
            "big",
            row(Peers.JDK, 2000, 40, 60),
            row(Tools.C, -1, 20, 30),
            row(Peers.JPOPEN, 2010, 10, 12));
    assertThat(Markdown.table(table).lines())
        .containsExactly(
            "|  | min | median | × C, min | median | × ProcessBuilder, min | median | heap bytes"
                + " allocated per byte |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            "| **jpopen** | 10.0 ms | 11.0 ms | 0.50 | 0.44 | 0.25 | 0.22 | 2.01 |",
            "| C loop | 20.0 ms | 25.0 ms | 1.00 | 1.00 | 0.50 | 0.50 |  |",
            "| ProcessBuilder | 40.0 ms | 50.0 ms | 2.00 | 2.00 | 1.00 | 1.00 | 2.00 |");
  }

  @Test
  void contenderWithoutFiguresComesLast() {
    Table table =
        new Table(
            "echo",
            "A case",
            "",
            Kind.TIME,
            0,
            List.of(Row.missing("Go os/exec", "not installed: go"), row(Peers.JPOPEN, -1, 1)));
    assertThat(Markdown.table(table).lines().toList())
        .last()
        .isEqualTo("| Go os/exec | not installed: go |  |  |  |  |  |");
  }

  @Test
  void ratiosNeedTheLoopInC() {
    assertThat(Markdown.table(table("echo", row(Peers.JPOPEN, -1, 1))))
        .contains("| **jpopen** | 1.00 ms | 1.00 ms |  |  |  |  |");
  }

  @Test
  void latenessHasPercentilesAndNoRatios() {
    Table table =
        new Table(
            "timeout-50", "A case", "", Kind.LATENESS, 0, List.of(row("zt-exec", -1, 1, 2, 9)));
    assertThat(Markdown.table(table).lines().toList())
        .last()
        .isEqualTo("| zt-exec | 1.00 ms | 2.00 ms | 9.00 ms | 9.00 ms |");
  }

  @Test
  void furtherFiguresGetColumns() {
    Row row = row("Rust std", -1, 1);
    Table table =
        new Table(
            "many",
            "A case",
            "",
            Kind.TIME,
            0,
            List.of(new Row(row.name(), row.samples(), "", Map.of("threads", 701.0))));
    assertThat(Markdown.table(table).lines()).first().asString().endsWith("| threads |");
    assertThat(Markdown.table(table)).contains("| 701 |");
  }

  @Test
  void barsInNamesDoNotBreakTheTable() {
    assertThat(Markdown.facts(Map.of("a|b", "c"))).contains("| a\\|b | c |");
  }

  @Test
  void pageNamesMissedTargetsWithTheReason() {
    Table table = table("echo", row(Peers.JPOPEN, -1, 2), row(Tools.C, -1, 1));
    String page =
        new Report(Map.of("echo", table), Map.of("Java", "25"), Map.of("echo", 0.5))
            .text(true, LocalDate.of(2026, 1, 2));
    assertThat(page)
        .contains("| [A case](#echo) | ≤ 1.15 × C loop | 2.00 (medians: 2.00) | **missed**")
        .contains("[why](profiles.md#echo)")
        .contains("<a id=\"echo\"></a>")
        .contains("1 rounds; load average 0.5 at the start.")
        .contains("![A case](charts/echo.png)")
        .contains("2026-01-02");
  }
}
