package io.github.jpopen.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  private final List<String> played = new ArrayList<>();

  private Contender player(String name) {
    return () -> {
      played.add(name);
      return new Round(played.size(), -1);
    };
  }

  @Test
  void eachRoundBeginsWithTheNextContender() throws InterruptedException {
    new Contest().with("A", player("A")).with("B", player("B")).with("C", player("C")).play(0, 3);
    assertThat(played).containsExactly("A", "B", "C", "B", "C", "A", "C", "A", "B");
  }

  @Test
  void warmUpRoundsDoNotCount() throws InterruptedException {
    List<Row> rows = new Contest().with("A", player("A")).play(2, 3);
    assertThat(played).hasSize(5);
    assertThat(rows).singleElement().extracting(Row::samples).asString().isEqualTo("[3, 4, 5]");
  }

  @Test
  void failedContenderHasNoFigures() throws InterruptedException {
    List<Row> rows =
        new Contest()
            .with("A", player("A"))
            .with(
                "B",
                () -> {
                  played.add("B");
                  throw new IOException("lost bytes");
                })
            .play(1, 2);
    assertThat(played).containsExactly("B", "A", "A", "A");
    assertThat(rows.get(0).samples()).isNotNull();
    assertThat(rows.get(1).samples()).isNull();
    assertThat(rows.get(1).note()).isEqualTo("failed: lost bytes");
  }

  @Test
  void missingContenderKeepsItsPlaceAndReason() throws InterruptedException {
    List<Row> rows =
        new Contest().without("Go", "not installed: go").with("A", player("A")).play(0, 1);
    assertThat(rows).extracting(Row::name).containsExactly("Go", "A");
    assertThat(rows.get(0).note()).isEqualTo("not installed: go");
  }
}
