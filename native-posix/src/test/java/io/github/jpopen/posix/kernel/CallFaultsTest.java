package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.PosixTest;
import java.io.IOException;
import java.util.List;
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
    List<String> call = row.words(CALL);
    int occurrence = Integer.parseInt(row.cell(OCCURRENCE));
    int error = number(row.cell(ERROR));
    if (call.contains("afterwards")) {
      faults.failAfterwards(call.getFirst(), occurrence, error);
    } else {
      faults.fail(call.getFirst(), occurrence, error);
    }
    String seen = row.act().run(row.argument());
    assertThat(seen).as("what a user sees").matches(pattern(row));
    faults.heal();
    assertThat(Act.TALK.run("")).as("the next child").isEqualTo(Act.FINE);
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
