package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.child.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error of every call that is made for a running child, the first, second and third time. */
@EnabledOnOs(OS.WINDOWS)
class ChildFaultsTest extends Win32Test {
  private static final int TIMES = 3;
  private static final byte[] INPUT = new byte[600_000];
  private static final String TALK = "echo a& echo b>&2& echo c& echo d>&2& exit 3";

  private static Stream<Arguments> rows(int... errors) {
    return IntStream.of(errors)
        .boxed()
        .flatMap(
            error ->
                IntStream.rangeClosed(1, TIMES)
                    .mapToObj(occurrence -> Arguments.of(error, occurrence)));
  }

  static Stream<Arguments> shortages() {
    return rows(8, 14, 1450, 1453, 1454, 1455, 1784, 1816);
  }

  static Stream<Arguments> noReader() {
    return rows(109, 232, 233);
  }

  static Stream<Arguments> noWriter() {
    return rows(109, 233);
  }

  static Stream<Arguments> broken() {
    return rows(6, 87, 995);
  }

  /** A conversation in both directions that makes every call. */
  private StepDriver cat() throws IOException {
    return start(SpawnRequests.child("CAT").stderr(new Null())).input(INPUT);
  }

  private static SpawnRequests talker() {
    return SpawnRequests.shell(TALK);
  }

  /** A child that talks once it has read a line. A read of each output is in flight already. */
  private StepDriver waitingTalker() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("set /p x=& " + TALK)).idleInput();
    driver.step(Duration.ZERO);
    return driver;
  }

  private static String letTalk(StepDriver driver) throws Exception {
    return driver.input(new byte[] {'\r', '\n'}).closesInput().text();
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("shortages")
  void shortageIsInvisible(int error, int occurrence) throws Exception {
    StepDriver driver = cat();
    faults.fail("writeFile", occurrence, error).fail("readFile", occurrence, error);
    driver.text();
    assertThat(driver.stdoutBytes()).isEqualTo(INPUT);
    assertThat(driver.failure()).isNull();
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }

  @Test
  void lastingShortageIsReported() throws Exception {
    for (String call : new String[] {"writeFile", "readFile"}) {
      StepDriver driver = start(SpawnRequests.shell("exit 3").stderr(new Null())).input(INPUT);
      faults.failAlways(call, 1450);
      int before = faults.calls(call);
      driver.text();
      assertThat(driver.failure()).hasMessageContaining("ERROR_NO_SYSTEM_RESOURCES");
      assertThat(faults.calls(call) - before).as("smaller, then later").isBetween(8, 12);
      heal();
    }
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("noReader")
  void brokenPipeIsNotAnError(int error, int occurrence) throws Exception {
    StepDriver driver = cat();
    faults.fail("writeFile", occurrence, error);
    driver.text();
    assertThat(driver.log()).contains("STDIN refused");
    assertThat(driver.failure()).isNull();
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("noWriter")
  void closedWriterIsTheEnd(int error, int occurrence) throws Exception {
    StepDriver driver = start(talker());
    faults.fail("readFile", occurrence, error);
    driver.text();
    assertThat(driver.failure()).isNull();
    assertThat(driver.log()).contains("STDOUT end", "STDERR end");
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("broken")
  void failedReadBreaksOneStreamOnly(int error, int occurrence) throws Exception {
    StepDriver driver = start(talker());
    faults.fail("readFile", occurrence, error);
    driver.text();
    assertBrokeOneStream(driver);
  }

  /** Only the first read of each output is in flight for certain. */
  static Stream<Arguments> brokenInFlight() {
    return broken().filter(row -> (Integer) row.get()[1] <= 2);
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("brokenInFlight")
  void failedReadInFlightBreaksOneStreamOnly(int error, int occurrence) throws Exception {
    StepDriver driver = waitingTalker();
    faults.fail("overlappedResult", occurrence, error);
    letTalk(driver);
    assertBrokeOneStream(driver);
  }

  private static void assertBrokeOneStream(StepDriver driver) {
    assertThat(driver.failure()).hasMessageContaining("ReadFile");
    assertThat(driver.log().stream().filter(line -> line.endsWith("failed"))).hasSize(1);
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("broken")
  void failedWriteBreaksTheInputOnly(int error, int occurrence) throws Exception {
    StepDriver driver = cat();
    faults.fail("writeFile", occurrence, error);
    driver.text();
    assertThat(driver.log()).contains("STDIN failed", "STDOUT end", "exit");
    assertThat(driver.failure()).hasMessageContaining("STDIN: WriteFile");
    assertThat(driver.stdoutBytes()).hasSize((int) driver.sent());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void emptyReadIsNotTheEnd(int occurrence) throws Exception {
    StepDriver driver = start(talker());
    faults.answer("readFile", occurrence, 0); // the OVERLAPPED has a length of 0 bytes
    assertThat(driver.text()).matches("a *\r\nc *\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void earlyPacketWaitsForItsOperation(int occurrence) throws Exception {
    StepDriver driver = waitingTalker();
    faults.fail("overlappedResult", occurrence, 996).fail("overlappedResult", occurrence + 1, 996);
    assertThat(letTalk(driver)).matches("a *\r\nc *\r\n");
    assertThat(driver.failure()).isNull();
  }

  @Test
  void cancellingNothingIsNotAnError() throws Exception {
    faults.failAfterwards("cancelIo", 1, 1168).failAfterwards("cancelIo", 2, 1168);
    // Its end would end the reads. It goes on when its input ends, and is gone a little later.
    StepDriver driver = start(SpawnRequests.child("AWAIT_EOF", "SLEEP", "3000"));
    driver.step(Duration.ofMillis(1));
    driver.close(); // with two reads in flight
    await("both reads are cancelled", () -> faults.unfired().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void failedPostIsRetried(int times) throws Exception {
    StepDriver driver = start(talker());
    for (int i = 1; i <= times; i++) {
      faults.fail("post", i, 8);
    }
    assertThat(driver.text()).matches("a *\r\nc *\r\n");
  }

  @Test
  void lastingPostFailureBreaksTheStream() throws Exception {
    StepDriver driver = start(talker());
    faults.failAlways("post", 8);
    while (driver.failure() == null) {
      driver.step(Duration.ofSeconds(30));
    }
    assertThat(driver.failure()).hasMessageContaining("PostQueuedCompletionStatus");
    heal();
    driver.text();
    StepDriver next = start(talker()); // closes what could not be closed then
    assertThat(next.text()).matches("a *\r\nc *\r\n");
  }

  /** A command that another thread adds while a packet cannot be posted is not lost. */
  @Test
  void noCommandReliesOnAPacketThatWasNotPosted() throws Exception {
    List<StepDriver> drivers = List.of(start(talker()), start(talker()));
    for (int i = 1; i <= 12; i++) {
      faults.fail("post", i, 8);
    }
    CountDownLatch ready = new CountDownLatch(drivers.size());
    List<CompletableFuture<String>> texts =
        drivers.stream()
            .map(
                driver -> {
                  CompletableFuture<String> text = new CompletableFuture<>();
                  Thread.ofPlatform()
                      .daemon()
                      .start(
                          () -> {
                            try {
                              ready.countDown();
                              ready.await();
                              text.complete(driver.text());
                            } catch (Throwable e) {
                              text.completeExceptionally(e);
                            }
                          });
                  return text;
                })
            .toList();
    for (CompletableFuture<String> text : texts) {
      String _ = text.get(30, TimeUnit.SECONDS);
    }
  }

  /** The tries are spread over time, even if an interrupt ends every step at once. */
  @Test
  void interruptsUseUpNoTries() throws Exception {
    StepDriver driver = start(talker());
    faults.failAlways("readFile", 1450);
    for (int i = 0; i < 3; i++) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> driver.step(Duration.ofSeconds(30)))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(driver.failure()).isNull();
    heal();
    assertThat(driver.text()).matches("a *\r\nc *\r\n");
  }

  /** Without a thread that waits for the exit, the step looks at intervals. */
  @Test
  void exitIsSeenWithoutAThread() throws Exception {
    faults.throwErrorAlways("createEvent");
    StepDriver driver = start(SpawnRequests.shell("exit 3").noStreams());
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(30));
    }
    assertThat(driver.status()).isEqualTo(new Exited(3));
    assertThat(faults.openOf("duplicateForWaiting")).isZero();
  }

  @Test
  void failingPortDelaysOnly() throws Exception {
    StepDriver driver = start(talker());
    driver.step(Duration.ZERO);
    for (int i = 1; i <= 5; i++) {
      faults.fail("getPackets", i, 87);
    }
    assertThat(driver.text()).matches("a *\r\nc *\r\n");
  }

  /** The calls that prepare a wait for the exit, with their names in messages. */
  static Stream<Arguments> waiting() {
    return Stream.of(
        Arguments.of("duplicateForWaiting", "DuplicateHandle", 8),
        Arguments.of("createEvent", "CreateEventW", 8),
        Arguments.of("waitForAny", "WaitForMultipleObjects", 6),
        Arguments.of("isSignalled", "WaitForSingleObject", 6),
        Arguments.of("exitCode", "GetExitCodeProcess", 6));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("waiting")
  void failedWaitLeavesTheChildUsable(String call, String name, int error) throws Exception {
    StepDriver driver =
        start(SpawnRequests.of("cmd.exe").stdout(new Null()).stderr(new Null())).idle();
    boolean ends = call.equals("exitCode");
    if (ends) {
      driver.child().signal(Signals.SIGTERM);
    }
    faults.fail(call, 1, error);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                driver.child().step(driver, Deadline.after(Duration.ofSeconds(30)));
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name);
    driver.child().signal(Signals.SIGTERM);
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(30));
    }
    assertThat(driver.status()).isEqualTo(new Exited(1));
  }

  @Test
  void terminateOfAnExitedChildIsNotAnError() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cmd.exe").noStreams());
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(30)); // its input is empty
    }
    assertThat(driver.child().signal(Signals.SIGTERM)).isFalse();
    StepDriver alive = start(SpawnRequests.of("cmd.exe"));
    faults.failAlways("terminateProcess", 5);
    assertThatThrownBy(() -> alive.child().signal(Signals.SIGTERM))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TerminateProcess")
        .hasMessageContaining("ERROR_ACCESS_DENIED");
    heal();
    faults.failAfterwards("terminateProcess", 1, 5).answer("isSignalled", 1, 0);
    faults.answer("isSignalled", 2, 1);
    assertThat(alive.child().signal(Signals.SIGKILL)).as("it ended in between").isFalse();
  }

  /** A process that is about to end cannot be ended. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void deniedTerminateIsTriedAgain(int denials) throws Exception {
    StepDriver driver = start(SpawnRequests.of("cmd.exe"));
    for (int nth = 1; nth <= denials; nth++) {
      faults.fail("terminateProcess", nth, 5);
    }
    assertThat(driver.child().signal(Signals.SIGKILL)).isTrue();
    driver.closesInput().text();
    assertThat(driver.status()).isEqualTo(new Exited(1));
  }

  /** TerminateProcess needs memory of the kernel, which may be freed. */
  @ParameterizedTest
  @ValueSource(ints = {8, 14, 1450})
  void shortageOfTerminateIsTriedAgain(int error) throws Exception {
    StepDriver driver = start(SpawnRequests.of("cmd.exe"));
    faults.fail("terminateProcess", 1, error).fail("terminateProcess", 2, error);
    assertThat(driver.child().signal(Signals.SIGKILL)).isTrue();
    driver.closesInput().text();
    assertThat(driver.status()).isEqualTo(new Exited(1));
  }

  @Test
  void failedCloseIsNotRepeated() throws Exception {
    for (int occurrence = 1; occurrence <= 8; occurrence++) {
      faults.failAfterwards("closeHandle", occurrence, 6);
    }
    assertThat(start(talker()).text()).matches("a *\r\nc *\r\n");
  }
}
