package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.SpawnRequest.Null;
import java.io.IOException;
import java.time.Duration;
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

  private static Stream<Arguments> rows(int... errors) {
    return IntStream.of(errors)
        .boxed()
        .flatMap(
            error ->
                IntStream.rangeClosed(1, TIMES)
                    .mapToObj(occurrence -> Arguments.of(error, occurrence)));
  }

  static Stream<Arguments> shortages() {
    return rows(8, 14, 1450, 1816);
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
  private Talk cat() throws IOException {
    return start(Requests.java("CAT").stderr(new Null())).input(INPUT);
  }

  private static Requests talker() {
    return Requests.shell("echo a& echo b>&2& echo c& echo d>&2& exit 3");
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("shortages")
  void shortageIsInvisible(int error, int occurrence) throws Exception {
    Talk talk = cat();
    faults.fail("writeFile", occurrence, error).fail("readFile", occurrence, error);
    talk.text();
    assertThat(talk.stdoutBytes()).isEqualTo(INPUT);
    assertThat(talk.failure()).isNull();
    assertThat(talk.status()).isEqualTo(new Exited(0));
  }

  @Test
  void lastingShortageIsReported() throws Exception {
    for (String call : new String[] {"writeFile", "readFile"}) {
      Talk talk = start(Requests.shell("exit 3").stderr(new Null())).input(INPUT);
      faults.failAlways(call, 1450);
      int before = faults.calls(call);
      talk.text();
      assertThat(talk.failure()).hasMessageContaining("ERROR_NO_SYSTEM_RESOURCES");
      assertThat(faults.calls(call) - before).as("smaller, then later").isBetween(8, 12);
      faults.heal();
    }
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("noReader")
  void brokenPipeIsNotAnError(int error, int occurrence) throws Exception {
    Talk talk = cat();
    faults.fail("writeFile", occurrence, error);
    talk.text();
    assertThat(talk.log()).contains("STDIN refused");
    assertThat(talk.failure()).isNull();
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("noWriter")
  void closedWriterIsTheEnd(int error, int occurrence) throws Exception {
    Talk talk = start(talker());
    faults.fail("readFile", occurrence, error);
    talk.text();
    assertThat(talk.failure()).isNull();
    assertThat(talk.log()).contains("STDOUT end", "STDERR end");
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("broken")
  void failedReadBreaksOneStreamOnly(int error, int occurrence) throws Exception {
    for (String call : new String[] {"readFile", "overlappedResult"}) {
      if (call.equals("overlappedResult") && occurrence > 2) {
        continue; // only the first read of each output is in flight for certain
      }
      Talk talk = start(talker());
      faults.fail(call, occurrence, error);
      talk.text();
      assertThat(talk.failure()).hasMessageContaining("ReadFile");
      assertThat(talk.log().stream().filter(line -> line.endsWith("failed"))).hasSize(1);
      assertThat(talk.status()).isEqualTo(new Exited(3));
    }
  }

  @ParameterizedTest(name = "{0} #{1}")
  @MethodSource("broken")
  void failedWriteBreaksTheInputOnly(int error, int occurrence) throws Exception {
    Talk talk = cat();
    faults.fail("writeFile", occurrence, error);
    talk.text();
    assertThat(talk.log()).contains("STDIN failed", "STDOUT end", "exit");
    assertThat(talk.failure()).hasMessageContaining("STDIN: WriteFile");
    assertThat(talk.stdoutBytes()).hasSize((int) talk.sent());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void emptyReadIsNotTheEnd(int occurrence) throws Exception {
    Talk talk = start(talker());
    faults.answer("readFile", occurrence, 0); // the OVERLAPPED has a length of 0 bytes
    assertThat(talk.text()).matches("a *\r\nc *\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void earlyPacketWaitsForItsOperation(int occurrence) throws Exception {
    Talk talk = start(talker());
    faults.fail("overlappedResult", occurrence, 996).fail("overlappedResult", occurrence + 1, 996);
    assertThat(talk.text()).matches("a *\r\nc *\r\n");
    assertThat(talk.failure()).isNull();
  }

  @Test
  void cancellingNothingIsNotAnError() throws Exception {
    faults.failAfterwards("cancelIo", 1, 1168).failAfterwards("cancelIo", 2, 1168);
    Talk talk = start(Requests.of("cmd.exe"));
    talk.step(Duration.ofMillis(1));
    talk.child().signal(Signals.SIGKILL);
    talk.close(); // with two reads in flight
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void failedPostIsRetried(int times) throws Exception {
    Talk talk = start(talker());
    for (int i = 1; i <= times; i++) {
      faults.fail("post", i, 8);
    }
    assertThat(talk.text()).matches("a *\r\nc *\r\n");
  }

  @Test
  void lastingPostFailureBreaksTheStream() throws Exception {
    Talk talk = start(talker());
    faults.failAlways("post", 8);
    talk.step(Duration.ZERO);
    assertThat(talk.failure()).hasMessageContaining("PostQueuedCompletionStatus");
    faults.heal();
    talk.text();
    Talk next = start(talker()); // closes what could not be closed then
    assertThat(next.text()).matches("a *\r\nc *\r\n");
  }

  @Test
  void failingPortDelaysOnly() throws Exception {
    Talk talk = start(talker());
    talk.step(Duration.ZERO);
    for (int i = 1; i <= 5; i++) {
      faults.fail("getPackets", i, 87);
    }
    assertThat(talk.text()).matches("a *\r\nc *\r\n");
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
    Talk talk = start(Requests.of("cmd.exe").stdout(new Null()).stderr(new Null())).idle();
    boolean ends = call.equals("exitCode");
    if (ends) {
      talk.child().signal(Signals.SIGTERM);
    }
    faults.fail(call, 1, error);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                talk.child().step(talk, Deadline.after(Duration.ofSeconds(30)));
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name);
    talk.child().signal(Signals.SIGTERM);
    while (talk.status() == null) {
      talk.step(Duration.ofSeconds(30));
    }
    assertThat(talk.status()).isEqualTo(new Exited(1));
  }

  @Test
  void terminateOfAnExitedChildIsNotAnError() throws Exception {
    Talk talk = start(Requests.of("cmd.exe").noStreams());
    while (talk.status() == null) {
      talk.step(Duration.ofSeconds(30)); // its input is empty
    }
    assertThat(talk.child().signal(Signals.SIGTERM)).isFalse();
    Talk alive = start(Requests.of("cmd.exe"));
    faults.fail("terminateProcess", 1, 5);
    assertThatThrownBy(() -> alive.child().signal(Signals.SIGTERM))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TerminateProcess")
        .hasMessageContaining("ERROR_ACCESS_DENIED");
    faults.failAfterwards("terminateProcess", 1, 5).answer("isSignalled", 1, 0);
    faults.answer("isSignalled", 2, 1);
    assertThat(alive.child().signal(Signals.SIGKILL)).as("it ended in between").isFalse();
  }

  @Test
  void failedCloseIsNotRepeated() throws Exception {
    for (int occurrence = 1; occurrence <= 8; occurrence++) {
      faults.failAfterwards("closeHandle", occurrence, 6);
    }
    assertThat(start(talker()).text()).matches("a *\r\nc *\r\n");
  }
}
