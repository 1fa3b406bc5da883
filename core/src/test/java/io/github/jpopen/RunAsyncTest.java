package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.concurrent.AsyncCall;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** runAsync: like run, on another thread; cancelling it kills the child. */
class RunAsyncTest extends ScriptedTest {
  private static final Command<byte[]> CAPTURED = Command.of("fake").captureOutput();

  private static Throwable failure(CompletableFuture<?> future) {
    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> future.get(10, SECONDS));
    return e.getCause() == null ? e : e.getCause();
  }

  private static void awaitKilledAndClosed(ScriptedChild child) {
    child.awaitClosed();
    assertThat(child.signals()).containsExactly(9);
  }

  /** Its source takes no notice of the interrupt, as many do. */
  @Test
  void childIsNotStartedAfterACancel() throws Exception {
    ScriptedChild child = child();
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Input slow =
        Input.stream(
            () -> {
              opening.countDown();
              while (go.getCount() > 0) {
                Thread.onSpinWait();
              }
              boolean _ = Thread.interrupted();
              return new ByteArrayInputStream(new byte[1]);
            });
    AsyncCall<?> future = (AsyncCall<?>) Command.of("fake").input(slow).runAsync();
    opening.await();
    assertThat(future.cancel(true)).isTrue();
    go.countDown();
    assertThat(future.thread().join(Duration.ofSeconds(10))).isTrue();
    assertThat(child.wasStarted()).isFalse();
  }

  @Test
  void returnsWhatRunReturns() throws Exception {
    ScriptedChild child = child().readsInput().stdout("out").endsOutputs().exits(3);
    CompletedProcess<byte[]> completed = CAPTURED.input("in").runAsync().get(10, SECONDS);
    assertThat(completed.returncode()).isEqualTo(3);
    assertThat(completed.stdout()).asString().isEqualTo("out");
    assertThat(child.inputText()).isEqualTo("in");
    Thread thread = child.steps().getLast().thread();
    assertThat(thread.isVirtual()).isTrue();
    assertThat(thread.getName()).isEqualTo("jpopen-run");
  }

  @Test
  void checkFailsTheFuture() {
    child().endsOutputs().exits(3);
    assertThat(failure(CAPTURED.check().runAsync())).isInstanceOf(CalledProcessException.class);
  }

  @Test
  void timeoutKillsAndFailsTheFuture() {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(9));
    assertThat(failure(CAPTURED.timeout(NONE).runAsync()))
        .isInstanceOf(TimeoutExpiredException.class);
    awaitKilledAndClosed(child);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancelKills(boolean mayInterrupt) {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(9));
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    assertThat(future.cancel(mayInterrupt)).isTrue();
    awaitKilledAndClosed(child);
  }

  @Test
  void orTimeoutKills() {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(9));
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    failure(future.orTimeout(1, MILLISECONDS));
    awaitKilledAndClosed(child);
  }

  /** Completes a future whose call is not over. */
  interface Completion {
    void of(CompletableFuture<CompletedProcess<byte[]>> future) throws Exception;
  }

  static List<Named<Completion>> completions() {
    return List.of(
        Named.of("complete", future -> future.complete(null)),
        Named.of("completeAsync", future -> future.completeAsync(() -> null).join()),
        Named.of("completeAsync, failing", RunAsyncTest::completeWithAFailure),
        Named.of("completeOnTimeout", f -> f.completeOnTimeout(null, 1, MILLISECONDS).join()),
        Named.of("obtrudeValue", future -> future.obtrudeValue(null)),
        Named.of("obtrudeException", future -> future.obtrudeException(new IOException())));
  }

  private static void completeWithAFailure(CompletableFuture<CompletedProcess<byte[]>> future) {
    IllegalStateException failure = new IllegalStateException("none");
    assertThat(
            failure(
                future.completeAsync(
                    () -> {
                      throw failure;
                    })))
        .isSameAs(failure);
  }

  @ParameterizedTest
  @MethodSource("completions")
  void completingTheFutureKills(Completion completion) throws Exception {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(9));
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    completion.of(future);
    awaitKilledAndClosed(child);
  }

  @Test
  void completedFutureIsReplacedOnlyByForce() throws Exception {
    child().endsOutputs().exits(3);
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    CompletedProcess<byte[]> completed = future.get(10, SECONDS);
    assertThat(future.completeAsync(() -> null, Runnable::run).get()).isSameAs(completed);
    future.obtrudeValue(null);
    assertThat(future.get()).isNull();
  }

  /** The same as in CompletableFuture, whose method is overridden. */
  @Test
  void failedSupplierIsSeenAsCompletionException() throws Exception {
    ScriptedChild child = child();
    child.onSignal(_ -> child.endsOutputs().exits(9));
    IllegalStateException failure = new IllegalStateException("none");
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    CompletableFuture<Throwable> seen =
        future
            .completeAsync(
                () -> {
                  throw failure;
                })
            .handle((_, e) -> e);
    assertThat(seen.get(10, SECONDS)).isInstanceOf(CompletionException.class).hasCause(failure);
    awaitKilledAndClosed(child);
  }

  @Test
  void cancellingADerivedStageKillsNothing() throws Exception {
    ScriptedChild child = child();
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    assertThat(future.thenApply(CompletedProcess::stdout).cancel(true)).isTrue();
    child.awaitStepWanting(STDOUT, STDERR);
    child.endsOutputs().exits(0);
    assertThat(future.get(10, SECONDS).returncode()).isZero();
    assertThat(child.signals()).isEmpty();
  }

  /**
   * All carriers are busy, so the virtual thread of the call has not begun when it is cancelled. A
   * thread that begins later must see the cancel and start no child.
   */
  @Test
  void cancelBeforeTheStartStartsNoChild() throws Exception {
    ScriptedChild child = child();
    AtomicBoolean busy = new AtomicBoolean(true);
    int carriers =
        Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    CountDownLatch spinning = new CountDownLatch(carriers);
    Thread[] spinners = new Thread[carriers];
    for (int i = 0; i < carriers; i++) {
      spinners[i] =
          Thread.startVirtualThread(
              () -> {
                spinning.countDown();
                while (busy.get()) {
                  Thread.onSpinWait(); // holds its carrier, so that nothing else begins
                }
              });
    }
    spinning.await();
    CompletableFuture<CompletedProcess<byte[]>> future = CAPTURED.runAsync();
    assertThat(future.cancel(true)).isTrue();
    busy.set(false);
    for (Thread spinner : spinners) {
      spinner.join();
    }
    CompletableFuture<Void> behind = new CompletableFuture<>();
    Thread.startVirtualThread(() -> behind.complete(null)); // the scheduler is first in, first out
    behind.get(10, SECONDS);
    assertThat(child.steps()).isEmpty();
    assertThat(child.wasStarted()).isFalse();
  }

  @Test
  void invalidArgumentsAreRefusedAtOnce() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CAPTURED.text(US_ASCII).input("ä").runAsync());
    Input used = Input.stream(InputStream.nullInputStream());
    child().readsInput().endsOutputs().exits(0);
    CAPTURED.input(used).runAsync().get(10, SECONDS);
    assertThatIllegalStateException().isThrownBy(() -> CAPTURED.input(used).runAsync());
    try (Arena arena = Arena.ofConfined()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> CAPTURED.offHeap(arena).runAsync())
          .withMessage("the arena of the output is closed, or confined to another thread");
      Input mine = Input.wrap(arena.allocate(1));
      assertThatIllegalStateException()
          .isThrownBy(() -> CAPTURED.input(mine).runAsync())
          .withMessage("the input lies in an arena that is confined to another thread");
    }
    Arena closed = Arena.ofShared();
    closed.close();
    assertThatIllegalStateException().isThrownBy(() -> CAPTURED.offHeap(closed).runAsync());
  }

  @Test
  void sharedArenaHoldsTheOutput() throws Exception {
    child().stdout("shared").endsOutputs().exits(0);
    try (Arena arena = Arena.ofShared()) {
      assertThat(CAPTURED.offHeap(arena).runAsync().get(10, SECONDS).stdout().byteSize())
          .isEqualTo(6);
    }
  }
}
