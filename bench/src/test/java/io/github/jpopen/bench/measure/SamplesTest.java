package io.github.jpopen.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private static Samples of(long... values) {
    List<Round> rounds = new ArrayList<>();
    for (long value : values) {
      rounds.add(new Round(value, -1));
    }
    return Samples.of(rounds);
  }

  @Test
  void medianOfAnOddNumberIsTheMiddle() {
    assertThat(of(9, 1, 5).median()).isEqualTo(5);
    assertThat(of(7).median()).isEqualTo(7);
  }

  @Test
  void medianOfAnEvenNumberIsAMean() {
    assertThat(of(10, 1, 4, 100).median()).isEqualTo(7);
    assertThat(of(Long.MAX_VALUE, Long.MAX_VALUE - 2).median()).isEqualTo(Long.MAX_VALUE - 1);
  }

  @Test
  void minimumAndMaximumDoNotDependOnTheOrder() {
    assertThat(of(3, -2, 8).min()).isEqualTo(-2);
    assertThat(of(3, -2, 8).max()).isEqualTo(8);
  }

  @Test
  void percentilesUseTheNearestRank() {
    long[] hundred = new long[100];
    for (int i = 0; i < hundred.length; i++) {
      hundred[i] = (long) hundred.length - i;
    }
    assertThat(of(hundred).percentile(99)).isEqualTo(99);
    assertThat(of(hundred).percentile(1)).isEqualTo(1);
    assertThat(of(hundred).percentile(100)).isEqualTo(100);
    assertThat(of(10, 20, 30).percentile(99)).isEqualTo(30);
    assertThat(of(10, 20, 30).percentile(34)).isEqualTo(20);
  }

  @Test
  void allocationIsTheMedianOfTheRounds() {
    assertThat(Samples.of(List.of(new Round(1, 300), new Round(2, 100), new Round(3, 200))))
        .returns(200L, Samples::allocated);
  }

  @Test
  void emptySamplesHaveNoStatistics() {
    assertThatThrownBy(() -> Samples.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> of(1).percentile(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
