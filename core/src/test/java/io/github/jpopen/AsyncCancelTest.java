package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.ThreadsTest.Kind;
import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.scripted.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelling communicateAsync interrupts it at once, kills no child and loses nothing. */
class AsyncCancelTest extends ScriptedTest {
  private static void awaitQuietly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        if (!latch.await(10, SECONDS)) {
          throw new AssertionError("not released");
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void cancelThatIsTooLateLetsTheNextCallEnter() throws Exception {
    child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    AsyncCommunicate<byte[]> call = new AsyncCommunicate<>(p.communicator(), null, null);
    Output<byte[]> output = call.call(); // has ended, and not left
    assertThatIllegalStateException().isThrownBy(p::communicate);
    call.tooLate();
    assertThat(timedOut(() -> p.communicate(Duration.ZERO)))
        .as("it waits for its turn")
        .isNotNull();
    call.ended(null, true);
    assertThat(p.communicate()).isSameAs(output);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancelInterruptsAndNextCallContinues(boolean mayInterrupt) throws Exception {
    ScriptedChild child = child().accepts(2).stdout("before ");
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> future = p.communicateAsync(Input.of("input"));
    child.awaitInput(2);
    assertThat(future.cancel(mayInterrupt)).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThat(future.cancel(mayInterrupt)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(future::join);
    child.readsInput().stdout("after").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("before after");
    assertThat(child.inputText()).isEqualTo("input");
    assertThat(child.signals()).isEmpty();
  }

  /**
   * A cancelled call leaves a moment after cancel has returned. The next call must wait for that
   * instead of being refused as a second thread in communicate.
   */
  @ParameterizedTest
  @EnumSource
  void callAfterCancelIsNeverRefused(Kind kind) throws Exception {
    for (int round = 0; round < 300; round++) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(PIPES);
      kind.call(
              () -> {
                assertThat(p.communicateAsync(Input.of("input")).cancel(true)).isTrue();
                timedOut(() -> p.communicate(NONE));
                assertThat(p.communicateAsync().cancel(true)).isTrue();
                CompletableFuture<Output<byte[]>> next = p.communicateAsync(LONG);
                child.readsInput().stdout("out").endsOutputs().exits(0);
                return next.get(10, SECONDS);
              })
          .result();
      assertThat(p.communicate().stdout()).asString().isEqualTo("out");
      assertThat(child.inputText()).isEqualTo("input");
    }
  }

  @Test
  void nextCallWaitsForSlowCancelledCall() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    ScriptedChild child =
        child()
            .writesMeanwhile(
                STDOUT,
                () -> {
                  held.countDown();
                  awaitQuietly(release);
                });
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> slow = p.communicateAsync();
    awaitQuietly(held);
    slow.cancel(true);

    TimeoutExpiredException e = timedOut(() -> p.communicate(Duration.ofMillis(10)));
    assertThat(e).as("it waits no longer than it may").isNotNull();
    Call<Output<byte[]>> waiting = Call.of(p::communicate).awaitParked();
    assertThatIllegalStateException()
        .as("but one at a time may wait")
        .isThrownBy(p::communicateAsync);
    waiting.interrupt();
    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
    CompletableFuture<Output<byte[]>> next = p.communicateAsync();
    next.cancel(true);
    CompletableFuture<Output<byte[]>> last = p.communicateAsync();
    release.countDown();
    child.stdout("rest").endsOutputs().exits(0);
    assertThat(last.get(10, SECONDS).stdout()).asString().isEqualTo("!rest");
  }

  @Test
  void stageOfCancelledFutureMayCallAgain() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> future = p.communicateAsync();
    child.awaitStepWanting(STDOUT, STDERR);
    AtomicReference<@Nullable Throwable> heard = new AtomicReference<>();
    CompletableFuture<?> _ =
        future.whenComplete((_, _) -> heard.set(timedOut(() -> p.communicate(NONE))));
    future.cancel(true);
    assertThat(heard.get()).isInstanceOf(TimeoutExpiredException.class);
    child.endsOutputs().exits(0);
    p.communicate();
  }

  @Test
  void orTimeoutInterrupts() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> future = p.communicateAsync().orTimeout(10, MILLISECONDS);
    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> future.get(10, SECONDS));
    assertThat(e).hasCauseInstanceOf(TimeoutException.class);
    child.stdout("all").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("all");
  }

  @Test
  void completingTheFutureEndsTheCall() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Output<byte[]> instead = new Output<>(null, null, true, true);
    CompletableFuture<Output<byte[]>> future = p.communicateAsync();
    assertThat(future.complete(instead)).isTrue();
    assertThat(future.join()).isSameAs(instead);
    child.stdout("all").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("all");
  }

  @Test
  void cancelAfterTheEndChangesNothing() throws Exception {
    child().stdout("all").endsOutputs().exits(0);
    CompletableFuture<Output<byte[]>> future = start(PIPES).communicateAsync();
    Output<byte[]> output = future.get(10, SECONDS);
    assertThat(future.cancel(true)).isFalse();
    assertThat(future.complete(new Output<>(null, null, true, true))).isFalse();
    assertThat(future.join()).isSameAs(output);
  }

  /**
   * The cancel may meet the call at any point, even while its timeout passes. Whichever comes
   * first, a close after a successful cancel must not wait for the child.
   */
  @Test
  void closeAfterCancelNeitherWaitsNorKills() throws Exception {
    for (int round = 0; round < 100; round++) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(PIPES);
      CompletableFuture<Output<byte[]>> future =
          p.communicateAsync(Duration.ofNanos(round * 10_000L));
      boolean cancelled = future.cancel(true);
      if (cancelled) {
        p.close(); // must not wait: the child does not exit
        assertThat(child.signals()).isEmpty();
        assertThat(child.closes()).isEqualTo(1);
      }
    }
  }

  /**
   * The source fails while a step runs, and the future is cancelled before that step ends. The
   * cancelled call can no longer report the failure, so the next one must.
   */
  @Test
  void nextCallReportsFailureDuringCancel() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Source source = new Source().gives("x");
    AtomicReference<@Nullable CompletableFuture<?>> running = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    child.accepts(1);
    child.writesMeanwhile(
        STDOUT,
        () -> {
          awaitQuietly(known);
          int wakes = child.wakes();
          source.fails(new IOException("disk on fire"));
          while (child.wakes() == wakes) {
            LockSupport.parkNanos(100_000); // until the failure has come through
          }
          CompletableFuture<?> future = running.get();
          assertThat(future != null && future.cancel(true)).isTrue();
        });
    running.set(p.communicateAsync(Input.stream(source)));
    known.countDown();
    Call<Output<byte[]>> next = Call.of(() -> communicateOnceCancelled(p, running));
    assertThat(next.failure())
        .isInstanceOf(SubprocessException.class)
        .hasMessage("the input of \"fake\" failed: disk on fire");
    assertThat(child.inputText()).isEqualTo("x"); // of either call
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("!");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
  }

  private static Output<byte[]> communicateOnceCancelled(
      Popen<byte[]> p, AtomicReference<@Nullable CompletableFuture<?>> running)
      throws IOException, InterruptedException {
    CompletableFuture<?> future = running.get();
    while (future != null && !future.isDone()) {
      LockSupport.parkNanos(100_000);
    }
    return p.communicate();
  }

  @Test
  void cancelInterruptsOpeningOfTheSource() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CountDownLatch opening = new CountDownLatch(1);
    Input stuck =
        Input.stream(
            () -> {
              opening.countDown();
              new CountDownLatch(1).await();
              return InputStream.nullInputStream();
            });
    CompletableFuture<Output<byte[]>> future = p.communicateAsync(stuck);
    awaitQuietly(opening);
    assertThat(future.cancel(true)).isTrue();
    child.readsInput().endsOutputs().exits(0);
    p.communicate(Input.of("again"));
    assertThat(child.inputText()).isEqualTo("again");
  }

  /**
   * The cancel races with the thread that opens the file. The input is fixed by the call, so the
   * next call must send the file in either case.
   */
  @Test
  void immediateCancelKeepsTheFileAsInput(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("input"), "of the file");
    for (int round = 0; round < 200; round++) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(PIPES);
      assertThat(p.communicateAsync(Input.file(file)).cancel(true)).isTrue();
      child.readsInput().endsOutputs().exits(0);
      p.communicate();
      assertThat(child.inputText()).isEqualTo("of the file");
    }
  }
}
