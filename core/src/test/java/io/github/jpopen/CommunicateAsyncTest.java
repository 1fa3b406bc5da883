package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.scripted.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** communicateAsync: results and errors. {@link AsyncCancelTest} tests cancelling. */
class CommunicateAsyncTest extends ScriptedTest {
  private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  private static <R> R get(CompletableFuture<R> future) throws Exception {
    return future.get(10, SECONDS);
  }

  /** What the future failed with. */
  private static Throwable failure(CompletableFuture<?> future) {
    ExecutionException e = catchThrowableOfType(ExecutionException.class, () -> get(future));
    return e.getCause() == null ? e : e.getCause();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void returnsWhatCommunicateReturns(boolean timed) throws Exception {
    child().stdout("out").stderr("err").endsOutputs().exits(3);
    Popen<byte[]> p = start(PIPES);
    Output<byte[]> output = get(timed ? p.communicateAsync(LONG) : p.communicateAsync());
    assertThat(output.stdout()).asString().isEqualTo("out");
    assertThat(output.stderr()).asString().isEqualTo("err");
    assertThat(p.returncode()).isEqualTo(3);
    assertThat(p.communicate()).isSameAs(output);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsInput(boolean timed) throws Exception {
    ScriptedChild child = child().readsInput().endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    Input input = Input.of("hallo");
    get(timed ? p.communicateAsync(input, LONG) : p.communicateAsync(input));
    assertThat(child.inputText()).isEqualTo("hallo");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  /** The next call may give input again, which waits until that of the first is open. */
  @Test
  void inputThatOpensAfterACancelIsNotSent() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Input slow = Input.stream(() -> openSlowly(opening, go));
    CompletableFuture<?> first = p.communicateAsync(slow);
    opening.await();
    assertThat(first.cancel(true)).isTrue();
    Call<Output<byte[]>> next = Call.of(() -> p.communicate("second")).awaitParked();
    go.countDown();
    child.endsOutputs().exits(0);
    next.result();
    assertThat(child.inputText()).isEqualTo("second");
  }

  /** Takes no notice of an interrupt, as many streams do. */
  private static InputStream openSlowly(CountDownLatch opening, CountDownLatch go) {
    opening.countDown();
    while (go.getCount() > 0) {
      Thread.onSpinWait();
    }
    boolean _ = Thread.interrupted();
    return new ByteArrayInputStream("first".getBytes(US_ASCII));
  }

  @Test
  void knownResultIsAvailableAtOnce() throws Exception {
    child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    Output<byte[]> output = p.communicate();
    CompletableFuture<Output<byte[]>> again = p.communicateAsync();
    assertThat(again.isDone()).isTrue();
    assertThat(again.join()).isSameAs(output);
    p.close();
    assertThat(p.communicateAsync(LONG).join()).isSameAs(output);
  }

  @Test
  void runsOnNamedThreadWithoutInheritedLocals() throws Exception {
    ScriptedChild child = child().readsInput().endsOutputs().exits(0);
    INHERITABLE.set("of the caller");
    AtomicReference<@Nullable String> seen = new AtomicReference<>("not opened");
    try {
      Input input =
          Input.stream(
              () -> {
                seen.set(INHERITABLE.get());
                return InputStream.nullInputStream();
              });
      get(start(PIPES).communicateAsync(input));
    } finally {
      INHERITABLE.remove();
    }
    assertThat(seen.get()).isNull();
    Thread thread = child.steps().getLast().thread();
    assertThat(thread.isVirtual()).isTrue();
    assertThat(thread.getName()).isEqualTo("jpopen-communicate");
  }

  @Test
  void callSealsStreamsAndFixesInput() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write('a');
    CompletableFuture<Output<byte[]>> future = p.communicateAsync(Input.of("b"));
    assertThatIllegalStateException().isThrownBy(p::stdin);
    child.readsInput().endsOutputs().exits(0);
    get(future);
    assertThat(child.inputText()).isEqualTo("ab");
  }

  @Test
  void timeoutLosesNothing() throws Exception {
    ScriptedChild child = child().stdout("a");
    Popen<byte[]> p = start(PIPES);
    Throwable e = failure(p.communicateAsync(Input.of("in"), Duration.ofMillis(10)));
    assertThat(e).isInstanceOf(TimeoutExpiredException.class);
    assertThat(((TimeoutExpiredException) e).timeout()).isEqualTo(Duration.ofMillis(10));
    assertThat(((TimeoutExpiredException) e).stdout().bytes()).asString().isEqualTo("a");
    child.readsInput().stdout("b").endsOutputs().exits(0);
    assertThat(get(p.communicateAsync()).stdout()).asString().isEqualTo("ab");
    assertThat(child.inputText()).isEqualTo("in");
  }

  @Test
  void closeKillsAfterUnansweredTimeout() throws Exception {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(9));
    Popen<byte[]> p = start(PIPES);
    assertThat(failure(p.communicateAsync(NONE))).isInstanceOf(TimeoutExpiredException.class);
    p.close();
    assertThat(child.signals()).containsExactly(9);
  }

  @Test
  void joinWrapsFailures() throws Exception {
    child();
    CompletableFuture<Output<byte[]>> future = start(PIPES).communicateAsync(NONE);
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(future::join)
        .withCauseInstanceOf(TimeoutExpiredException.class);
  }

  @Test
  void failingSourceFailsTheFuture() throws Exception {
    child().stdout("so far");
    Source source = new Source().fails(new IOException("disk on fire"));
    Throwable e = failure(start(PIPES).communicateAsync(Input.stream(source)));
    assertThat(e)
        .isInstanceOf(SubprocessException.class)
        .hasMessage("the input of \"fake\" failed: disk on fire");
  }

  @Test
  void missingFileFailsTheFutureAndChangesNothing(@TempDir Path folder) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    Input missing = Input.file(folder.resolve("missing"));
    assertThat(failure(p.communicateAsync(missing))).isInstanceOf(NoSuchFileException.class);
    child.endsOutputs().exits(0);
    get(p.communicateAsync(Input.of("instead")));
    assertThat(child.inputText()).isEqualTo("instead");
  }

  @Test
  void undecodableOutputFailsTheFuture() throws Exception {
    child().stdout(new byte[] {(byte) 0xff}).endsOutputs().exits(0);
    Throwable e = failure(start(PIPES.text()).communicateAsync());
    assertThat(e).isInstanceOf(SubprocessException.class).hasMessageContaining("UTF-8");
  }

  @Test
  void closeEndsTheCall() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> future = p.communicateAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    child.exits(0);
    p.close();
    assertThat(failure(future))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Popen is closed");
  }

  @Test
  void secondCallIsRefusedAtOnce() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> first = p.communicateAsync();
    assertThatIllegalStateException()
        .isThrownBy(p::communicateAsync)
        .withMessage("another thread is in communicate");
    assertThatIllegalStateException().isThrownBy(p::communicate);
    child.endsOutputs().exits(0);
    get(first);
  }

  @Test
  void callDuringCommunicateIsRefusedAtOnce() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThatIllegalStateException().isThrownBy(() -> p.communicateAsync(LONG));
    child.endsOutputs().exits(0);
    talking.result();
  }

  @Test
  void invalidInputIsRefusedAtOnce() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<String> p = start(PIPES.text(US_ASCII));
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicateAsync(Input.of("ä")));
    Input used = Input.stream(InputStream.nullInputStream());
    child().endsOutputs().exits(0);
    start(PIPES).communicate(used);
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicateAsync(used))
        .withMessage("this input was used before: for many children use stream(Callable)");
    CompletableFuture<Output<String>> future = p.communicateAsync(Input.of("good"));
    child.endsOutputs().exits(0);
    get(future);
    assertThat(child.inputText()).isEqualTo("good");
    assertThatIllegalStateException().isThrownBy(() -> p.communicateAsync(Input.empty()));
  }

  @Test
  void inputWithoutPipeIsRefusedAtOnce() throws Exception {
    child().ends(STDOUT).exits(0);
    Popen<byte[]> p = start(Command.of("fake").stdout(PIPE));
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicateAsync(Input.empty()));
    get(p.communicateAsync());
  }

  @Test
  void callAfterCloseIsRefusedAtOnce() throws Exception {
    child().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.close();
    assertThatIllegalStateException()
        .isThrownBy(p::communicateAsync)
        .withMessage("this Popen is closed");
  }

  @Test
  void confinedOutputArenaIsRefusedAtOnce() throws Exception {
    ScriptedChild child = child().readsInput().stdout("here").endsOutputs().exits(0);
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      assertThatIllegalStateException()
          .isThrownBy(() -> p.communicateAsync(Input.of("x")))
          .withMessage("the arena of the output is closed, or confined to another thread");
      assertThat(p.communicate("in").stdout().byteSize()).isEqualTo(4);
    }
    assertThat(child.inputText()).isEqualTo("in");
  }

  @Test
  void sharedArenaIsAccepted() throws Exception {
    child().stdout("there").endsOutputs().exits(0);
    try (Arena arena = Arena.ofShared()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      assertThat(get(p.communicateAsync()).stdout().byteSize()).isEqualTo(5);
    }
  }

  @Test
  void confinedInputIsRefusedAtOnce() throws Exception {
    ScriptedChild child = child().readsInput().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    try (Arena arena = Arena.ofConfined()) {
      Input input = Input.wrap(arena.allocateFrom("mine"));
      assertThatIllegalStateException()
          .isThrownBy(() -> p.communicateAsync(input))
          .withMessage("the input lies in an arena that is confined to another thread");
      p.communicate(input);
    }
    assertThat(child.inputText()).isEqualTo("mine\0");
  }

  @Test
  void stageMayCallAgain() throws Exception {
    child().stdout("o").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Boolean> same = p.communicateAsync().thenApply(output -> isKnown(p, output));
    assertThat(get(same)).isTrue();
  }

  private static boolean isKnown(Popen<byte[]> p, Output<byte[]> output) {
    try {
      return p.communicate().equals(output);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyCallsRunAtOnce() throws Exception {
    List<CompletableFuture<Output<byte[]>>> futures = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      child().stdout("out " + i).endsOutputs().exits(0);
      futures.add(start(PIPES).communicateAsync());
    }
    for (int i = 0; i < futures.size(); i++) {
      assertThat(get(futures.get(i)).stdout()).asString().isEqualTo("out " + i);
    }
  }

  @Test
  void cancellingADerivedStageInterruptsNothing() throws Exception {
    ScriptedChild child = child();
    CompletableFuture<Output<byte[]>> future = start(PIPES).communicateAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    CompletableFuture<byte[]> derived = future.thenApply(Output::stdout);
    CompletableFuture<Output<byte[]>> copy = future.copy();
    assertThat(derived.cancel(true)).isTrue();
    assertThat(copy.cancel(true)).isTrue();
    assertThat(derived.isCancelled()).isTrue();
    child.stdout("goes on").endsOutputs().exits(0);
    assertThat(get(future).stdout()).asString().isEqualTo("goes on");
    assertThatExceptionOfType(CancellationException.class).isThrownBy(copy::join);
  }

  @Test
  void timedGetInterruptsNothing() throws Exception {
    ScriptedChild child = child();
    CompletableFuture<Output<byte[]>> future = start(PIPES).communicateAsync();
    assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(1, MICROSECONDS));
    child.stdout("goes on").endsOutputs().exits(0);
    assertThat(get(future).stdout()).asString().isEqualTo("goes on");
  }
}
