package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.child.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An OutOfMemoryError in every call that the port thread and the exit threads make, the first,
 * second and third time. No thread waits for ever, and later children work.
 */
@EnabledOnOs(OS.WINDOWS)
class BackgroundErrorsTest extends Win32Test {
  private static final int TIMES = 3;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final byte[] INPUT = new byte[600_000];

  private static final List<String> IN_CONVERSATION =
      List.of(
          "getPackets",
          "keyOfPacket",
          "readFile",
          "writeFile",
          "overlappedResult",
          "transferred",
          "closeHandle",
          "post");

  private static final List<String> IN_WAITS =
      List.of("waitForAny", "setEvent", "duplicateForWaiting");

  private static Stream<Arguments> rows(List<String> calls) {
    return calls.stream()
        .flatMap(call -> IntStream.rangeClosed(1, TIMES).mapToObj(nth -> Arguments.of(call, nth)));
  }

  static Stream<Arguments> conversation() {
    return rows(IN_CONVERSATION);
  }

  static Stream<Arguments> waits() {
    return rows(IN_WAITS);
  }

  /** Returns its input, the first bytes one by one, so that some reads have to wait. */
  private static SpawnRequests echo() {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < 2 * TIMES; i++) {
      steps.addAll(List.of("SLEEP", "5", "PASS", "1"));
    }
    steps.add("CAT");
    return SpawnRequests.child(steps.toArray(String[]::new)).stderr(new Null());
  }

  private void assertLaterChildWorks() throws Exception {
    heal();
    StepDriver later = start(SpawnRequests.child("CAT").stderr(new Null())).input(INPUT);
    later.text();
    assertThat(later.stdoutBytes()).isEqualTo(INPUT);
    assertThat(later.failure()).isNull();
    assertThat(later.status()).isEqualTo(new Exited(0));
  }

  /** Runs to the end; the error may come out of the step, or break a stream. */
  private static void runOut(StepDriver driver) throws Exception {
    long start = System.nanoTime();
    while (!driver.isOver() && System.nanoTime() - start < LONG.toNanos()) {
      try {
        driver.step(LONG);
      } catch (OutOfMemoryError e) {
        assertThat(e).hasMessageContaining("injected");
      }
    }
    assertThat(driver.isOver()).as("ended; %s", driver.log()).isTrue();
    driver.close();
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("conversation")
  void errorBeforeTheCallHangsNothing(String call, int nth) throws Exception {
    StepDriver driver = start(echo()).input(INPUT);
    faults.throwError(call, nth);
    runOut(driver);
    assertThat(driver.stdoutBytes()).hasSize((int) driver.sent());
    assertLaterChildWorks();
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("conversation")
  void errorAfterTheCallHangsNothing(String call, int nth) throws Exception {
    StepDriver driver = start(echo()).input(INPUT);
    if (call.equals("closeHandle")) {
      faults.failAfterwards(call, nth, 6);
    } else {
      faults.throwErrorAfterwards(call, nth);
    }
    runOut(driver);
    assertLaterChildWorks();
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("waits")
  void errorInAWaitHangsNothing(String call, int nth) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      if (i == 0) {
        faults.throwError(call, nth);
      }
      StepDriver driver = start(SpawnRequests.shell("exit 3").noStreams());
      runOut(driver);
      assertThat(driver.status()).isEqualTo(new Exited(3));
    }
    assertLaterChildWorks();
  }

  @ParameterizedTest
  @ValueSource(strings = {"readFile", "overlappedResult", "getPackets", "keyOfPacket", "post"})
  void lastingErrorKeepsTheDeadlinesOfOthers(String call) throws Exception {
    StepDriver before = start(SpawnRequests.of("cmd.exe").stderr(new Null())).idleInput();
    before.step(Duration.ZERO);
    faults.throwErrorAlways(call);
    for (StepDriver driver :
        List.of(before, start(SpawnRequests.of("cmd.exe").stderr(new Null())).idleInput())) {
      long start = System.nanoTime();
      boolean _ = driver.run(Duration.ofSeconds(1));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(driver.child().signal(Signals.SIGKILL)).isTrue();
    }
    assertLaterChildWorks();
  }
}
