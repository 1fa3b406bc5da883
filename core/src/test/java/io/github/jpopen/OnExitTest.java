package io.github.jpopen;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** onExit: a future of the exit. */
class OnExitTest extends ScriptedTest {
  private static Throwable failure(CompletableFuture<?> future) {
    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> future.get(10, SECONDS));
    return e.getCause() == null ? e : e.getCause();
  }

  @Test
  void completesWithTheChild() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    child.awaitStepWanting(); // moves no byte
    assertThat(future.isDone()).isFalse();
    child.exits(5);
    assertThat(future.get(10, SECONDS)).isSameAs(p);
    assertThat(p.returncode()).isEqualTo(5);
    Thread watcher = child.steps().getLast().thread();
    assertThat(watcher.isVirtual()).isTrue();
    assertThat(watcher.getName()).isEqualTo("jpopen-exit");
  }

  @Test
  void isDoneIfTheExitWasSeen() throws Exception {
    child().exits(5);
    Popen<byte[]> p = start(PIPES);
    p.waitFor();
    assertThat(p.onExit().isDone()).isTrue();
    p.close();
    assertThat(p.onExit().join()).isSameAs(p);
  }

  @Test
  void exitSeenByAnotherThreadCompletesIt() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStep();
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    child.endsOutputs().exits(1);
    assertThat(future.get(10, SECONDS).returncode()).isEqualTo(1);
    talking.result();
  }

  @Test
  void manyFuturesShareOneWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(50);
    List<CompletableFuture<Popen<byte[]>>> futures = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      CompletableFuture<Popen<byte[]>> future = p.onExit();
      futures.add(future);
      CompletableFuture<Void> _ =
          future.thenRun(
              () -> {
                told.countDown();
                awaitForEver(never);
              });
    }
    child.awaitStepWanting();
    child.exits(0);
    // Not get: it would run a dependent stage itself, and wait for ever.
    assertThat(told.await(10, SECONDS)).isTrue();
    assertThat(futures).allMatch(CompletableFuture::isDone);
    never.countDown();
    assertThat(child.steps().stream().map(ScriptedChild.Step::thread).distinct()).hasSize(1);
  }

  private static void awaitForEver(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("a stage was interrupted", e);
    }
  }

  @Test
  void cancellingTheLastFutureEndsTheWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Popen<byte[]>> one = p.onExit();
    CompletableFuture<Popen<byte[]>> two = p.onExit();
    child.awaitStepWanting();
    Thread watcher = child.steps().getLast().thread();
    assertThat(one.cancel(true)).isTrue();
    CompletableFuture<Popen<byte[]>> three = p.onExit();
    assertThat(two.cancel(true)).isTrue();
    assertThat(watcher.isAlive()).isTrue();
    assertThat(three.completeOnTimeout(p, 1, MILLISECONDS).get()).isSameAs(p);
    watcher.join(10_000);
    assertThat(watcher.isAlive()).isFalse();
    assertThat(p.poll()).isEmpty();
    CompletableFuture<Popen<byte[]>> again = p.onExit();
    child.exits(2);
    assertThat(again.get(10, SECONDS).returncode()).isEqualTo(2);
  }

  /**
   * Cancelling the last future ends the thread that waits, and a new future needs such a thread.
   * The new future must not rely on the thread that is about to end.
   */
  @Test
  void newFutureAfterCancelCompletes() throws Exception {
    for (int round = 0; round < 300; round++) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(PIPES);
      assertThat(p.onExit().cancel(true)).isTrue();
      CompletableFuture<Popen<byte[]>> again = p.onExit();
      child.exits(round);
      assertThat(again.get(10, SECONDS).returncode()).isEqualTo(round);
    }
  }

  @Test
  void closeBeforeTheExitFailsTheFuture() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    child.awaitStepWanting();
    Thread.currentThread().interrupt();
    p.close(); // does not wait
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure(future))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Popen is closed");
    assertThatIllegalStateException().isThrownBy(p::onExit).withMessage("this Popen is closed");
  }

  @Test
  void waitingCloseCompletesTheFuture() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    child.awaitStepWanting();
    child.exits(3);
    p.close();
    assertThat(future.get(10, SECONDS).returncode()).isEqualTo(3);
  }

  @Test
  void failedWaitFailsOnlyItsFuture() throws Exception {
    ScriptedChild child = child().fails(new IOException("no more memory"));
    Popen<byte[]> p = start(PIPES);
    assertThat(failure(p.onExit())).isInstanceOf(IOException.class).hasMessage("no more memory");
    child.exits(3);
    assertThat(p.onExit().get(10, SECONDS).returncode()).isEqualTo(3);
  }

  @Test
  void onExitDoesNotAnswerATimeout() throws Exception {
    ScriptedChild child = child();
    child.onSignal(_ -> child.exits(9));
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    p.close();
    assertThat(child.signals()).containsExactly(9);
    assertThat(future.get(10, SECONDS).returncode()).isEqualTo(9);
  }
}
