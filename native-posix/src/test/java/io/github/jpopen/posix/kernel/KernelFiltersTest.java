package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations on a thread to which a seccomp filter denies system calls, alone and together. The
 * log of {@code strace} shows that each was made and denied.
 */
class KernelFiltersTest extends KernelTest {
  private static final int CALLS = 1;
  private static final int SEEN = 2;

  static Stream<KernelRow> filters() throws IOException {
    return KernelRow.of("filters.txt");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  @Covers("promise 16")
  void deniedCallIsReplacedOrReported(KernelRow row) throws Exception {
    List<String> names = Stream.of(row.cell(CALLS).split(",", -1)).map(KernelRow::first).toList();
    String numbers = row.cell(CALLS).replaceAll("\\w+ ", "");
    List<String> options = List.of("-f", "-e", "trace=" + String.join(",", names));

    long worker = jvm().worker(false);
    String seen;
    String log;
    try (Strace strace = new Strace(temp().resolve("strace.log"), worker, options)) {
      seen = jvm().denied(numbers, row.act());
      log = strace.detach();
    }
    assertThat(names)
        .as("calls that were not made")
        .allSatisfy(name -> assertThat(log).containsPattern(name + "\\(.* = -1 E"));
    assertThat(seen).as("what a user sees").matches(row.cell(SEEN));
    assertThat(jvm().left()).as("left behind").isEqualTo(Act.FINE);
  }
}
