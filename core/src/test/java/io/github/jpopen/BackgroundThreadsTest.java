package io.github.jpopen;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.concurrent.AsyncCall;
import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One error on a background thread leaves no thread waiting, and the next call works. */
class BackgroundThreadsTest extends ScriptedTest {
  static Stream<Throwable> errors() {
    return Stream.of(
        new OutOfMemoryError("of the test"),
        new StackOverflowError("of the test"),
        new IllegalArgumentException("of the test"),
        new java.io.IOException("of the test"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void everyFutureOfTheExitFailsAndTheNextOneWorks(Throwable error) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    List<CompletableFuture<Popen<byte[]>>> futures = List.of(p.onExit(), p.onExit(), p.onExit());
    child.awaitStep();
    child.fails(error);
    for (CompletableFuture<Popen<byte[]>> future : futures) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> future.get(10, SECONDS))
          .withCause(error);
    }
    CompletableFuture<Popen<byte[]>> next = p.onExit();
    child.exits(3);
    assertThat(next.get(10, SECONDS).returncode()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void awaitAnyThrowsAndTheNextOneWorks(Throwable error) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Optional<Popen<byte[]>>> waiting = Call.of(() -> Popen.awaitAny(List.of(p), LONG));
    child.awaitStep();
    child.fails(error);
    assertThat(waiting.failure()).hasStackTraceContaining("of the test");
    child.exits(3);
    assertThat(Popen.awaitAny(List.of(p), LONG)).contains(p);
  }

  @Test
  void listenersThatThrowAreCalledAgainAndTheOthersAsWell() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CountDownLatch called = new CountDownLatch(9);
    for (int i = 0; i < 3; i++) {
      AtomicInteger calls = new AtomicInteger();
      p.exit()
          .add(
              _ -> {
                called.countDown();
                if (calls.incrementAndGet() < 3) {
                  throw new OutOfMemoryError("of the test");
                }
              });
    }
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    child.exits(3);
    assertThat(future.get(10, SECONDS).returncode()).isEqualTo(3);
    assertThat(called.await(10, SECONDS)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void asyncCallFailsAndTheNextOneWorks(Throwable error) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    CompletableFuture<Output<byte[]>> future = p.communicateAsync();
    child.awaitStep();
    child.fails(error);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> future.get(10, SECONDS))
        .withStackTraceContaining("of the test");
    child.endsOutputs().exits(3);
    var _ = p.communicateAsync().get(10, SECONDS);
  }

  @Test
  void asyncCallCompletesEvenIfItsEndThrows() throws Exception {
    for (boolean fails : List.of(false, true)) {
      AsyncCall<String> call = new AsyncCall<>("test", new ThrowsAtTheEnd(fails));
      call.thread().setUncaughtExceptionHandler((_, _) -> {});
      var _ = call.start();
      assertThat(call.handle((result, failure) -> result + " " + failure).get(10, SECONDS))
          .isEqualTo(fails ? "null java.lang.OutOfMemoryError: of the test" : "result null");
    }
  }

  private record ThrowsAtTheEnd(boolean fails) implements AsyncCall.Task<String> {
    @Override
    public String call() {
      if (fails) {
        throw new OutOfMemoryError("of the test");
      }
      return "result";
    }

    @Override
    public void ended(@Nullable Throwable failure, boolean wanted) {
      throw new StackOverflowError("at the end");
    }
  }

  @Test
  void failedCallOfAnErrorLeavesTheOthersUsable() throws Exception {
    List<CompletableFuture<Popen<byte[]>>> futures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(PIPES);
      futures.add(p.onExit());
      child.awaitStep();
      if (i % 2 == 0) {
        child.fails(new OutOfMemoryError("of the test"));
      } else {
        child.exits(i);
      }
    }
    for (int i = 1; i < 20; i += 2) {
      assertThat(futures.get(i).get(10, SECONDS).returncode()).isEqualTo(i);
    }
  }
}
