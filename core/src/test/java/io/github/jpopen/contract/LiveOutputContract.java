package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Output;
import io.github.jpopen.OutputLimitException;
import io.github.jpopen.Popen;
import io.github.jpopen.StreamName;
import io.github.jpopen.SubprocessException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out while a child runs, and how much of it is kept. */
public abstract class LiveOutputContract extends ContractTest {
  private static final int MUCH = 5_000_000;

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  /** Floods stdout; a flood goes to stderr as well. */
  private static Command<byte[]> floods(Step... steps) {
    return child(steps).stderr(DEVNULL);
  }

  private void note(StreamName stream, String line) {
    lines.add(stream + " " + line);
  }

  @Test
  void lineComesWhileTheChildRuns() throws Exception {
    Path gate = gate("line");
    CompletedProcess<String> done =
        child(out("ready\n"), err("careful\n"), awaitFile(gate), out("done"))
            .text()
            .captureOutput()
            .onLine(
                (stream, line) -> {
                  note(stream, line);
                  if (lines.containsAll(List.of("STDOUT ready", "STDERR careful"))) {
                    open(gate);
                  }
                })
            .check()
            .timeout(LONG)
            .run();
    assertThat(lines)
        .containsExactlyInAnyOrder("STDOUT ready", "STDERR careful", "STDOUT done")
        .endsWith("STDOUT done");
    assertThat(done.stdout()).isEqualTo("ready\ndone");
    assertThat(done.stderr()).isEqualTo("careful\n");
  }

  @Test
  void failedCheckHasTheLinesAsWell() {
    Command<String> failing = child(out("a\n"), err("why\n"), exit(3)).text().captureOutput();
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class, () -> failing.onLine(this::note).checkCall());
    assertThat(lines).containsExactlyInAnyOrder("STDOUT a", "STDERR why");
    assertThat(e.stderr().text()).isEqualTo("why\n");
  }

  @Test
  void bothOutputsInOneAreInOrder() throws Exception {
    child(out("1\n"), err("2\n"), out("3\n"), err("4"))
        .stdout(PIPE)
        .stderr(STDOUT)
        .onLine(this::note)
        .checkCall();
    assertThat(lines).containsExactly("STDOUT 1", "STDOUT 2", "STDOUT 3", "STDOUT 4");
  }

  @Test
  void muchOutputPassesWithoutBeingKept() throws Exception {
    AtomicLong count = new AtomicLong();
    CompletedProcess<byte[]> done =
        floods(flood(MUCH)).onChunk((_, bytes) -> count.addAndGet(bytes.length)).run();
    assertThat(count).hasValue(MUCH);
    assertThat(done.hasStdout()).isFalse();
  }

  @Test
  void slowConsumerLosesNothing() throws Exception {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    CompletedProcess<byte[]> done =
        floods(flood(MUCH))
            .stdout(PIPE.tee(copy))
            .onChunk((_, bytes) -> Thread.sleep(0, 100 * bytes.length % 1_000_000))
            .run();
    assertThat(copy.size()).isEqualTo(MUCH);
    assertThat(done.stdout()).isEqualTo(copy.toByteArray());
  }

  @Test
  void consumerThatThrowsEndsAnEndlessChild() {
    SubprocessException e =
        catchThrowableOfType(
            SubprocessException.class,
            () ->
                child(out("a\n"), live())
                    .captureOutput()
                    .onLine(
                        (_, _) -> {
                          throw new IllegalStateException("enough");
                        })
                    .run());
    assertThat(e).hasMessageEndingWith("failed: enough");
    assertThat(e.stdout().text()).isEqualTo("a\n");
    assertThat(Resources.children()).isEmpty();
  }

  @Test
  void childOfCommunicateLivesOnAfterAFailure() throws Exception {
    Path gate = gate("failure");
    Popen<String> p =
        start(
            child(out("a\nb\n"), awaitFile(gate), out("c\n"))
                .text()
                .captureOutput()
                .onLine(
                    (stream, line) -> {
                      note(stream, line);
                      if (line.equals("a")) {
                        throw new IllegalStateException();
                      }
                    }));
    assertThatThrownBy(p::communicate).isInstanceOf(SubprocessException.class);
    open(gate);
    assertThat(p.communicate().stdout()).isEqualTo("a\nb\nc\n");
    assertThat(lines).containsExactly("STDOUT a", "STDOUT b", "STDOUT c");
    assertThat(p.returncode()).isZero();
  }

  @Test
  void cancelEndsTheCallOfAConsumer() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CompletableFuture<CompletedProcess<byte[]>> run =
        child(out("a\n"), live())
            .onLine(
                (_, _) -> {
                  called.countDown();
                  Thread.sleep(LONG);
                })
            .runAsync();
    assertThat(called.await(60, SECONDS)).isTrue();
    assertThat(run.cancel(true)).isTrue();
    assertThat(Eventually.holds(() -> Resources.children().isEmpty())).isTrue();
  }

  @Test
  void consumerMayUseItsChild() throws Exception {
    CompletableFuture<Popen<byte[]>> child = new CompletableFuture<>();
    Popen<byte[]> p =
        start(child(out("a\n"), live()).onLine((_, _) -> child.get(60, SECONDS).kill()));
    child.complete(p);
    Output<byte[]> output = p.communicate(LONG);
    assertThat(output.hasStdout()).isFalse();
    assertThat(p.ending().signals()).isNotEmpty();
  }

  @Test
  void copyInAFileIsComplete() throws Exception {
    Path file = file("copy");
    byte[] output = floods(flood(MUCH)).stdout(PIPE.tee(file)).run().stdout();
    assertThat(Files.readAllBytes(file)).isEqualTo(output);
  }

  // How much is kept.

  @Test
  void limitEndsAnEndlessChild() {
    OutputLimitException e =
        catchThrowableOfType(
            OutputLimitException.class,
            () -> floods(flood(MUCH), live()).stdout(PIPE.limit(1000)).run());
    assertThat(e.stdout().size()).isEqualTo(1000);
    assertThat(e.stdout().omitted()).isPositive();
    assertThat(Resources.children()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1000, MUCH - 1, MUCH, MUCH + 1})
  void partsOfAFloodAreThoseOfTheWhole(long bytes) throws Exception {
    Command<byte[]> flood = floods(flood(MUCH));
    byte[] all = flood.stdout(PIPE).run().stdout();
    CompletedProcess<byte[]> head = flood.stdout(PIPE.head(bytes)).run();
    CompletedProcess<byte[]> tail = flood.stdout(PIPE.tail(bytes)).run();
    int kept = (int) Math.min(bytes, MUCH);
    assertThat(head.stdout()).isEqualTo(Arrays.copyOf(all, kept));
    assertThat(tail.stdout()).isEqualTo(Arrays.copyOfRange(all, MUCH - kept, MUCH));
    assertThat(head.stdoutOmitted()).isEqualTo(MUCH - kept);
    assertThat(tail.stdoutOmitted()).isEqualTo(MUCH - kept);
    assertThat(head.returncode()).isZero();
  }

  @Test
  void partsCanBeOffHeap() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      Command<MemorySegment> flood = floods(flood(MUCH)).offHeap(arena);
      assertThat(flood.stdout(PIPE.tail(100_000)).run().stdout().byteSize()).isEqualTo(100_000);
      MemorySegment both = flood.stdout(PIPE.headAndTail(100_000)).run().stdout();
      assertThat(both.byteSize()).isEqualTo(200_000);
    }
  }

  @Test
  void closedPipeEndsTheReading() throws Exception {
    CompletedProcess<byte[]> done =
        floods(flood(MUCH), flood(MUCH)).stdout(PIPE.closeAfter(1000)).timeout(LONG).run();
    assertThat(done.stdout()).hasSize(1000);
    assertThat(done.isStdoutComplete()).isFalse();
  }

  @Test
  void largeOutputIsSpilled() throws Exception {
    Command<byte[]> flood = floods(flood(MUCH));
    byte[] all = flood.stdout(PIPE).run().stdout();
    CompletedProcess<byte[]> done = flood.stdout(PIPE.spillTo(temp(), 100_000)).run();
    Path file = done.stdoutFile().orElseThrow();
    assertThat(Files.readAllBytes(file)).isEqualTo(all);
    Files.delete(file);
    assertThat(flood.stdout(PIPE.spillTo(temp(), MUCH)).run().stdout()).isEqualTo(all);
  }

  @Test
  void unreadOutputCannotBlockADialogue() throws Exception {
    Popen<String> p = start(child(catBoth()).stdin(PIPE).stdout(PIPE).stderr(PIPE.tail(10)).text());
    for (int i = 0; i < 3; i++) {
      p.stdinWriter().write("x".repeat(500_000) + "\n");
      assertThat(p.stdoutReader().readLine()).hasSize(500_000);
    }
    Output<String> output = p.communicate(Duration.ofMinutes(1));
    assertThat(output.stderr()).matches("x{8,9}\n"); // on Windows the writer sends "\r\n"
  }
}
