package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedPipeline;
import io.github.jpopen.Pipeline;
import io.github.jpopen.RunningPipeline;
import io.github.jpopen.StreamName;
import io.github.jpopen.SubprocessException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What comes out of a pipeline while its stages run. */
public abstract class LivePipelineContract extends ContractTest {
  private static final int MUCH = 2_000_000;
  private static final int PIECE = 512;

  private final List<String> lines = new ArrayList<>(); // not thread-safe: one call at a time

  private void note(StreamName stream, String line) {
    lines.add(stream + " " + line);
  }

  private static Command<byte[]> catting(Step... more) {
    Step[] steps = new Step[more.length + 1];
    steps[0] = cat();
    System.arraycopy(more, 0, steps, 1, more.length);
    return child(steps);
  }

  @Test
  void linesOfAllStagesComeWhileTheyRun() throws Exception {
    Path gate = gate("line");
    Command<byte[]> first = child(err("begin\n"), out("ready\n"), awaitFile(gate), out("done"));
    CompletedPipeline<String> done =
        Pipeline.of(first, catting(err("end")))
            .text()
            .captureOutput()
            .onLine(
                (stream, line) -> {
                  note(stream, line);
                  if (lines.containsAll(List.of("STDERR begin", "STDOUT ready"))) {
                    open(gate);
                  }
                })
            .timeout(LONG)
            .check()
            .run();
    assertThat(lines)
        .containsExactlyInAnyOrder("STDERR begin", "STDOUT ready", "STDOUT done", "STDERR end");
    assertThat(done.stdout()).isEqualTo("ready\ndone");
    assertThat(done.stderr(0)).isEqualTo("begin\n");
    assertThat(done.stderr(1)).isEqualTo("end");
  }

  @Test
  void outputThatIsNotCapturedIsNotKept() throws Exception {
    AtomicLong count = new AtomicLong();
    CompletedPipeline<byte[]> done =
        Pipeline.of(child(flood(MUCH)).stderr(DEVNULL), catting())
            .onChunk((_, bytes) -> count.addAndGet(bytes.length))
            .check()
            .run();
    assertThat(count).hasValue(MUCH);
    assertThatIllegalStateException().isThrownBy(done::stdout);
  }

  /** Three stages that write the same lines to stderr; all have written when the gates are open. */
  private Pipeline<byte[]> threeSpeakers(List<Path> gates, Step... more) {
    List<Command<byte[]>> stages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path gate = gate("written" + i);
      gates.add(gate);
      Step[] steps = new Step[more.length + 2];
      steps[0] = err("a\nb\n");
      steps[1] = touch(gate);
      System.arraycopy(more, 0, steps, 2, more.length);
      stages.add(child(steps));
    }
    return Pipeline.of(stages);
  }

  private static void awaitAll(List<Path> gates) {
    Eventually.await("all have written", () -> gates.stream().allMatch(Files::exists));
  }

  @Test
  void callsNeverOverlap() throws Exception {
    List<Path> gates = new ArrayList<>();
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch overlap = new CountDownLatch(1);
    threeSpeakers(gates, cat())
        .input("x")
        .onLine(
            (stream, line) -> {
              note(stream, line);
              if (inside.incrementAndGet() > 1) {
                overlap.countDown();
              }
              awaitAll(gates);
              boolean _ = overlap.await(20, MILLISECONDS); // never comes
              inside.decrementAndGet();
            })
        .checkCall();
    assertThat(overlap.getCount()).isEqualTo(1);
    assertThat(lines).hasSize(7);
  }

  @Test
  void errorsTogetherAreInTheOrderOfWriting() throws Exception {
    Pipeline.of(child(err("1\n"), out("x")), catting(err("2\n")))
        .stdout(DEVNULL)
        .stderrTogether()
        .onLine(this::note)
        .checkCall();
    assertThat(lines).containsExactly("STDERR 1", "STDERR 2");
  }

  @Test
  void stageWithAStderrOfItsOwnKeepsIt() throws Exception {
    Pipeline.of(
            child(err("lost\n"), out("a\n")).stderr(DEVNULL),
            catting(err("next\n")).stderr(STDOUT),
            catting(err("last\n")).stderr(PIPE))
        .onLine(this::note)
        .checkCall();
    assertThat(lines).containsExactlyInAnyOrder("STDOUT a", "STDOUT next", "STDERR last");
  }

  @Test
  void consumerThatThrowsEndsAllAndIsNotCalledAgain() {
    List<Path> gates = new ArrayList<>();
    Pipeline<byte[]> endless = threeSpeakers(gates, live()).captureOutput();
    SubprocessException e =
        catchThrowableOfType(
            SubprocessException.class,
            () ->
                endless
                    .onLine(
                        (stream, line) -> {
                          note(stream, line);
                          awaitAll(gates);
                          throw new IllegalStateException("enough");
                        })
                    .run());
    assertThat(e).hasMessageEndingWith("failed: enough");
    assertThat(e.stages()).hasSize(3);
    assertThat(lines).containsExactly("STDERR a");
    assertThat(Resources.children()).isEmpty();
  }

  @Test
  void communicateGoesOnWithTheNextLineOfEachStage() throws Exception {
    List<Path> gates = new ArrayList<>();
    AtomicBoolean fails = new AtomicBoolean(true);
    try (RunningPipeline<byte[]> p =
        threeSpeakers(gates, cat())
            .stdin(PIPE)
            .onLine(
                (stream, line) -> {
                  note(stream, line);
                  awaitAll(gates);
                  if (fails.getAndSet(false)) {
                    throw new IllegalStateException("once");
                  }
                })
            .start()) {
      SubprocessException e =
          catchThrowableOfType(SubprocessException.class, () -> p.communicate("x\n"));
      assertThat(e).hasMessageEndingWith("failed: once");
      assertThat(lines).hasSize(1);
      p.communicate();
    }
    assertThat(lines).hasSize(7).containsOnlyOnce("STDOUT x");
    assertThat(lines.stream().filter("STDERR a"::equals)).hasSize(3);
    assertThat(lines.stream().filter("STDERR b"::equals)).hasSize(3);
  }

  @Test
  void consumerMayStopThePipeline() throws Exception {
    AtomicReference<@Nullable RunningPipeline<byte[]>> running = new AtomicReference<>();
    Command<byte[]> loud = child(err("a\n"), flood(MUCH), live());
    try (RunningPipeline<byte[]> p =
        Pipeline.of(loud, loud)
            .killOnClose()
            .onChunk(
                (_, _) -> {
                  RunningPipeline<byte[]> first = running.getAndSet(null);
                  if (first != null) {
                    first.stop(Duration.ofMillis(1));
                  }
                })
            .start()) {
      running.set(p);
      Background<CompletedPipeline<byte[]>> call = Background.start(p::communicate);
      assertThat(call.result()).isNotNull();
      assertThat(running).hasNullValue();
    }
  }

  /** Two stages that pass on what they get. */
  private static RunningPipeline<String> dialogue() throws IOException {
    return Pipeline.of(catting(), catting()).text().stdin(PIPE).stdout(PIPE).killOnClose().start();
  }

  @Test
  void readOfTheLastStageSendsWhatWasWrittenToTheFirst() throws Exception {
    try (RunningPipeline<String> p = dialogue()) {
      for (int i = 0; i < 3; i++) {
        p.stdinWriter().write("line " + i + "\n");
        assertThat(p.stdoutReader().readLine()).isEqualTo("line " + i);
      }
      assertThat(p.communicate(LONG).stdout()).isEmpty();
    }
  }

  private static Thread reading(RunningPipeline<?> p, int bytes, List<byte[]> read) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                read.add(p.stdout().readNBytes(bytes));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static void awaitStep(Thread thread) {
    Eventually.await(
        "it waits for the child",
        () ->
            Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith(".Stepper")));
  }

  @Test
  void whatIsWrittenDuringAReadOfTheLastStageIsSent() throws Exception {
    List<byte[]> read = new ArrayList<>();
    try (RunningPipeline<String> p = dialogue()) {
      Thread reader = reading(p, 5, read);
      awaitStep(reader);
      p.stdinWriter().write("later");
      reader.join();
      assertThat(read).containsExactly(utf8("later"));
    }
  }

  /** The first stage answers when it has got all, so only its own pipe can show that it reads. */
  @Test
  @PosixOnly("the first stage is a script")
  void whatAFullPipeDoesNotTakeIsSentDuringARead() throws Exception {
    Path size = file("size");
    byte[] rest = new byte[5000];
    List<byte[]> read = new ArrayList<>();
    Command<byte[]> first =
        Command.shell(
            "until [ -s \"$1\" ]; do sleep 0.01; done; head -c $(cat \"$1\") > /dev/null; printf"
                + " all",
            "sh",
            size.toString());
    Pipeline<byte[]> pipeline = Pipeline.of(first, catting()).stdin(PIPE).stdout(PIPE);
    try (RunningPipeline<byte[]> p = pipeline.killOnClose().killTree().start()) {
      int filled = fill(p.stdin());
      p.stdin().write(rest);
      Thread reader = reading(p, 3, read);
      awaitStep(reader);
      Files.writeString(size, Integer.toString(filled + rest.length));
      reader.join();
      assertThat(read).containsExactly(utf8("all"));
    }
  }

  /** Writes until the pipe is full; how much it has taken, which is all that was written. */
  private static int fill(OutputStream stdin) throws InterruptedException {
    AtomicInteger written = new AtomicInteger();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (true) {
                      stdin.write(new byte[PIECE]);
                      stdin.flush();
                      written.addAndGet(PIECE);
                    }
                  } catch (IOException e) { // interrupted: this piece is sent later
                    written.addAndGet(PIECE);
                  }
                });
    int seen;
    do {
      seen = written.get();
      writer.join(Duration.ofMillis(20));
    } while (seen != written.get() || seen == 0);
    writer.interrupt();
    writer.join();
    return written.get();
  }
}
