package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.PosixTest;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public API over calls of which the nth answers an error: the whole library takes part, from
 * {@code Popen} down to the call.
 */
class CallFaultsTest extends PosixTest {
  private static final int CALL = 1;
  private static final int ERROR = 2;
  private static final int OCCURRENCE = 3;
  private static final int SEEN = 4;

  private static final Set<String> LASTING = Set.of("jpopen-poller", "jpopen-unwatched");

  private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
  private final UsedPlatform used = new UsedPlatform();

  static Stream<KernelRow> calls() throws IOException {
    return KernelRow.of("calls.txt")
        .flatMap(row -> row.words(ERROR).stream().map(error -> row.with(ERROR, error)))
        .flatMap(row -> row.words(OCCURRENCE).stream().map(nth -> row.with(OCCURRENCE, nth)));
  }

  @BeforeEach
  void useFaults() throws ReflectiveOperationException {
    KernelTest.assumeUsualWay();
    used.replace(platform);
  }

  @AfterEach
  void useTheUsual() throws ReflectiveOperationException {
    used.restore();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  @Covers({"promise 7", "promise 21"})
  void faultOfACallIsInvisibleOrReported(KernelRow row) throws Exception {
    String[] range = row.cell(OCCURRENCE).split("-", 2);
    for (int nth = Integer.parseInt(range[0]);
        nth <= Integer.parseInt(range[range.length - 1]);
        nth++) {
      addFault(row, nth);
    }
    String seen = row.act().run(row.argument());
    assertThat(seen).as("what a user sees").matches(pattern(row));
    faults.heal();
    assertThat(Act.TALK.run("")).as("the next child").isEqualTo(Act.FINE);
    await("no thread is left", () -> newThreads().isEmpty());
  }

  private void addFault(KernelRow row, int nth) {
    List<String> call = row.words(CALL);
    String name = call.getFirst();
    switch (call.size() == 1 ? "" : call.get(1)) {
      case "afterwards" -> faults.failAfterwards(name, nth, number(row.cell(ERROR)));
      case "short" -> faults.shorten(name, nth, Long.parseLong(row.cell(ERROR)));
      case "late" -> {
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(row.cell(ERROR)));
        faults.delay(name, nth, () -> LockSupport.parkNanos(nanos));
      }
      case "without" -> {
        faults.failAlways(call.get(2), HOST.constants().ENOSYS());
        faults.fail(name, nth, number(row.cell(ERROR)));
      }
      default -> faults.fail(name, nth, number(row.cell(ERROR)));
    }
  }

  /** What ends with its child, while others of ours last some seconds longer. */
  private List<Thread> newThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("jpopen-") && !threadsBefore.contains(thread))
        .filter(thread -> !LASTING.contains(thread.getName()))
        .toList();
  }

  private static String pattern(KernelRow row) {
    return row.cell(SEEN).replace("ERROR", row.cell(ERROR));
  }

  private static int number(String name) {
    for (int number = 1; number < 200; number++) {
      if (HOST.constants().errorName(number).equals(name)) {
        return number;
      }
    }
    throw new IllegalArgumentException(name);
  }
}
