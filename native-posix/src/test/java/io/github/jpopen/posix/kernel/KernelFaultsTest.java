package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations in a JVM to which {@code strace} is attached: it makes the kernel fail, delay or
 * signal the nth system call of a kind.
 *
 * <p>The log of {@code strace} shows that it did. Afterwards the JVM holds what it held before, and
 * its next conversation is all right.
 */
class KernelFaultsTest extends KernelTest {
  private static final int WHERE = 1;
  private static final int CALL = 2;
  private static final int FAULT = 3;
  private static final int OCCURRENCE = 4;
  private static final int SEEN = 5;

  static Stream<KernelRow> faults() throws IOException {
    return KernelRow.of("faults.txt")
        .flatMap(row -> row.words(OCCURRENCE).stream().map(nth -> row.with(OCCURRENCE, nth)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  @Covers({"promise 7", "promise 9", "promise 21"})
  void faultOfTheKernelIsInvisibleOrReported(KernelRow row) throws Exception {
    List<String> where = row.words(WHERE);
    List<String> options = new ArrayList<>();
    if (!where.contains("thread")) {
      options.add("-f");
    }
    options.addAll(List.of("-e", "trace=" + row.cell(CALL)));
    String when = row.cell(FAULT) + ":when=" + row.cell(OCCURRENCE);
    options.addAll(List.of("-e", "inject=" + row.cell(CALL) + ":" + when));

    long worker = jvm().worker(where.contains("virtual"));
    String seen;
    String log;
    try (Strace strace = new Strace(temp().resolve("strace.log"), worker, options)) {
      seen = jvm().act(where.contains("fresh"), row.act(), row.argument());
      log = strace.detach();
    }
    assertThat(log).as("the fault did not happen").containsPattern(mark(row.cell(FAULT)));
    assertThat(seen).as("what a user sees").matches(row.cell(SEEN));
    assertThat(jvm().left()).as("left behind").isEqualTo(Act.FINE);
  }

  private static String mark(String fault) {
    if (fault.startsWith("signal=")) {
      return "--- " + fault.substring("signal=".length()) + " |killed by SIGKILL";
    }
    return fault.startsWith("delay") ? "\\(DELAYED\\)" : "\\(INJECTED\\)";
  }
}
