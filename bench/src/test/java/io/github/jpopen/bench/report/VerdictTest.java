package io.github.jpopen.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.bench.measure.Round;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static Row row(String name, long... nanos) {
    return new Row(name, Samples.of(LongStream.of(nanos).mapToObj(n -> new Round(n, -1)).toList()));
  }

  private static Verdict verdict(Row... rows) {
    return Verdict.of("a case", List.of(rows), 0.05);
  }

  private static final Row BEFORE = row(Verdict.BEFORE, 100_000_000, 110_000_000, 120_000_000);

  @Test
  void slowerInEachFigureIsSlower() {
    Verdict verdict =
        verdict(
            BEFORE,
            row(Verdict.NOW, 106_000_000, 116_000_000, 117_000_000),
            row(Verdict.AGAIN, 107_000_000, 117_000_000, 117_000_000));
    assertThat(verdict.isGood()).isFalse();
    assertThat(Verdict.table(List.of(verdict)).lines().toList().get(1))
        .contains("100  110", "106  116", "107  117", "1.06  1.05", "SLOWER");
  }

  @Test
  void slowerInTheMinimumOnlyIsChance() {
    Row slowMinimum = row(Verdict.NOW, 109_000_000, 110_000_000, 120_000_000);
    assertThat(verdict(BEFORE, slowMinimum, row(Verdict.AGAIN, 200_000_000)).isGood()).isTrue();
  }

  @Test
  void slowerInOneOfTwoRowsIsChance() {
    Row equal = row(Verdict.AGAIN, 101_000_000, 111_000_000, 112_000_000);
    assertThat(verdict(BEFORE, row(Verdict.NOW, 200_000_000), equal).isGood()).isTrue();
  }

  @Test
  void buildThatDoesNotPlayIsNoGoodBuild() {
    Row broken = Row.missing(Verdict.NOW, "failed");
    assertThat(verdict(BEFORE, broken, row(Verdict.AGAIN, 1)).isGood()).isFalse();
    assertThat(Verdict.table(List.of(verdict(BEFORE, broken)))).contains("did not play");
  }

  /** An earlier build may lack what a case needs. */
  @Test
  void earlierBuildNeedNotPlay() {
    Row now = row(Verdict.NOW, 1);
    Row again = row(Verdict.AGAIN, 1);
    assertThat(verdict(Row.missing(Verdict.BEFORE, "failed"), now, again).isGood()).isTrue();
  }
}
