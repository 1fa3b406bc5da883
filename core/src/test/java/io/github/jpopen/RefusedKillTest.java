package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.LogWatch;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The system refuses every signal, and the child lives on: no call waits for its end. */
class RefusedKillTest extends ScriptedTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final String REASON = "cannot send signal 9: EPERM";
  private static final Command<byte[]> FAKE = Command.of("fake").captureOutput();

  private final LogWatch log;

  RefusedKillTest() throws ReflectiveOperationException {
    log = new LogWatch("io.github.jpopen"); // kept from the output of the build
  }

  @AfterEach
  void restoreLog() throws ReflectiveOperationException {
    log.close();
  }

  /** A child that can neither be killed nor asked, and whose tree survives with it. */
  private ScriptedChild immortal() {
    ScriptedChild child = child().refusesSignals(new IOException(REASON));
    return child.onKillTree(() -> List.of(TreeTest.handle(child.pid())));
  }

  private ScriptedChild mortal() {
    ScriptedChild child = child();
    return child.onSignal(number -> child.diesNow(new Killed(number, false)));
  }

  // The options that change how a child is ended.
  private static Stream<Named<UnaryOperator<Command<byte[]>>>> options() {
    return Stream.of(
        Named.of("plain", command -> command),
        Named.of("grace", command -> command.grace(SHORT)),
        Named.of("killTree", Command::killTree),
        Named.of("grace and killTree", command -> command.grace(SHORT).killTree()));
  }

  private static Stream<Arguments> with(Stream<? extends Named<?>> calls) {
    return calls.flatMap(call -> options().map(option -> Arguments.of(call, option)));
  }

  interface OneShotCall {
    Object of(Command<byte[]> command) throws Exception;
  }

  private static Named<OneShotCall> oneShot(String name, OneShotCall call) {
    return Named.of(name, call);
  }

  static Stream<Arguments> oneShots() {
    return with(
        Stream.of(
            oneShot("run", c -> c.timeout(SHORT).run()),
            oneShot("checkOutput", c -> c.timeout(SHORT).checkOutput()),
            oneShot("idle", c -> c.idleTimeout(SHORT).run()),
            oneShot("runAsync", c -> c.timeout(SHORT).runAsync().get())));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("oneShots")
  void timeoutSaysThatTheChildLives(OneShotCall call, UnaryOperator<Command<byte[]>> option) {
    ScriptedChild child = immortal().stdout("early");
    Throwable thrown = catchThrowable(() -> call.of(option.apply(FAKE)));
    TimeoutExpiredException e =
        thrown instanceof TimeoutExpiredException known
            ? known
            : (TimeoutExpiredException) Objects.requireNonNull(thrown.getCause());
    assertThat(e.getMessage()).contains(" 0.005 seconds; the child could not be killed: ");
    assertThat(e.getMessage()).containsAnyOf(REASON, "survived SIGKILL");
    assertThat(e.getSuppressed()).singleElement().isInstanceOf(UncheckedIOException.class);
    assertThat(e.stdout().bytes()).asString().isEqualTo("early");
    assertThat(e.ending()).as("it has not ended").isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void limitSaysThatTheChildLives() {
    ScriptedChild child = immortal().stdout("too much");
    Command<byte[]> limited = Command.of("fake").stdout(Redirect.PIPE.limit(3));
    assertThatExceptionOfType(OutputLimitException.class)
        .isThrownBy(limited::run)
        .withMessageEndingWith(" 3 bytes; the child could not be killed: " + REASON);
    assertThat(child.closes()).isEqualTo(1);
  }

  /** What came before the limit passed still goes to the consumer. */
  @Test
  void consumersGetWhatCame() {
    immortal().stdout("one\ntwo");
    List<String> lines = new ArrayList<>();
    Command<String> heard =
        Command.of("fake").text().onLine((_, line) -> lines.add(line)).timeout(SHORT);
    assertThatExceptionOfType(TimeoutExpiredException.class).isThrownBy(heard::run);
    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void cancelIsLogged() throws Exception {
    ScriptedChild child = immortal();
    CompletableFuture<CompletedProcess<byte[]>> run = FAKE.runAsync();
    child.awaitStepWanting(StreamKind.STDOUT, StreamKind.STDERR);
    assertThat(run.cancel(true)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(run::join);
    child.awaitClosed();
    assertThat(log.messages())
        .containsExactly("WARNING: process " + child.pid() + " could not be killed: " + REASON);
  }

  @Test
  void interruptIsThrownSoon() throws Exception {
    ScriptedChild child = immortal();
    Call<CompletedProcess<byte[]>> call = Call.of(FAKE::run);
    child.awaitStepWanting(StreamKind.STDOUT, StreamKind.STDERR);
    call.interrupt();
    assertThat(call.failure())
        .isInstanceOf(InterruptedException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(child.closes()).isEqualTo(1);
  }

  interface ChildCall {
    Object of(Popen<byte[]> child) throws Exception;
  }

  /** A call, and how it fails. */
  record Refused(ChildCall call, @Nullable Class<? extends Throwable> failure) {}

  private static Named<Refused> refused(String name, ChildCall call) {
    return Named.of(name, new Refused(call, UncheckedIOException.class));
  }

  private static Named<Refused> timesOut(String name, ChildCall call) {
    return Named.of(name, new Refused(call, TimeoutExpiredException.class));
  }

  static Stream<Arguments> callsOnAChild() {
    return with(
        Stream.of(
            refused("stop", p -> p.stop(SHORT)),
            refused("stop at once", p -> p.stop(NONE)),
            refused("kill", Popen::kill),
            Named.of("killTree", new Refused(p -> p.killTree().size(), null)),
            refused("terminate", Popen::terminate),
            refused("SIGINT", p -> p.sendSignal(Signal.SIGINT)),
            timesOut("communicate", p -> p.communicate(SHORT)),
            timesOut("waitFor", p -> p.waitFor(SHORT))));
  }

  /** The exception reaches the caller of the try statement, and does not wait for the child. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("callsOnAChild")
  void closeDoesNotWait(Refused refused, UnaryOperator<Command<byte[]>> option) throws Exception {
    ScriptedChild child = immortal();
    Throwable e =
        catchThrowable(
            () -> {
              try (Popen<byte[]> p = option.apply(FAKE).start()) {
                assertThat(refused.call.of(p)).as("the survivors").isEqualTo(1);
              }
            });
    assertThat(e == null ? null : e.getClass()).isEqualTo(refused.failure);
    assertThat(child.hasExited()).isFalse();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void closeWaitsAfterARefusedSignalThatEndsNothing() throws Exception {
    ScriptedChild child = immortal();
    Popen<byte[]> p = start(FAKE);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> p.sendSignal(Signal.SIGCONT));
    child.exits(0).endsOutputs();
    p.close();
    assertThat(p.returncode()).isZero();
  }

  @Test
  void closeWaitsAfterASignalThatWasSentAtLast() throws Exception {
    ScriptedChild child = immortal();
    Popen<byte[]> p = start(FAKE);
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(p::kill);
    child.refusesSignals(null).onSignal(number -> child.diesNow(new Killed(number, false)));
    assertThat(p.kill()).isTrue();
    p.close();
    assertThat(p.returncode()).isEqualTo(-9);
  }

  static Stream<Arguments> pipelines() {
    return Stream.of(
        Arguments.of(onPipeline("stop", p -> p.stop(SHORT)), UncheckedIOException.class),
        Arguments.of(onPipeline("kill", RunningPipeline::kill), UncheckedIOException.class),
        Arguments.of(
            onPipeline("terminate", RunningPipeline::terminate), UncheckedIOException.class),
        Arguments.of(
            onPipeline("communicate", p -> p.communicate(SHORT)), TimeoutExpiredException.class));
  }

  interface PipelineCall {
    Object of(RunningPipeline<byte[]> pipeline) throws Exception;
  }

  private static Named<PipelineCall> onPipeline(String name, PipelineCall call) {
    return Named.of(name, call);
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void closeOfAPipelineDoesNotWait(PipelineCall call, Class<? extends Throwable> thrown) {
    for (boolean grace : new boolean[] {false, true}) {
      ScriptedChild first = immortal();
      ScriptedChild last = mortal();
      Pipeline<byte[]> pipeline = Pipeline.of(Command.of("first"), Command.of("last"));
      Pipeline<byte[]> captured = pipeline.captureOutput();
      assertThat(
              catchThrowable(
                  () -> {
                    try (RunningPipeline<byte[]> p =
                        (grace ? captured.grace(SHORT) : captured).start()) {
                      Object _ = call.of(p);
                    }
                  }))
          .isInstanceOf(thrown);
      assertThat(first.hasExited()).isFalse();
      assertThat(first.closes()).isEqualTo(1);
      assertThat(last.closes()).isEqualTo(1);
    }
  }

  @Test
  void pipelineSaysThatAStageLives() {
    ScriptedChild first = immortal();
    ScriptedChild last = mortal();
    Pipeline<byte[]> pipeline = Pipeline.of(Command.of("first"), Command.of("last"));
    TimeoutExpiredException e = timedOut(() -> pipeline.captureOutput().timeout(SHORT).run());
    assertThat(e).hasMessageContaining("; a stage could not be killed: " + REASON);
    assertThat(e.stages().getLast().ending())
        .hasValueSatisfying(end -> assertThat(end.signals()).containsExactly(Signal.SIGKILL));
    assertThat(e.stages().getFirst().ending()).isEmpty();
    assertThat(first.closes()).isEqualTo(1);
    assertThat(last.closes()).isEqualTo(1);
  }
}
