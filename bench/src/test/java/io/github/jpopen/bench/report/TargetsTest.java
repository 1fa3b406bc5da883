package io.github.jpopen.bench.report;

import static io.github.jpopen.bench.report.MarkdownTest.row;
import static io.github.jpopen.bench.report.MarkdownTest.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.bench.cases.Lineup;
import io.github.jpopen.bench.cases.ManyAtOnce;
import io.github.jpopen.bench.cases.Tools;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.report.Target.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static List<Target> targets(Table table) {
    return Targets.of(Map.of(table.id(), table));
  }

  @Test
  void minimaDecide() {
    assertThat(targets(table("echo", row(Peers.JPOPEN, -1, 1.15, 9), row(Tools.C, -1, 1, 1))))
        .singleElement()
        .returns(Verdict.MET, Target::verdict)
        .returns("1.15 (medians: 5.08)", Target::measured);
    assertThat(targets(table("echo", row(Peers.JPOPEN, -1, 1.16), row(Tools.C, -1, 1))))
        .singleElement()
        .returns(Verdict.MISSED, Target::verdict);
  }

  @Test
  void verdictNeedsBothContenders() {
    assertThat(targets(table("echo", row(Peers.JPOPEN, -1, 1), Row.missing(Tools.C, "no cc"))))
        .singleElement()
        .returns(Verdict.NOT_MEASURED, Target::verdict);
  }

  @Test
  void contenderThatKeepsNoBytesCannotBeFirst() {
    Table table =
        table(
            "cat",
            row(Lineup.C_DISCARDING, -1, 1),
            row(Peers.JPOPEN_OFF_HEAP, -1, 2),
            row(Peers.JPOPEN, -1, 3),
            row(Tools.RUST, -1, 4),
            row(Tools.C, -1, 5));
    assertThat(targets(table))
        .extracting(Target::verdict)
        .containsExactly(Verdict.MET, Verdict.MET);
  }

  @Test
  void fasterContenderIsNamed() {
    Table table = table("cat", row(Peers.JPOPEN, -1, 3), row(Tools.RUST, -1, 2));
    assertThat(targets(table))
        .last()
        .returns(Verdict.MISSED, Target::verdict)
        .returns("Rust std, 2.00 ms", Target::measured);
  }

  @Test
  void oneMoreThreadThanTheJvmIsAllowed() {
    assertThat(many(23, 22)).returns(Verdict.MET, Target::verdict);
    assertThat(many(24, 22)).returns(Verdict.MISSED, Target::verdict);
  }

  private static Target many(double threads, double own) {
    Row played =
        new Row(
            Peers.JPOPEN,
            row(Peers.JPOPEN, -1, 1).samples(),
            "",
            Map.of(ManyAtOnce.THREADS, threads, ManyAtOnce.OWN_THREADS, own));
    return targets(table("many", played)).getLast();
  }

  @Test
  void unplayedCasesAreNotMentioned() {
    assertThat(Targets.of(Map.of())).isEmpty();
  }
}
