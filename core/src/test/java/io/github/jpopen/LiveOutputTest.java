package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The outputs while the child runs: lines, chunks and copies. */
class LiveOutputTest extends ScriptedTest {
  private static final Command<String> FAKE = Command.of("fake").text();
  private static final Command<String> CAPTURED = FAKE.captureOutput();

  private static final byte[] HALF_A_CHARACTER = {'b', (byte) 0xc3};

  private final List<String> lines = new ArrayList<>();

  private void note(StreamName stream, String line) {
    lines.add(stream + " " + line);
  }

  @Test
  void capturedOutputIsHandedOutAndKept() throws Exception {
    child().stdout("a\nb").stderr("e\n").stdout("c\n").endsOutputs().exits(0);
    CompletedProcess<String> done = CAPTURED.onLine(this::note).run();
    assertThat(lines).containsExactlyInAnyOrder("STDOUT a", "STDOUT bc", "STDERR e");
    assertThat(done.stdout()).isEqualTo("a\nbc\n");
    assertThat(done.stderr()).isEqualTo("e\n");
  }

  @Test
  void outputThatIsNotCapturedIsNotKept() throws Exception {
    ScriptedChild child = child().stdout("a\n").stderr("e").endsOutputs().exits(0);
    CompletedProcess<String> done = FAKE.onLine(this::note).run();
    assertThat(lines).containsExactlyInAnyOrder("STDOUT a", "STDERR e");
    assertThat(done.hasStdout()).isFalse();
    assertThatIllegalStateException().isThrownBy(done::stdout);
    assertThat(child.request().stdin()).isEqualTo(Redirect.INHERIT.stdio());
  }

  @Test
  void redirectedOutputHasNoLines() throws Exception {
    child().stderr("e\n").endsOutputs().exits(0);
    CompletedProcess<String> done =
        FAKE.stdout(Redirect.DEVNULL).stderr(PIPE).onLine(this::note).run();
    assertThat(lines).containsExactly("STDERR e");
    assertThat(done.stderr()).isEqualTo("e\n");
  }

  @Test
  void waitForAndCloseCallNoConsumer() throws Exception {
    child().stdout("line\n").endsOutputs().exits(0);
    Popen<String> p = start(FAKE.onLine(this::note));
    assertThat(p.waitFor()).isZero();
    p.close();
    assertThat(lines).isEmpty();
  }

  @Test
  void chunksAreTheConsumersOwn() throws Exception {
    child().stdout("one").stdout("two").endsOutputs().exits(0);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    CompletedProcess<String> done =
        CAPTURED
            .onChunk(
                (_, bytes) -> {
                  all.writeBytes(bytes);
                  Arrays.fill(bytes, (byte) 'x');
                })
            .run();
    assertThat(all).hasToString("onetwo");
    assertThat(done.stdout()).isEqualTo("onetwo");
  }

  @Test
  void lineComesBeforeTheChildGoesOn() throws Exception {
    ScriptedChild child = child().stdout("ready\n");
    CountDownLatch seen = new CountDownLatch(1);
    CompletableFuture<CompletedProcess<String>> running =
        CAPTURED.onLine((_, _) -> seen.countDown()).runAsync();
    assertThat(seen.await(10, SECONDS)).isTrue();
    child.endsOutputs().exits(0);
    assertThat(running.get(10, SECONDS).stdout()).isEqualTo("ready\n");
  }

  @Test
  void consumerThatThrowsEndsTheCallAndTheChild() {
    ScriptedChild child = child().stdout("a\nb\nc\n");
    IOException boom = new IOException("disk full");
    SubprocessException e =
        catchThrowableOfType(
            SubprocessException.class,
            () ->
                CAPTURED
                    .onLine(
                        (stream, line) -> {
                          note(stream, line);
                          if (line.equals("b")) {
                            throw boom;
                          }
                        })
                    .run());
    assertThat(e).hasCause(boom).hasMessage("a consumer of stdout of \"fake\" failed: disk full");
    assertThat(e.stdout().text()).isEqualTo("a\nb\nc\n");
    assertThat(lines).containsExactly("STDOUT a", "STDOUT b");
    assertThat(child.signals()).contains(9);
  }

  @Test
  void afterCommunicateTheNextCallBeginsWithTheNextLine() throws Exception {
    ScriptedChild child = child().stdout("a\nb\nc\n");
    Popen<String> p =
        start(
            CAPTURED.onLine(
                (stream, line) -> {
                  note(stream, line);
                  if (line.equals("a")) {
                    throw new IllegalStateException();
                  }
                }));
    assertThatThrownBy(p::communicate).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(child.signals()).isEmpty();
    child.stdout("d").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("a\nb\nc\nd");
    assertThat(lines).containsExactly("STDOUT a", "STDOUT b", "STDOUT c", "STDOUT d");
  }

  @Test
  void errorAndInterruptAreThrownAsTheyAre() {
    AssertionError error = new AssertionError("seen");
    child().stdout("a\n");
    assertThatThrownBy(
            () ->
                CAPTURED
                    .onLine(
                        (_, _) -> {
                          throw error;
                        })
                    .run())
        .isSameAs(error);
    child().stdout("a\n");
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            () ->
                CAPTURED
                    .onLine(
                        (_, _) -> {
                          throw new InterruptedException();
                        })
                    .run());
  }

  @Test
  void malformedTextIsTheSameFailureAsWithoutLines() {
    child().stdout(new byte[] {'a', '\n', (byte) 0xff, '\n'}).endsOutputs().exits(0);
    assertThatThrownBy(() -> CAPTURED.onLine(this::note).run())
        .isInstanceOf(SubprocessException.class)
        .hasMessageStartingWith("stdout of \"fake\" cannot be text: ");
    assertThat(lines).containsExactly("STDOUT a");
  }

  @Test
  void timeoutHandsOutWhatCame() {
    child().stdout("a\nhalf");
    Command<String> limited = CAPTURED.onLine(this::note).timeout(Duration.ofMillis(5));
    TimeoutExpiredException e = timedOut(limited::run);
    assertThat(e.stdout().text()).isEqualTo("a\nhalf");
    assertThat(lines).containsExactly("STDOUT a", "STDOUT half");
  }

  @Test
  void halfALineWaitsForTheNextCall() throws Exception {
    ScriptedChild child = child().stdout("a\nha");
    Popen<String> p = start(CAPTURED.onLine(this::note));
    timedOut(() -> p.communicate(Duration.ofMillis(5)));
    assertThat(lines).containsExactly("STDOUT a");
    child.stdout("lf\n").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("a\nhalf\n");
    assertThat(lines).containsExactly("STDOUT a", "STDOUT half");
  }

  @Test
  void drainedOutputHasItsLastLine() throws Exception {
    child().stdout("a\nhalf").exits(0);
    CompletedProcess<String> done = CAPTURED.onLine(this::note).drain(NONE).run();
    assertThat(done.isComplete()).isFalse();
    assertThat(lines).containsExactly("STDOUT a", "STDOUT half");
  }

  @Test
  void cutInACharacterIsNoFailureForLines() throws Exception {
    Command<String> lined = FAKE.stdout(PIPE).onLine(this::note);
    child().stdout("a\n").stdout(HALF_A_CHARACTER).exits(0);
    CompletedProcess<String> drained = lined.drain(NONE).run();
    child().stdout("a\n").stdout(HALF_A_CHARACTER);
    TimeoutExpiredException e = timedOut(lined.timeout(NONE)::run);
    child().stdout("a\nbäc").endsOutputs().exits(0);
    CompletedProcess<String> closed = lined.stdout(PIPE.closeAfter(4)).run();
    assertThat(List.of(drained.stdout(), e.stdout().text(), closed.stdout())).containsOnly("a\nb");
    assertThat(closed.isStdoutComplete()).isFalse();
    assertThat(e.getSuppressed()).isEmpty();
    assertThat(lines)
        .isEqualTo(
            Collections.nCopies(3, List.of("STDOUT a", "STDOUT b")).stream()
                .flatMap(List::stream)
                .toList());
  }

  @Test
  void endThatComesWithWhatIsLeftOutIsACut() throws Exception {
    ScriptedChild child = child().stderr("begin\n");
    List<Popen<String>> started = new ArrayList<>();
    OutputConsumer<String> stopper =
        (stream, line) -> {
          note(stream, line);
          if (line.equals("begin")) {
            stopQuietly(started.getFirst()); // the rest comes meanwhile, and its end
          }
        };
    started.add(start(FAKE.stdout(PIPE.closeAfter(4)).onLine(stopper)));
    child.onSignal(_ -> child.stdout("a\nbäc").endsOutputs().exits(0));
    Output<String> output = started.getFirst().communicate(LONG);
    assertThat(output.stdout()).isEqualTo("a\nb");
    assertThat(output.isStdoutComplete()).isFalse();
    assertThat(lines).containsExactly("STDERR begin", "STDOUT a", "STDOUT b");
  }

  @Test
  void slowConsumerSlowsTheChild() throws Exception {
    ScriptedChild child = child();
    byte[] much = new byte[300_000];
    Arrays.fill(much, (byte) '\n');
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Popen<String> p =
        start(
            CAPTURED.onLine(
                (_, _) -> {
                  blocked.countDown();
                  go.await();
                }));
    CompletableFuture<Output<String>> running = p.communicateAsync();
    child.stdout("first\n");
    blocked.await();
    for (int i = 0; i < 10; i++) {
      child.stdout(much);
    }
    Thread stopping = Thread.ofVirtual().start(() -> stopQuietly(p)); // moves bytes meanwhile
    child.awaitSignal(15);
    while (child.steps().getLast().wanted().contains(STDOUT)) {
      Thread.onSpinWait(); // until there is no more room
    }
    go.countDown();
    child.endsOutputs().exits(0);
    assertThat(running.get(20, SECONDS).stdout()).hasSize(3_000_006);
    stopping.join();
  }

  private static void stopQuietly(Popen<?> p) {
    try {
      p.stop(LONG);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** However often a consumer throws, and however many pieces wait, each line comes once. */
  @Test
  void noFailureLosesALine() throws Exception {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<String> first = new ArrayList<>();
      List<String> sent = new ArrayList<>();
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      ScriptedChild child = child();
      for (int pieces = random.nextInt(1, 6); pieces > 0; pieces--) {
        StringBuilder piece = new StringBuilder();
        for (int i = random.nextInt(20_000); i > 0; i -= 1000) {
          String line = sent.size() + "x".repeat(random.nextInt(2000));
          sent.add(line);
          piece.append(line).append('\n');
        }
        child.stdout(piece.toString());
      }
      child.endsOutputs().exits(0);
      Popen<String> p =
          start(
              FAKE.stdout(PIPE.tee(copy))
                  .onLine(
                      (_, line) -> {
                        first.add(line);
                        if (random.nextInt(3) == 0) {
                          throw new IllegalStateException("again");
                        }
                      }));
      Output<String> output = null;
      while (output == null) {
        try {
          output = p.communicate();
        } catch (SubprocessException e) {
          assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
        }
      }
      assertThat(first).as("seed %d", seed).isEqualTo(sent);
      assertThat(copy).hasToString(output.stdout());
    }
  }

  @Test
  void interruptLosesNothingOfAFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("copy");
    ScriptedChild child = child().stdout("before");
    Popen<String> p = start(FAKE.stdout(PIPE.spillTo(folder, 2).tee(file)));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::communicate);
    child.stdout("after").endsOutputs().exits(0);
    Path spilled = p.communicate().stdoutFile().orElseThrow();
    assertThat(file).hasContent("beforeafter");
    assertThat(spilled).hasContent("beforeafter");
  }

  @Test
  void closeDuringADeliveryEndsIt(@TempDir Path folder) throws Exception {
    ScriptedChild child = child().stdout(new byte[200_000]).endsOutputs().exits(0);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    Popen<String> p =
        start(
            FAKE.stdout(PIPE.spillTo(folder, 10).tee(folder.resolve("copy")))
                .onChunk(
                    (_, bytes) -> {
                      sizes.add(bytes.length);
                      blocked.countDown();
                      go.await();
                    }));
    CompletableFuture<Output<String>> running = p.communicateAsync();
    blocked.await();
    p.close();
    go.countDown();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> running.get(10, SECONDS))
        .withCauseInstanceOf(IllegalStateException.class)
        .withMessageContaining("this Popen is closed");
    assertThat(sizes).hasSize(1);
    assertThat(child.hasExited()).isTrue();
  }

  @Test
  void closedArenaIsReportedAndNoHang() throws Exception {
    child().stdout("a\nb\n").endsOutputs().exits(0);
    Arena arena = Arena.ofShared();
    Popen<MemorySegment> p =
        start(
            Command.of("fake")
                .captureOutput()
                .offHeap(arena)
                .onLine(
                    (_, _) -> {
                      throw new IllegalStateException("no");
                    }));
    assertThatExceptionOfType(SubprocessException.class).isThrownBy(p::communicate);
    arena.close();
    assertThatIllegalStateException().isThrownBy(p::communicate).withMessageContaining("arena");
  }

  @Test
  void slowConsumerIsNoSilence() throws Exception {
    ScriptedChild child = child().stdout("a\n");
    CompletedProcess<String> done =
        FAKE.stdout(PIPE)
            .idleTimeout(Duration.ofMillis(300))
            .onLine(
                (_, line) -> {
                  Thread.sleep(400); // longer than the child may be silent
                  if (line.equals("a")) {
                    child.stdout("b\n").endsOutputs().exits(0);
                  }
                })
            .run();
    assertThat(done.stdout()).isEqualTo("a\nb\n");
  }

  @Test
  void interruptEndsACallThatAlwaysHasSomethingToDeliver() throws Exception {
    ScriptedChild child = child().stdout("a\n");
    CountDownLatch called = new CountDownLatch(1);
    CompletableFuture<CompletedProcess<String>> running =
        FAKE.stdout(PIPE)
            .onLine(
                (_, _) -> {
                  called.countDown();
                  child.stdout("a\n"); // and takes no notice of interrupts
                })
            .runAsync();
    called.await();
    assertThat(running.cancel(true)).isTrue();
    child.awaitSignal(9);
    child.endsOutputs().exits(0);
    while (child.closes() == 0) {
      Thread.onSpinWait(); // the thread of the cancelled call gives the child back
    }
  }

  @Test
  void interruptOfAConsumerBelongsToTheThreadThatCalledIt() throws Exception {
    ScriptedChild child = child().stdout("a\n");
    Popen<String> p =
        start(
            FAKE.stdout(PIPE)
                .onLine(
                    (_, _) -> {
                      throw new InterruptedException();
                    }));
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> p.stop(LONG));
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("a\n");
  }

  @Test
  void boundedOutputHasNoStream() throws Exception {
    for (Redirect bounded :
        List.of(
            PIPE.limit(1), PIPE.head(1), PIPE.tail(1), PIPE.headAndTail(1), PIPE.closeAfter(1))) {
      child().endsOutputs().exits(0);
      Popen<String> p = start(FAKE.stdout(bounded));
      assertThatIllegalStateException()
          .isThrownBy(p::stdoutReader)
          .withMessageContaining("bounded");
      p.communicate();
    }
  }

  @Test
  void readyOfTheOtherOutputHandsOutAsWell() throws Exception {
    ScriptedChild child = child();
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    Popen<String> p = start(FAKE.stdout(PIPE).stderr(PIPE.tee(copy)));
    child.stderr(new byte[2_000_000]).stdout("answer\n");
    while (!p.stdoutReader().ready()) {
      Thread.onSpinWait(); // each look hands out a piece
    }
    assertThat(p.stdoutReader().readLine()).isEqualTo("answer");
    child.endsOutputs().exits(0);
    p.communicate();
  }

  @Test
  void stopLetsTheLastWordsPass() throws Exception {
    ScriptedChild child = child();
    child.onSignal(
        number -> {
          if (number == 15) {
            child.stdout("bye\n").endsOutputs().exits(0);
          }
        });
    Popen<String> p = start(CAPTURED.onLine(this::note));
    p.stop(LONG);
    p.communicate();
    assertThat(lines).containsExactly("STDOUT bye");
  }

  @Test
  void tappedOutputHasNoStream() throws Exception {
    child().endsOutputs().exits(0);
    Popen<String> p = start(FAKE.stdout(PIPE.tee(OutputStream.nullOutputStream())).stderr(PIPE));
    assertThatIllegalStateException()
        .isThrownBy(p::stdout)
        .withMessage("stdout goes to a consumer, which communicate calls: it has no stream");
    assertThat(p.stderr().read()).isEqualTo(-1);
    p.communicate();
  }

  @Test
  void readerOfTheOtherOutputHandsOutAsWell() throws Exception {
    ScriptedChild child = child();
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    Popen<String> p = start(FAKE.stdout(PIPE).stderr(PIPE.tee(copy)));
    child.stderr(new byte[2_000_000]).stdout("answer\n");
    assertThat(p.stdoutReader().readLine()).isEqualTo("answer");
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stderr()).hasSize(2_000_000);
    assertThat(copy.size()).isEqualTo(2_000_000);
  }

  @Test
  void eachCopyGetsAllEvenIfOneFails() throws Exception {
    ScriptedChild child = child().stdout("a");
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("gone");
          }
        };
    Popen<String> p = start(FAKE.stdout(PIPE.tee(broken).tee(copy)));
    assertThatThrownBy(p::communicate).hasMessageEndingWith("failed: gone");
    assertThat(copy).hasToString("a");
    child.ends(STDOUT).ends(STDERR).exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("a");
  }

  @Test
  void copyInAFileIsCompleteAndClosed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("copy");
    Files.writeString(file, "what was there before");
    child().stdout("one").stdout("two").endsOutputs().exits(0);
    CompletedProcess<String> done = FAKE.stdout(PIPE.tee(file)).run();
    assertThat(done.stdout()).isEqualTo("onetwo");
    assertThat(file).hasContent("onetwo");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> FAKE.stdout(PIPE.tee(folder.resolve("no/such"))).start());
  }

  @Test
  void outputToAStreamIsNotCaptured() throws Exception {
    child().stdout("a").endsOutputs().exits(0);
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    CompletedProcess<String> done = FAKE.stdout(Redirect.to(copy)).run();
    assertThat(copy).hasToString("a");
    assertThat(done.hasStdout()).isFalse();
  }

  // What is kept.

  @Test
  void limitKillsTheChild() {
    ScriptedChild child = child().stdout("12345").stdout("6");
    OutputLimitException e =
        catchThrowableOfType(
            OutputLimitException.class, () -> FAKE.stdout(PIPE.limit(5)).stderr(PIPE).run());
    assertThat(e).hasMessage("command \"fake\" wrote more to stdout than its limit of 5 bytes");
    assertThat(e.stream()).isEqualTo(StreamName.STDOUT);
    assertThat(e.stdout().text()).isEqualTo("12345");
    assertThat(child.signals()).contains(9);
  }

  @Test
  void exactlyTheLimitIsNoFailure() throws Exception {
    child().stdout("12345").endsOutputs().exits(0);
    assertThat(FAKE.stdout(PIPE.limit(5)).run().stdout()).isEqualTo("12345");
  }

  @Test
  void limitLeavesTheChildOfCommunicateAlone() throws Exception {
    ScriptedChild child = child().stdout("123");
    Popen<String> p = start(FAKE.stdout(PIPE.limit(2)));
    assertThatExceptionOfType(OutputLimitException.class).isThrownBy(p::communicate);
    assertThatExceptionOfType(OutputLimitException.class).isThrownBy(p::communicate);
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void closeAfterClosesThePipe() throws Exception {
    ScriptedChild child = child().stdout("12345");
    CompletableFuture<CompletedProcess<String>> running =
        FAKE.stdout(PIPE.closeAfter(3)).runAsync();
    child.awaitClosedByCore(STDOUT);
    child.exits(0);
    CompletedProcess<String> done = running.get(10, SECONDS);
    assertThat(done.stdout()).isEqualTo("123");
    assertThat(done.isStdoutComplete()).isFalse();
  }

  @Test
  void resultAndFailureTellWhatWasCut() throws Exception {
    child().stdout("123456789").stderr("abcdef").endsOutputs().exits(1);
    CompletedProcess<String> done = FAKE.stdout(PIPE.headAndTail(2)).stderr(PIPE.tail(3)).run();
    assertThat(done.stdout()).isEqualTo("1289");
    assertThat(done.stdoutOmitted()).isEqualTo(5);
    assertThat(done.stderrOmitted()).isEqualTo(3);
    assertThat(done.toString()).contains("4 characters and 5 bytes omitted");
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, done::checkReturncode);
    assertThat(e.stdout().omitted()).isEqualTo(5);
    assertThat(e.stdout().text()).isEqualTo("1289");
    assertThat(e.stderr()).hasToString("3 bytes and 3 bytes omitted");
  }

  @Test
  void spilledOutputIsInAFile(@TempDir Path folder) throws Exception {
    Command<String> spilling = FAKE.stdout(PIPE.spillTo(folder, 4)).stderr(PIPE);
    child().stdout("1234").endsOutputs().exits(0);
    CompletedProcess<String> small = spilling.run();
    assertThat(small.stdout()).isEqualTo("1234");
    assertThat(small.stdoutFile()).isEmpty();
    child().stdout("1234").stdout("5").stdout("678").endsOutputs().exits(1);
    CompletedProcess<String> large = spilling.run();
    Path file = large.stdoutFile().orElseThrow();
    assertThat(file).hasParent(folder).hasContent("12345678");
    assertThatIllegalStateException()
        .isThrownBy(large::stdout)
        .withMessageStartingWith("stdout is in a file: use stdoutFile(), ");
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, large::checkReturncode);
    assertThat(e.stdout().text()).isEqualTo("12345678");
    assertThat(e.stdout().file()).contains(file);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no file name has a line break there")
  void messagesEscapeTheNameOfTheFile(@TempDir Path folder) throws Exception {
    Path broken = Files.createDirectory(folder.resolve("line\nbreak"));
    child().stdout("12345").endsOutputs().exits(0);
    CompletedProcess<String> done = FAKE.stdout(PIPE.spillTo(broken, 4)).run();
    assertThat(done.toString()).contains("line\\u000abreak").doesNotContain("\n");
    assertThatIllegalStateException()
        .isThrownBy(done::stdout)
        .withMessageContaining("line\\u000abreak");
  }

  @Test
  void spilledOutputCanBeReadByAnInterruptedThread(@TempDir Path folder) throws Exception {
    child().stderr("12345").endsOutputs().exits(1);
    Command<String> spilling = FAKE.stderr(PIPE.spillTo(folder, 4));
    CompletedProcess<String> done = spilling.run();
    Thread.currentThread().interrupt();
    assertThat(catchThrowableOfType(CalledProcessException.class, done::checkReturncode))
        .hasMessageEndingWith("12345")
        .satisfies(e -> assertThat(e.stderr().text()).isEqualTo("12345"));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void failedSpillEndsTheCall(@TempDir Path folder) throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    ScriptedChild child = child().stdout("12345"); // and its output has no end
    Popen<String> p = start(FAKE.stdout(PIPE.spillTo(gone, 2)));
    Files.delete(gone);
    for (int call = 0; call < 2; call++) {
      assertThatExceptionOfType(SubprocessException.class)
          .isThrownBy(() -> p.communicate(Duration.ofSeconds(10)))
          .withMessageStartingWith("stdout of \"fake\" could not be written to a file: ")
          .withCauseInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e.stdout().text()).isEqualTo("12345"));
    }
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void failedSpillKillsTheChildOfRun(@TempDir Path folder) throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    ScriptedChild child = child().stdout("12").stdout("345");
    Command<String> spilling =
        FAKE.stdout(PIPE.spillTo(gone, 2)).onChunk((_, _) -> Files.deleteIfExists(gone));
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(spilling::run)
        .withCauseInstanceOf(IOException.class);
    assertThat(child.signals()).contains(9);
  }

  @Test
  void spillingNeedsADirectory(@TempDir Path folder) {
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> FAKE.stdout(PIPE.spillTo(folder.resolve("none"), 4)).start());
  }

  @Test
  void consumerAndLimitGoTogether() throws Exception {
    child().stdout("a\nb\nc\n").endsOutputs().exits(0);
    CompletedProcess<String> done = FAKE.stdout(PIPE.tail(2)).onLine(this::note).run();
    assertThat(done.stdout()).isEqualTo("c\n");
    assertThat(lines).containsExactly("STDOUT a", "STDOUT b", "STDOUT c");
    child().stdout("a\nb\nc\n");
    assertThatExceptionOfType(OutputLimitException.class)
        .isThrownBy(() -> FAKE.stdout(PIPE.limit(3)).onLine(this::note).run());
  }

  @Test
  void onlyPipesCanBeBounded() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Redirect.DEVNULL.tail(1))
        .withMessage("tail is for PIPE, not for DEVNULL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PIPE.limit(-1))
        .withMessage("limit: -1 bytes are negative");
    assertThatIllegalArgumentException().isThrownBy(() -> FAKE.stdin(PIPE.limit(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> PIPE.closeAfter(0));
  }
}
