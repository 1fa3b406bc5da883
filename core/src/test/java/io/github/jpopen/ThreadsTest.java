package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads use one Popen; one of them steps at a time, which the scripted child checks. */
class ThreadsTest extends ScriptedTest {

  /** The kinds of thread; both must behave alike. */
  enum Kind {
    PLATFORM,
    VIRTUAL;

    <R> Call<R> call(Callable<R> what) {
      return this == PLATFORM ? Call.of(what) : Call.virtual(what);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pollWorksDuringCommunicate(Kind kind) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = kind.call(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    for (int i = 0; i < 100; i++) {
      assertThat(p.poll()).isEmpty();
    }
    child.exits(4);
    while (p.poll().isEmpty()) {
      Thread.onSpinWait();
    }
    child.endsOutputs();
    talking.result();
  }

  @Test
  void timedWaitEndsDuringCommunicate() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThat(timedOut(() -> p.waitFor(Duration.ofMillis(10)))).isNotNull();
    assertThat(p.poll(Duration.ofMillis(10))).isEmpty();
    child.endsOutputs().exits(0);
    talking.result();
  }

  @Test
  void timedWaitEndsDuringEndlessWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> waiting = Call.of(p::waitFor);
    child.awaitStepWanting();
    assertThat(timedOut(() -> p.waitFor(Duration.ofMillis(10)))).isNotNull();
    assertThat(p.poll()).isEmpty();
    child.exits(9);
    assertThat(waiting.result()).isEqualTo(9);
  }

  @Test
  void timedCommunicateEndsDuringBlockedWrite() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Void> writing =
        Call.of(
            () -> {
              p.stdin().write('x');
              p.stdin().flush();
              return null;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    assertThat(timedOut(() -> p.communicate(Duration.ofMillis(10)))).isNotNull();
    child.accepts(1).endsOutputs().exits(0);
    p.communicate();
    writing.result();
    assertThat(child.inputText()).isEqualTo("x");
  }

  @ParameterizedTest
  @EnumSource
  void communicateTakesOverFromWaitFor(Kind kind) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> waiting = kind.call(p::waitFor);
    child.awaitStepWanting(); // it moves no byte
    Call<Output<byte[]>> talking = kind.call(() -> p.communicate("in".getBytes(UTF_8)));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    child.accepts(2).stdout("out").endsOutputs();
    child.awaitStepWanting();
    child.exits(6);
    assertThat(talking.result().stdout()).asString().isEqualTo("out");
    assertThat(waiting.result()).isEqualTo(6);
  }

  @Test
  void platformThreadStepsInPlaceOfAVirtualOneThatWaits() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.virtual(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    Call<Integer> waiting = Call.of(p::waitFor);
    while (!child.steps().getLast().thread().equals(waiting.thread())) {
      Thread.onSpinWait();
    }
    child.awaitStepWanting(STDOUT, STDERR); // it moves bytes for the other
    child.stdout("out").endsOutputs().exits(6);
    assertThat(waiting.result()).isEqualTo(6);
    assertThat(talking.result().stdout()).asString().isEqualTo("out");
  }

  @Test
  void threadDoesNotStepForBytesWhoseMemoryItMayNotTouch() throws Exception {
    ScriptedChild child = child();
    CountDownLatch started = new CountDownLatch(1);
    AtomicReference<@Nullable Popen<?>> popen = new AtomicReference<>();
    Call<Integer> talking =
        Call.virtual(
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                Popen<?> p = start(PIPES.offHeap(arena));
                popen.set(p);
                started.countDown();
                p.communicate();
                return p.returncode();
              }
            });
    started.await();
    child.awaitStepWanting(STDOUT, STDERR);
    Popen<?> p = Objects.requireNonNull(popen.get());
    Call<Integer> waiting = Call.of(p::waitFor);
    assertThat(p.poll(Duration.ofMillis(100))).isEmpty();
    child.awaitStepWanting(STDOUT, STDERR);
    child.stdout("out").endsOutputs().exits(6);
    assertThat(talking.result()).isEqualTo(6);
    assertThat(waiting.result()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  void closeDoesNotWaitForAVirtualThreadThatWaits(Kind kind) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES.killOnClose());
    child.onSignal(_ -> child.diesNow(new Killed(9, false)));
    Call<Integer> waiting = Call.virtual(p::waitFor);
    child.awaitStepWanting();
    kind.call(
            () -> {
              p.close();
              return true;
            })
        .result();
    assertThat(waiting.result()).isEqualTo(-9);
  }

  @Test
  void readTakesOverFromWaitFor() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> waiting = Call.of(p::waitFor);
    child.awaitStepWanting();
    Call<Integer> reading = Call.of(() -> p.stdout().read());
    child.awaitStepWanting(STDOUT, STDERR);
    child.stdout("x");
    assertThat(reading.result()).isEqualTo('x');
    child.awaitStepWanting();
    child.exits(0);
    assertThat(waiting.result()).isZero();
  }

  @Test
  void waitForContinuesAfterTimedCommunicate() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> waiting = Call.of(p::waitFor);
    child.awaitStepWanting();
    timedOut(() -> p.communicate(Duration.ofMillis(10)));
    child.awaitStepWanting();
    assertThat(child.steps().getLast().thread()).isEqualTo(waiting.thread());
    child.exits(0);
    assertThat(waiting.result()).isZero();
  }

  @Test
  void waitForContinuesAfterInterruptedCommunicate() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    Call<Integer> waiting = Call.of(p::waitFor).awaitParked();
    talking.interrupt();
    assertThat(talking.failure()).isInstanceOf(InterruptedException.class);
    child.awaitStepWanting();
    child.exits(0);
    assertThat(waiting.result()).isZero();
  }

  @Test
  void parkedWaitCanBeInterrupted() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    Call<Integer> waiting = Call.of(p::waitFor).awaitParked();
    waiting.interrupt();
    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
    assertThat(talking.isDone()).isFalse();
    child.endsOutputs().exits(0);
    talking.result();
  }

  @Test
  void allWaitersSeeTheExit() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    List<Call<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(i % 2 == 0 ? Call.of(p::waitFor) : Call.virtual(p::waitFor));
    }
    child.awaitStepWanting();
    child.exits(8);
    for (Call<Integer> call : waiting) {
      assertThat(call.result()).isEqualTo(8);
    }
  }

  @Test
  void twoReadersGetTheirOwnStreams() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<byte[]> out = Call.of(() -> p.stdout().readAllBytes());
    Call<byte[]> err = Call.of(() -> p.stderr().readAllBytes());
    out.awaitParked();
    err.awaitParked();
    child.stderr("e1").stdout("o1").ends(STDERR);
    assertThat(err.result()).asString().isEqualTo("e1");
    child.stdout("o2").ends(STDOUT);
    assertThat(out.result()).asString().isEqualTo("o1o2");
  }

  @Test
  void closeEndsCommunicateOfAnotherThread() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    Call<Void> closing =
        Call.of(
            () -> {
              p.close();
              return null;
            });
    child.awaitStepWanting();
    assertThat(child.isClosedByCore(STDOUT)).isTrue();
    assertThat(child.isClosedByCore(STDERR)).isTrue();
    child.exits(0);
    closing.result();
    assertThat(talking.failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Popen is closed");
    assertThat(child.closes()).isEqualTo(1);
  }

  /**
   * After the exit, a step waits for output only. close must end that step even if it asks for the
   * pipe to be closed before the step has looked at the pipes that it waits for.
   */
  @Test
  void closeEndsAStepThatIsAboutToBegin() throws Exception {
    ScriptedChild child = child().exits(0);
    Popen<byte[]> p = start(Command.of("fake").stdout(Redirect.PIPE));
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT);
    AtomicReference<@Nullable Call<Boolean>> closing = new AtomicReference<>();
    child.beforeAsking(
        () -> {
          int wakes = child.wakes();
          closing.set(
              Call.of(
                  () -> {
                    p.close();
                    return true;
                  }));
          while (child.wakes() == wakes) {
            Thread.onSpinWait(); // until close wants the pipe closed for which the step waits
          }
        });
    child.stdout("x"); // ends the step, and the next begins
    assertThat(talking.failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Popen is closed");
    assertThat(closing.get()).isNotNull();
    assertThat(child.isClosedByCore(STDOUT)).isTrue();
  }

  @Test
  void interruptedCloseEndsAllWaits() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> waiting = Call.of(p::waitFor);
    child.awaitStepWanting();
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(waiting.failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Popen is closed");
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void killNeverWaitsForTheStepper() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    int wakes = child.wakes();
    assertThat(p.kill()).isTrue();
    assertThat(child.signals()).containsExactly(9);
    assertThat(child.wakes()).isEqualTo(wakes);
    child.endsOutputs().exits(0);
    talking.result();
  }

  /**
   * Threads that communicate, wait, poll and signal take turns in stepping the child. If a turn is
   * not passed on, a thread waits for ever; if two step at once, the scripted child reports it.
   */
  @ParameterizedTest
  @EnumSource
  void manyThreadsUseOneChildAtOnce(Kind kind) throws Exception {
    for (int round = 0; round < 50; round++) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(PIPES);
      byte[] input = new byte[100_000];
      List<Call<?>> others = new ArrayList<>();
      Call<Output<byte[]>> talking = kind.call(() -> p.communicate(input));
      others.add(kind.call(p::waitFor));
      others.add(kind.call(() -> p.poll(Duration.ofMillis(1))));
      others.add(kind.call(p::terminate));
      Call<Integer> interrupted = kind.call(p::waitFor);
      for (int i = 0; i < 20; i++) {
        child.stdout("o").stderr("e");
        others.add(kind.call(p::poll));
      }
      interrupted.interrupt();
      child.endsOutputs().exits(1);
      Output<byte[]> output = talking.result();
      assertThat(output.stdout()).hasSize(20);
      assertThat(output.stderr()).hasSize(20);
      assertThat(child.input()).hasSameSizeAs(input);
      for (Call<?> other : others) {
        other.result();
      }
    }
  }
}
