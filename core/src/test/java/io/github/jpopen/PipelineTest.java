package io.github.jpopen;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.ExitStatus.Signaled;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination.Killed;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipelines of scripted children: what each of them is given, and how they end together. */
class PipelineTest extends ScriptedTest {
  private static final Command<byte[]> FAKE = Command.of("fake");
  private static final int TERM = Signal.SIGTERM.number();
  private static final int KILL = Signal.SIGKILL.number();

  // What a pipeline takes.

  @Test
  void commandThatSetsWhatBelongsToTheWholeIsRefused() {
    Map<String, UnaryOperator<Command<?>>> options =
        Map.ofEntries(
            Map.entry("captureOutput", Command::captureOutput),
            Map.entry("input", c -> c.input("x")),
            Map.entry("text", Command::text),
            Map.entry("offHeap", c -> c.offHeap(Arena.global())),
            Map.entry("timeout", c -> c.timeout(LONG)),
            Map.entry("drain", c -> c.drain(LONG)),
            Map.entry("grace", c -> c.grace(LONG)),
            Map.entry("killTree", Command::killTree),
            Map.entry("killOnClose", Command::killOnClose),
            Map.entry("killOnExit", Command::killOnExit),
            Map.entry("check", Command::check),
            Map.entry("onLine", c -> c.onLine((_, _) -> {})),
            Map.entry("onChunk", c -> c.onChunk((_, _) -> {})));
    options.forEach(
        (name, option) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.of(FAKE, option.apply(FAKE), FAKE))
                .withMessage(
                    "stage 2 of 3 (\"fake\") sets "
                        + name
                        + ", which belongs to the whole: use Pipeline."
                        + name));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pipeline.of(FAKE, FAKE.idleTimeout(LONG)))
        .withMessageEndingWith("use Pipeline.timeout");
  }

  @Test
  void commandThatRedirectsAnEndIsRefused() {
    assertRefused("stage 1 of 2 (\"fake\") sets stdin", FAKE.stdin(PIPE), FAKE);
    assertRefused("stage 1 of 2 (\"fake\") redirects stdout", FAKE.stdout(PIPE), FAKE);
    assertRefused("stage 2 of 2 (\"fake\") redirects stdin", FAKE, FAKE.stdin(DEVNULL));
    assertRefused("stage 2 of 2 (\"fake\") sets stdout", FAKE, FAKE.stdout(DEVNULL));
  }

  private static void assertRefused(String message, Command<?> first, Command<?> second) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pipeline.of(first, second))
        .withMessageStartingWith(message);
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    Pipeline<byte[]> two = Pipeline.of(FAKE, FAKE);
    List<Runnable> calls =
        List.of(
            () -> unused(two.captureOutput().stdout(PIPE)),
            () -> unused(two.stderr(DEVNULL).captureOutput()),
            () -> unused(two.stderr(PIPE).stderrTogether()),
            () -> unused(two.drain(LONG).stderrTogether()),
            () -> unused(two.stderrTogether().drain(LONG)),
            () -> unused(two.stderr(PIPE.tee(OutputStream.nullOutputStream()))),
            () -> unused(two.stderr(PIPE.tee(Path.of("file")))),
            () -> unused(two.stderr(Redirect.to(OutputStream.nullOutputStream()))),
            () -> unused(two.stdin(PIPE).input("x")),
            () -> unused(two.stderr(STDOUT)),
            () -> unused(two.stderr(Redirect.to(Path.of("file")))),
            () -> unused(two.stdin(STDOUT)),
            () -> unused(two.named("")),
            () -> unused(Pipeline.of(List.of())));
    assertThat(calls)
        .allSatisfy(call -> assertThatIllegalArgumentException().isThrownBy(call::run));
    assertThatNullPointerException()
        .isThrownBy(() -> Pipeline.of(Arrays.asList(FAKE, null)))
        .withMessage("command 1 is null");
    assertThatNullPointerException()
        .isThrownBy(() -> Pipeline.of(FAKE, Arrays.asList(FAKE, null).toArray(Command<?>[]::new)))
        .withMessage("command 2 is null");
    assertThatIllegalStateException().isThrownBy(() -> two.timeout(LONG).start());
    assertThatIllegalStateException().isThrownBy(() -> two.check().start());
    assertThatIllegalStateException().isThrownBy(() -> two.input("x").start());
  }

  private static void unused(Pipeline<?> pipeline) {
    assertThat(pipeline).isNotNull();
  }

  // What the children get.

  private List<ScriptedChild> children(int count) {
    List<ScriptedChild> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      children.add(child());
    }
    return children;
  }

  @Test
  void stagesAreLinked() throws Exception {
    List<ScriptedChild> children = children(3);
    children.forEach(child -> child.endsOutputs().exits(0));
    Pipeline.of(FAKE, FAKE, FAKE).run();
    List<SpawnRequest> requests = children.stream().map(ScriptedChild::request).toList();
    assertThat(requests.get(0).stdin()).isInstanceOf(SpawnRequest.Inherit.class);
    assertThat(requests.get(2).stdout()).isInstanceOf(SpawnRequest.Inherit.class);
    for (int i = 0; i < 2; i++) {
      SpawnRequest.PipeToNext out = (SpawnRequest.PipeToNext) requests.get(i).stdout();
      SpawnRequest.Linked in = (SpawnRequest.Linked) requests.get(i + 1).stdin();
      assertThat(in.link()).isSameAs(out.link());
      assertThat(in.link().isOpen()).isFalse();
    }
    assertThat(requests).allMatch(request -> request.stderr() instanceof SpawnRequest.Inherit);
  }

  @Test
  void onePipeForTheErrorsOfAll() throws Exception {
    List<ScriptedChild> children = children(3);
    children.get(1).stderr("all");
    children.forEach(child -> child.endsOutputs().exits(0));
    CompletedPipeline<String> done =
        Pipeline.of(FAKE.stderr(DEVNULL), FAKE, FAKE).text().stderrTogether().run();
    assertThat(done.stderr()).isEqualTo("all");
    List<SpawnRequest.Stdio> errors =
        children.stream().map(child -> child.request().stderr()).toList();
    assertThat(errors.get(0)).isInstanceOf(SpawnRequest.Null.class);
    SpawnRequest.SharedPipe shared = (SpawnRequest.SharedPipe) errors.get(1);
    assertThat(errors.get(2)).isEqualTo(new SpawnRequest.Linked(shared.link()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void commonErrorsAreHiddenIfOneStageHidesItsOwn(int hiding) throws Exception {
    Command<?>[] stages = {FAKE, FAKE, FAKE};
    boolean hides = hiding < stages.length;
    if (hides) {
      stages[hiding] = FAKE.stderrInMessages(false);
    }
    List<ScriptedChild> children = children(3);
    children.getFirst().stderr("secret");
    children.forEach(child -> child.endsOutputs().exits(5));
    CompletedPipeline<String> done = Pipeline.of(List.of(stages)).text().stderrTogether().run();
    assertThat(failure(done).getMessage().contains("secret")).isNotEqualTo(hides);
  }

  private static CalledProcessException failure(CompletedPipeline<?> done) {
    return Assertions.catchThrowableOfType(CalledProcessException.class, done::checkReturncode);
  }

  @Test
  void stageWithItsOwnErrorsDoesNotHideTheCommonOnes() throws Exception {
    List<ScriptedChild> children = children(3);
    children.get(1).stderr("shown");
    children.forEach(child -> child.endsOutputs().exits(5));
    Command<byte[]> apart = FAKE.stderr(DEVNULL).stderrInMessages(false);
    CompletedPipeline<String> done = Pipeline.of(apart, FAKE, FAKE).text().stderrTogether().run();
    assertThat(failure(done)).hasMessageContaining("shown");
  }

  @Test
  void exceptionHasNoErrorsOfOtherStages() throws Exception {
    children(3).get(1).stderr("of others");
    TimeoutExpiredException e =
        timedOut(
            () ->
                start(Pipeline.of(FAKE.stderr(DEVNULL), FAKE, FAKE).stderrTogether())
                    .communicate(NONE));
    assertThat(e).hasMessageContaining("stages 1 (");
    assertThat(e.stderr().isCaptured()).isFalse();
    assertThat(e.stages().get(1).stderr().text()).isEqualTo("of others");
  }

  // The outcome.

  @ParameterizedTest
  @CsvSource({
    "0 0 0, -1, 0",
    "1 2 0, 1, 2",
    "1 0 0, 0, 1",
    "0 0 3, 2, 3",
    "-13 0 0, -1, 0",
    "-13 -13 0, -1, 0",
    "-13 0 -13, 2, -13",
    "-13 4 0, 1, 4",
    "5 -13 0, 0, 5",
    "141 0 0, 0, 141",
    "-9 0 0, 0, -9",
    "-13, 0, -13"
  })
  void lastStageThatFailedDecides(String codes, int failed, int returncode) {
    List<ExitStatus> statuses =
        Arrays.stream(codes.split(" ", -1)).map(PipelineTest::status).toList();
    assertThat(PipelineVerdict.failedStage(statuses, false, 0)).isEqualTo(failed);
    assertThat(PipelineVerdict.status(statuses, false).returncode()).isEqualTo(returncode);
    int[] all = statuses.stream().mapToInt(ExitStatus::returncode).toArray();
    assertThat(PipelineVerdict.failedStage(statuses, true, all)).isEqualTo(-1);
    assertThat(PipelineVerdict.failedStage(statuses, true, 0))
        .isEqualTo(statuses.lastIndexOf(lastFailure(statuses)));
  }

  private static ExitStatus lastFailure(List<ExitStatus> statuses) {
    return statuses.reversed().stream()
        .filter(status -> !status.isSuccess())
        .findFirst()
        .orElse(new ExitStatus.Unknown());
  }

  private static ExitStatus status(String code) {
    return switch (code) {
      case "-13" -> new Signaled(Signal.SIGPIPE, false);
      case "-9" -> new Signaled(Signal.SIGKILL, false);
      default -> new Exited(Integer.parseInt(code));
    };
  }

  // The end.

  private final List<String> signals = Collections.synchronizedList(new ArrayList<>());

  /** Ends only when it is killed. */
  private ScriptedChild stubborn(String name) {
    ScriptedChild child = child();
    return child.onSignal(
        number -> {
          signals.add(name + number);
          if (number == KILL) {
            child.diesNow(new Killed(KILL, false));
          }
        });
  }

  private List<ScriptedChild> threeStubborn() {
    return List.of(stubborn("a"), stubborn("b"), stubborn("c"));
  }

  private static List<String> askedAndKilled() {
    return List.of("a" + TERM, "b" + TERM, "c" + TERM, "a" + KILL, "b" + KILL, "c" + KILL);
  }

  @Test
  void allAreAskedBeforeOneIsKilled() {
    List<ScriptedChild> children = threeStubborn();
    children.get(2).stdout("out");
    Pipeline<byte[]> pipeline = Pipeline.of(FAKE.named("x"), FAKE, FAKE).captureOutput();
    TimeoutExpiredException e =
        timedOut(() -> pipeline.grace(Duration.ofMillis(5)).timeout(NONE).run());
    assertThat(signals).isEqualTo(askedAndKilled());
    assertThat(e)
        .hasMessage(
            "pipeline \"x | fake | fake\" timed out after 0 seconds:"
                + " stages 1 (\"x\"), 2 (\"fake\") and 3 (\"fake\") had not ended");
    assertThat(e.stages()).allMatch(stage -> stage.status().isPresent());
    assertThat(e.stages().getFirst()).hasToString("PipelineStage[fake, returncode: -9]");
    assertThat(e.ending().orElseThrow()).hasToString("TIMEOUT: SIGTERM, SIGKILL");
    assertThat(e.stdout().text()).isEqualTo("out");
  }

  @Test
  void stopAsksAllBeforeOneIsKilled() throws Exception {
    threeStubborn();
    RunningPipeline<byte[]> p = start(Pipeline.of(FAKE, FAKE, FAKE).captureOutput());
    assertThat(p.stop(Duration.ofMillis(5)).returncode()).isEqualTo(-KILL);
    assertThat(signals).isEqualTo(askedAndKilled());
    assertThat(p.stop(LONG).returncode()).as("again").isEqualTo(-KILL);
    assertThat(signals).isEqualTo(askedAndKilled());
  }

  @Test
  void closeAsksAllBeforeOneIsKilled() throws Exception {
    threeStubborn();
    RunningPipeline<byte[]> p =
        start(
            Pipeline.of(FAKE, FAKE, FAKE)
                .captureOutput()
                .killOnClose()
                .grace(Duration.ofMillis(5)));
    p.close();
    assertThat(signals).isEqualTo(askedAndKilled());
  }

  /** What the close of a pipeline sends, if it does not wait. */
  private List<String> sentByClose(RunningPipeline<?> p) throws IOException {
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    return List.copyOf(signals);
  }

  private RunningPipeline<byte[]> talking() throws IOException {
    return start(Pipeline.of(FAKE, FAKE, FAKE).stdin(PIPE).captureOutput());
  }

  private static List<String> killed() {
    return List.of("a" + KILL, "b" + KILL, "c" + KILL);
  }

  @Test
  void closeAfterAnInterruptKillsNothing() throws Exception {
    threeStubborn();
    RunningPipeline<byte[]> p = talking();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::communicate);
    assertThat(sentByClose(p)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void closeAfterAFailureKillsNothing(int failing) throws Exception {
    List<ScriptedChild> children = threeStubborn();
    children.get(failing).fails(new StackOverflowError());
    RunningPipeline<byte[]> p = talking();
    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(p::communicate);
    assertThat(sentByClose(p)).isEmpty();
  }

  @Test
  void closeAfterAnOutputLimitKillsAll() throws Exception {
    threeStubborn().getLast().stdout("much");
    RunningPipeline<byte[]> p =
        start(Pipeline.of(FAKE, FAKE, FAKE).stdin(PIPE).stderr(PIPE).stdout(PIPE.limit(2)));
    assertThatExceptionOfType(OutputLimitException.class).isThrownBy(p::communicate);
    assertThat(sentByClose(p)).isEqualTo(killed());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void useOfOneStageAnswersATimeout(int used) throws Exception {
    threeStubborn();
    RunningPipeline<byte[]> p = talking();
    timedOut(() -> p.communicate(NONE));
    assertThat(p.stages().get(used).poll()).isEmpty();
    assertThat(sentByClose(p)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void closeAfterATimeoutOfOneStageKillsAll(int stage) throws Exception {
    threeStubborn();
    RunningPipeline<byte[]> p = talking();
    timedOut(() -> p.stages().get(stage).waitFor(NONE));
    assertThat(sentByClose(p)).isEqualTo(killed());
  }

  @Test
  void callThatMakesNoSenseDoesNotAnswerATimeout() throws Exception {
    threeStubborn();
    RunningPipeline<byte[]> p = talking();
    timedOut(() -> p.communicate(NONE));
    assertThatIllegalStateException().isThrownBy(() -> p.communicate("x"));
    assertThat(sentByClose(p)).isEqualTo(killed());
  }

  static Stream<Throwable> passing() {
    return Stream.of(
        new OutOfMemoryError("of the test"),
        new StackOverflowError("of the test"),
        new IllegalArgumentException("of the test"));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void threadThatSendsToTheFirstStageSurvivesErrorsThatPass(Throwable error) throws Exception {
    ScriptedChild first = child();
    ScriptedChild last = child();
    AtomicInteger refusals = new AtomicInteger(3);
    refuseSending(first, refusals, error);
    RunningPipeline<byte[]> p = start(Pipeline.of(FAKE, FAKE).stdin(PIPE).stdout(PIPE));
    p.stdin().write('x');
    FutureTask<Integer> read = new FutureTask<>(() -> p.stdout().read());
    Thread.ofPlatform().start(read);
    first.awaitInput(1);
    assertThat(refusals).hasNonPositiveValue();
    first.exits(0);
    last.endsOutputs().exits(0);
    assertThat(read.get()).isEqualTo(-1);
  }

  /** Fails steps of the library's thread that sends, and reads all input afterwards. */
  private static void refuseSending(ScriptedChild child, AtomicInteger refusals, Throwable error) {
    child.beforeAsking(
        () -> {
          if (!Thread.currentThread().getName().equals("jpopen-pipeline")) {
            refuseSending(child, refusals, error);
          } else if (refusals.getAndDecrement() <= 0) {
            child.readsInput();
          } else {
            refuseSending(child, refusals, error);
            if (error instanceof Error fatal) {
              throw fatal;
            }
            throw (RuntimeException) error;
          }
        });
  }

  @Test
  void timeoutHandsOutAllThatCame() {
    child();
    byte[] much = new byte[1 << 20];
    Arrays.fill(much, (byte) 'x');
    child().stdout(much).stdout(much).stdout("end");
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    TimeoutExpiredException e =
        timedOut(() -> Pipeline.of(FAKE, FAKE).stdout(PIPE.tee(copy)).timeout(NONE).run());
    assertThat(copy.size()).isPositive().isEqualTo(Math.toIntExact(e.stdout().size()));
  }

  @Test
  void outputLimitHandsOutAllThatCame() {
    child();
    child().stdout("much");
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    Pipeline<byte[]> limited = Pipeline.of(FAKE, FAKE).stdout(PIPE.limit(2).tee(copy));
    assertThatExceptionOfType(OutputLimitException.class).isThrownBy(limited::run);
    assertThat(copy).hasToString("much");
  }

  @Test
  void consumersGetNothingAfterAFailure() {
    ScriptedChild first = child();
    first.onSignal(_ -> first.exits(0));
    ScriptedChild last = child().stdout("first");
    last.onSignal(_ -> last.stdout(" last").exits(0));
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken");
          }
        };
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    Pipeline<byte[]> pipeline =
        Pipeline.of(FAKE, FAKE).stdin(PIPE).stdout(PIPE.tee(broken).tee(copy)).grace(LONG);
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(pipeline::run)
        .withMessageContaining("broken");
    assertThat(copy).hasToString("first");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptReachesAConsumerOnAnotherThread(boolean virtual) throws Exception {
    children(2).get(1).stdout("x");
    CountDownLatch blocked = new CountDownLatch(1);
    OutputStream blocking =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            blocked.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException();
            }
          }
        };
    RunningPipeline<byte[]> p =
        start(Pipeline.of(FAKE, FAKE).stdin(PIPE).stdout(PIPE.tee(blocking)));
    FutureTask<?> call = new FutureTask<>(() -> p.communicate());
    Thread thread = virtual ? Thread.ofVirtual().start(call) : Thread.ofPlatform().start(call);
    blocked.await();
    thread.interrupt();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(call::get)
        .withCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void commonErrorsAreReadUntilAllHaveEnded() {
    ScriptedChild first = child();
    ScriptedChild second = child();
    List<Integer> sent = Collections.synchronizedList(new ArrayList<>());
    first.onSignal(_ -> first.exits(0).writesMeanwhile(StreamKind.STDERR, () -> second.exits(7)));
    second.onSignal(
        number -> {
          sent.add(number);
          if (number == KILL) {
            second.diesNow(new Killed(KILL, false));
          }
        });
    TimeoutExpiredException e =
        timedOut(
            () ->
                Pipeline.of(FAKE, FAKE)
                    .stderrTogether()
                    .grace(Duration.ofSeconds(20))
                    .timeout(NONE)
                    .run());
    assertThat(sent).containsExactly(TERM);
    assertThat(e.stages().get(1).status()).contains(new Exited(7));
    assertThat(e.stderr().text()).isEqualTo("!");
  }

  @Test
  void manyStagesShareOneGrace() {
    int count = 40;
    Duration grace = Duration.ofMillis(200);
    for (int i = 0; i < count; i++) {
      stubborn("x");
    }
    Pipeline<byte[]> pipeline =
        Pipeline.of(Collections.nCopies(count, FAKE)).captureOutput().grace(grace).timeout(NONE);
    long start = System.nanoTime();
    timedOut(pipeline::run);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(grace, grace.multipliedBy(count));
  }

  record Sending(String name, Call call) {}

  interface Call {
    void of(RunningPipeline<?> pipeline) throws Exception;
  }

  static List<Sending> sendings() {
    return List.of(
        new Sending("kill", RunningPipeline::kill),
        new Sending("killTree", RunningPipeline::killTree),
        new Sending("terminate", RunningPipeline::terminate),
        new Sending("sendSignal", p -> p.sendSignal(Signal.SIGINT)),
        new Sending("stop", p -> p.stop(NONE)));
  }

  @ParameterizedTest
  @MethodSource("sendings")
  void stageThatRefusesASignalSparesNoOther(Sending sending) throws Exception {
    List<ScriptedChild> children = threeStubborn();
    refuses(children.get(0), "first");
    refuses(children.get(1), "second");
    RunningPipeline<byte[]> p = start(Pipeline.of(FAKE, FAKE, FAKE));
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> sending.call.of(p))
        .withMessageContaining("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    ScriptedChild last = children.get(2);
    assertThat(last.signals().size() + last.treeKills()).isOne();
  }

  private static void refuses(ScriptedChild child, String reason) {
    child
        .refusesSignals(new IOException(reason))
        .onKillTree(
            () -> {
              throw new IllegalStateException("not found");
            });
  }

  @Test
  void errorOfOneKillSparesNoOther() throws Exception {
    List<ScriptedChild> children = threeStubborn();
    children.getFirst().failsSignals(new StackOverflowError());
    RunningPipeline<byte[]> p = start(Pipeline.of(FAKE, FAKE, FAKE));
    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(p::kill);
    assertThat(signals).containsExactly("b" + KILL, "c" + KILL);
  }

  @Test
  void errorWhileOneStageIsClosedLeavesNoOtherOpen() throws Exception {
    List<ScriptedChild> children = children(3);
    RunningPipeline<byte[]> p = start(Pipeline.of(FAKE, FAKE, FAKE));
    children.getFirst().fails(new StackOverflowError()).exits(0);
    children.get(1).exits(0);
    children.get(2).exits(0);
    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(p::close);
    assertThat(children).allMatch(child -> child.closes() == 1);
  }

  /** The last stage keeps the common stderr only, which is closed when all were started. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void errorWhileTheLinksAreClosedLeavesNothing(int stage) {
    List<ScriptedChild> children = threeStubborn();
    children.get(stage).onLinkClosed(PipelineTest::overflow);
    Command<byte[]> apart = FAKE.stderr(DEVNULL);
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(() -> start(Pipeline.of(apart, apart, FAKE).stderrTogether()));
    assertThat(children).allMatch(child -> child.openLinks() == 0);
    assertThat(children)
        .allMatch(child -> !child.wasStarted() || (child.closes() == 1 && child.hasExited()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void errorWhileTheStagesAreHandedOutLeavesNothing(int stage) {
    List<ScriptedChild> children = threeStubborn();
    children.get(stage).onHandOut(PipelineTest::overflow);
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(() -> start(Pipeline.of(FAKE, FAKE, FAKE)));
    assertThat(children).allMatch(child -> child.closes() == 1 && child.hasExited());
  }

  private static void overflow() {
    throw new StackOverflowError();
  }

  /** A system needs a moment to end what was killed. */
  @Test
  void closeAsksNoStageAgainThatWasKilled() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      ScriptedChild child = child();
      child.onSignal(
          number -> {
            signals.add(name + number);
            if (number == KILL) {
              child.beforeAsking(
                  () -> {
                    child.beforeAsking(() -> child.diesNow(new Killed(KILL, false)));
                    child.wake(); // dies in the step after this one
                  });
            }
          });
    }
    Pipeline<byte[]> pipeline = Pipeline.of(FAKE, FAKE, FAKE).killOnClose();
    start(pipeline.grace(Duration.ofMillis(5))).close();
    assertThat(signals).isEqualTo(askedAndKilled());
  }

  @Test
  void stageThatHasEndedIsNotAmongThoseThatHaveNot() throws Exception {
    child().endsOutputs().exits(0);
    stubborn("b");
    TimeoutExpiredException e =
        timedOut(() -> start(Pipeline.of(FAKE, FAKE).captureOutput()).communicate(NONE));
    assertThat(e).hasMessageEndingWith(": stage 2 (\"fake\") had not ended");
    assertThat(e.stages().getFirst().status()).contains(new Exited(0));
    assertThat(e.stages().getLast()).hasToString("PipelineStage[fake, running]");
  }

  @Test
  void failureOfOneCallLosesNothingOfTheOthers() throws Exception {
    ScriptedChild first = child();
    ScriptedChild last = child().stdout("some ");
    RunningPipeline<String> p = start(Pipeline.of(FAKE, FAKE).text().stdin(PIPE).stdout(PIPE));
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("broken");
          }
        };
    assertThatIOException()
        .isThrownBy(() -> p.communicate(Input.stream(broken)))
        .withMessage("the input of \"fake\" failed: broken");
    first.endsOutputs().exits(0);
    last.stdout("more").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("some more");
  }

  @Test
  void resultIsKnownOnceAllHaveEnded() throws Exception {
    List<ScriptedChild> children = children(2);
    RunningPipeline<String> p = start(Pipeline.of(FAKE, FAKE).text());
    assertThatIllegalStateException().isThrownBy(p::returncode);
    children.get(1).exits(0);
    assertThat(p.poll()).isEmpty();
    assertThat(p.isAlive()).isTrue();
    children.get(0).exits(4);
    assertThat(p.poll()).hasValue(4);
    assertThat(p.isAlive()).isFalse();
    assertThat(p.communicate().returncodes()).containsExactly(4, 0);
    assertThat(p).asString().startsWith("RunningPipeline[fake | fake, pids: [");
    assertThat(p.communicate()).hasToString("CompletedPipeline[fake | fake, returncodes: [4, 0]]");
  }

  @Test
  void optionsReachEveryStage() throws Exception {
    List<ScriptedChild> children = children(2);
    children.forEach(child -> child.stderr(new byte[] {(byte) 0xe4}).exits(3));
    CompletedPipeline<String> done =
        Pipeline.of(FAKE, FAKE)
            .captureOutput()
            .killTree()
            .killOnExit()
            .text(StandardCharsets.ISO_8859_1)
            .drain(NONE)
            .stderrInMessages(false)
            .run();
    assertThat(children).allMatch(child -> child.request().tree());
    assertThat(children).allMatch(child -> child.request().endsWithUs());
    for (int stage = 0; stage < 2; stage++) {
      assertThat(done.stages().get(stage).isComplete()).as("drain").isFalse();
      assertThat(done.stderr(stage)).isEqualTo("ä");
    }
    assertThat(failure(done).getMessage()).doesNotContain("ä");
  }
}
