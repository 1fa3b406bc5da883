package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import io.github.jpopen.TimeoutExpiredException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Conversations and exits as futures. */
public abstract class AsyncContract extends ContractTest {
  private static <R> R get(CompletableFuture<R> future) throws Exception {
    return future.get(LONG.toSeconds(), SECONDS);
  }

  private static Throwable failure(CompletableFuture<?> future) {
    ExecutionException e = catchThrowableOfType(ExecutionException.class, () -> get(future));
    return e.getCause() == null ? e : e.getCause();
  }

  @Test
  @Covers("promise 25")
  void asyncCallMovesMuchData() throws Exception {
    byte[] input = Pattern.bytes(4 << 20, 1);
    var p = start(child(catBoth(), exit(6)).stdin(PIPE).captureOutput());
    Output<byte[]> output = get(p.communicateAsync(Input.wrap(input), LONG));
    assertThat(Pattern.sha256(output.stdout())).isEqualTo(Pattern.sha256(input));
    assertThat(Pattern.sha256(output.stderr())).isEqualTo(Pattern.sha256(input));
    assertThat(p.returncode()).isEqualTo(6);
    assertThat(p.communicate()).isSameAs(output);
  }

  /**
   * A cancel may meet the call in a read, in a write, or between two of them. The next call must
   * continue at the same byte, and must not be refused while the cancelled one ends.
   */
  @Test
  @Covers("promise 25")
  void randomCancelsLoseNothing() throws Exception {
    long seed = System.nanoTime();
    RandomGenerator random = new SplittableRandom(seed);
    byte[] input = Pattern.bytes(4 << 20, (int) seed);
    int cancels = 0;
    for (int round = 0; round < 8; round++) {
      var p = start(child(cat(), sleep(30)).stdin(PIPE).stdout(PIPE));
      CompletableFuture<Output<byte[]>> call = p.communicateAsync(Input.wrap(input));
      LockSupport.parkNanos(random.nextLong(15_000_000));
      while (call.cancel(true)) {
        cancels++;
        call = p.communicateAsync(LONG); // at once: it is never refused
        LockSupport.parkNanos(random.nextLong(15_000_000));
      }
      assertThat(Pattern.sha256(get(call).stdout()))
          .as("seed %s", seed)
          .isEqualTo(Pattern.sha256(input));
      assertThat(p.returncode()).isZero();
    }
    assertThat(cancels).isPositive();
  }

  @Test
  @Covers("promise 25")
  void blockingCallContinuesAfterCancel() throws Exception {
    Path gate = gate("end");
    var p = start(child(out("a"), awaitFile(gate), out("b")).stdin(PIPE).stdout(PIPE));
    CompletableFuture<Output<byte[]>> call = p.communicateAsync();
    Duration took =
        time(
            () -> {
              assertThat(call.cancel(false)).isTrue();
              timedOut(() -> p.communicate(Duration.ZERO));
            });
    assertThat(took).isLessThan(LATE);
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("ab");
  }

  @Test
  @Covers("promise 25")
  void asyncTimeoutIsKeptAndLosesNothing() throws Exception {
    Path gate = gate("end");
    var p = start(child(out("a"), awaitFile(gate), out("b")).stdout(PIPE));
    timedOutWith(p, 1); // the child has started
    assertThat(failure(p.communicateAsync(Duration.ZERO))).isNotNull(); // and so has all of ours
    Duration took =
        time(
            () ->
                assertThat(failure(p.communicateAsync(SHORT)))
                    .isInstanceOf(TimeoutExpiredException.class));
    assertKept(SHORT, took);
    open(gate);
    assertThat(get(p.communicateAsync(LONG)).stdout()).asString().isEqualTo("ab");
  }

  @Test
  @Covers("promise 25")
  void manyRunsAtOnceSucceed() throws Exception {
    List<CompletableFuture<CompletedProcess<byte[]>>> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(child(cat(), exit(i)).input("input " + i).captureOutput().runAsync());
    }
    for (int i = 0; i < runs.size(); i++) {
      CompletedProcess<byte[]> completed = get(runs.get(i));
      assertThat(completed.stdout()).asString().isEqualTo("input " + i);
      assertThat(completed.returncode()).isEqualTo(i);
    }
  }

  @Test
  @Covers("promise 25")
  void runAsyncFailsLikeRun() {
    assertThat(failure(child(exit(4)).check().runAsync()))
        .isInstanceOf(CalledProcessException.class);
    Path nowhere = file("nowhere");
    assertThat(failure(child(exit(0)).cwd(nowhere).runAsync())).isInstanceOf(SpawnException.class);
    assertThat(failure(child(live()).timeout(SHORT).runAsync()))
        .isInstanceOf(TimeoutExpiredException.class);
  }

  @Test
  @Covers("promise 25")
  void cancelledRunKillsItsChild() throws Exception {
    Path alive = file("alive");
    CompletableFuture<CompletedProcess<byte[]>> run =
        child(touch(alive), live()).captureOutput().runAsync();
    await(alive);
    assertThat(run.cancel(true)).isTrue();
    if (Resources.COUNTABLE) { // otherwise children cannot be counted
      Eventually.await("the child is gone", () -> Resources.children().isEmpty());
    }
  }

  @Test
  @Covers("promise 25")
  void onExitCompletesWithTheChild() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(5)));
    List<CompletableFuture<Popen<byte[]>>> futures = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      futures.add(p.onExit());
    }
    assertThat(futures).noneMatch(CompletableFuture::isDone);
    assertThat(futures.getFirst().cancel(true)).isTrue();
    open(gate);
    for (var future : futures.subList(1, 10)) {
      assertThat(get(future).returncode()).isEqualTo(5);
    }
    assertThat(p.onExit()).isCompletedWithValue(p);
  }

  @Test
  @Covers("promise 25")
  void onExitCompletesForAnUnseenDeath() throws Exception {
    var p = start(child(exit(5)));
    awaitDeath(p.pid());
    assertThat(get(p.onExit()).returncode()).isEqualTo(5);
  }

  @Test
  @Covers("promise 25")
  void awaitAnyAndAwaitAllSeeEveryExit() throws Exception {
    List<Path> gates = List.of(gate("0"), gate("1"), gate("2"));
    List<Popen<byte[]>> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(start(child(awaitFile(gates.get(i)), exit(10 + i))));
    }
    assertThat(Popen.awaitAny(children, Duration.ZERO)).isEmpty();
    assertKept(SHORT, time(() -> assertThat(Popen.awaitAny(children, SHORT)).isEmpty()));
    assertKept(SHORT, time(() -> assertThat(Popen.awaitAll(children, SHORT)).isFalse()));
    for (int i : new int[] {1, 2, 0}) {
      open(gates.get(i));
      Popen<byte[]> ended = Popen.awaitAny(children, LONG).orElseThrow();
      assertThat(ended.returncode()).isEqualTo(10 + i);
      assertThat(ended)
          .isSameAs(children.stream().filter(c -> c.poll().isPresent()).findFirst().orElseThrow());
      children.remove(ended);
    }
    assertThat(Popen.awaitAny(children, LONG)).isEmpty();
  }

  @Test
  @Covers("promise 25")
  void manyThreadsAwaitManyChildren() throws Exception {
    Path gate = gate("end");
    List<Popen<byte[]>> children = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      children.add(start(child(awaitFile(gate), exit(i))));
    }
    List<Background<Boolean>> all = new ArrayList<>();
    List<Background<Boolean>> any = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(Background.start(Background.Kind.inTurn(i), () -> Popen.awaitAll(children, LONG)));
      any.add(
          Background.start(
              Background.Kind.inTurn(i), () -> Popen.awaitAny(children, LONG).isPresent()));
    }
    open(gate);
    for (Background<Boolean> waiting : any) {
      assertThat(waiting.result()).isTrue();
    }
    for (Background<Boolean> waiting : all) {
      assertThat(waiting.result()).isTrue();
    }
    for (int i = 0; i < 12; i++) {
      assertThat(children.get(i).returncode()).isEqualTo(i);
    }
  }
}
