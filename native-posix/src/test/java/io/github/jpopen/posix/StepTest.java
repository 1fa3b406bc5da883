package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.spi.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one step moves, and what ends its wait. */
class StepTest extends PosixTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MIB = 1 << 20;

  @Test
  void pastDeadlineLooksOnce() throws Exception {
    Talk talk = start(Requests.of("cat")).input(new byte[10]);
    talk.step(Duration.ZERO);
    assertThat(talk.sent()).isEqualTo(10);
    talk.step(Duration.ZERO);
    assertThat(talk.log()).contains("STDIN closed");
    talk.text();
  }

  @Test
  void waitEndsAtTheDeadline() throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    talk.step(Duration.ZERO);
    long start = System.nanoTime();
    assertThat(talk.run(Duration.ofMillis(60))).isFalse();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
  }

  @Test
  void stepMovesAtMostOneMebibyteAStream() throws Exception {
    Talk talk =
        start(
            Requests.shell("cat /dev/zero & cat /dev/zero >&2")
                .posix(true, OptionalInt.empty(), OptionalInt.empty()));
    for (int i = 0; i < 20; i++) {
      int before = talk.stdoutBytes().length;
      talk.step(LONG);
      assertThat(talk.stdoutBytes().length - before).isLessThanOrEqualTo(MIB);
    }
    assertThat(talk.stderr()).isNotEmpty();
    HOST.kill((int) -talk.child().pid(), HOST.numbers().SIGKILL());
  }

  @Test
  void muchOutputDoesNotHideTheExit() throws Exception {
    Talk talk = start(Requests.shell("cat /dev/zero & echo $! >&2; exit 6"));
    while (talk.status() == null) {
      talk.step(LONG);
    }
    assertThat(talk.status()).isEqualTo(new Exited(6));
    while (!talk.stderr().endsWith("\n")) {
      talk.step(LONG);
    }
    HOST.kill(Integer.parseInt(talk.stderr().strip()), HOST.numbers().SIGKILL());
    talk.text();
  }

  @Test
  void bytesMoveBothWaysAtOnce() throws Exception {
    byte[] input = new byte[8 * MIB + 3];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) (i * 31 + (i >> 12));
    }
    Talk talk = start(Requests.of("cat")).input(input);
    talk.text();
    assertThat(talk.stdoutBytes()).isEqualTo(input);
  }

  @Test
  void nativeInputIsSent() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment input = arena.allocate(3 * MIB).fill((byte) 'x');
      Talk talk = start(Requests.of("wc", "-c")).input(input);
      assertThat(talk.text()).isEqualTo(3 * MIB + "\n");
    }
  }

  @Test
  void inputInAClosedArenaFailsThatStreamOnly() throws Exception {
    Arena arena = Arena.ofShared();
    Talk talk = start(Requests.shell("cat; echo done")).input(arena.allocate(3 * MIB));
    arena.close();
    assertThat(talk.text()).isEqualTo("done\n");
    assertThat(talk.log()).contains("STDIN failed");
    assertThat(talk.failure())
        .hasMessageContaining("STDIN")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusedInputIsNotAnError() throws Exception {
    Talk talk = start(Requests.shell("exec <&-; echo early")).input(new byte[10 * MIB]);
    assertThat(talk.text()).isEqualTo("early\n");
    assertThat(talk.log()).contains("STDIN refused");
    assertThat(talk.failure()).isNull();
  }

  @Test
  void fullPipeReportsThatItsReaderIsGone() throws Exception {
    // poll(2) reports POLLERR only
    Talk talk = start(Requests.shell("read x; exec <&-; sleep 0.1"));
    talk.input(new byte[10 * MIB]);
    talk.step(LONG);
    talk.step(Duration.ZERO);
    assertThat(talk.sent()).isPositive();
    talk.child().signal(HOST.numbers().SIGKILL());
    talk.text();
    assertThat(talk.log()).contains("STDIN refused");
  }

  @Test
  void closedStdinIsSeenWithNothingToSend() throws Exception {
    Talk talk = start(Requests.shell("exec <&-; exec sleep 60")).idle();
    while (talk.log().isEmpty()) {
      talk.step(LONG);
    }
    assertThat(talk.log()).containsExactly("STDIN refused");
    assertThat(talk.status()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptEndsTheWait(boolean virtual) throws Exception {
    interruptedAfterWaiting(virtual); // the first interrupt of a JVM is slow
    for (int i = 0; i < 5; i++) {
      Duration took = interruptedAfterWaiting(virtual);
      assertThat(took).isLessThan(Duration.ofMillis(500));
    }
  }

  private Duration interruptedAfterWaiting(boolean virtual) throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    talk.step(Duration.ZERO);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    CountDownLatch waiting = new CountDownLatch(1);
    long[] ended = {0};
    boolean[] flag = {true};
    Runnable waits =
        () -> {
          waiting.countDown();
          try {
            while (true) {
              talk.step(LONG);
            }
          } catch (Throwable e) {
            ended[0] = System.nanoTime();
            thrown.set(e);
            flag[0] = Thread.currentThread().isInterrupted();
          }
        };
    Thread thread = virtual ? Thread.ofVirtual().start(waits) : Thread.ofPlatform().start(waits);
    waiting.await();
    Thread.sleep(20);
    long start = System.nanoTime();
    thread.interrupt();
    thread.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(flag[0]).isFalse();
    // The child does not know, and the object goes on.
    assertThat(talk.child().signal(0)).isTrue();
    talk.child().signal(HOST.numbers().SIGKILL());
    talk.text();
    return Duration.ofNanos(ended[0] - start);
  }

  @Test
  void earlierInterruptEndsTheStep() throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> talk.step(LONG)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void interruptIsSeenDuringMuchOutput() throws Exception {
    Talk talk = start(Requests.of("cat", "/dev/zero"));
    talk.step(LONG);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                talk.step(LONG);
              }
            })
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void wakeEndsARunningStep() throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    talk.step(Duration.ZERO);
    for (int i = 0; i < 20; i++) {
      CountDownLatch waiting = new CountDownLatch(1);
      Thread waker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      waiting.await();
                      Thread.sleep(2);
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    talk.child().wake();
                  });
      long start = System.nanoTime();
      waiting.countDown();
      talk.step(LONG);
      assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
      waker.join();
    }
  }

  @Test
  void wakeIsRememberedOnce() throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    talk.step(Duration.ZERO);
    talk.child().wake();
    talk.child().wake();
    talk.step(LONG);
    // and only once
    assertThat(talk.run(Duration.ofMillis(30))).isFalse();
  }

  @Test
  void unwantedOutputIsNotRead() throws Exception {
    Talk talk = start(Requests.of("cat", "/dev/zero")).idle();
    talk.step(Duration.ofMillis(30));
    assertThat(talk.stdoutBytes()).isEmpty();
  }

  @Test
  void waitingForNothingIsRefused() throws Exception {
    Talk talk = start(Requests.of("true"));
    talk.text();
    assertThatThrownBy(
            () -> {
              talk.step(LONG); // may end for a wake-up that is left over
              talk.step(LONG);
            })
        .isInstanceOf(IllegalStateException.class);
    talk.close();
    assertThatThrownBy(() -> talk.step(LONG)).isInstanceOf(IllegalStateException.class);
    talk.child().wake();
    talk.close();
  }

  @Test
  void outputGoesToNativeMemory() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      var buffer = platform.growable(arena);
      Talk talk = start(Requests.shell("head -c 5000000 /dev/zero")).room(buffer);
      talk.text();
      MemorySegment all = buffer.finish();
      assertThat(all.byteSize()).isEqualTo(5_000_000);
      assertThat(all.get(ValueLayout.JAVA_BYTE, 4_999_999)).isZero();
    }
  }

  @Test
  void childrenSharePollSets() throws Exception {
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      talks.add(start(Requests.of("cat")).input(new byte[100_000]));
    }
    int counters = faults.calls("eventCounter");
    for (Talk talk : talks) {
      talk.text();
    }
    assertThat(faults.calls("eventCounter") - counters).isLessThanOrEqualTo(2); // one the poller's
  }

  @Test
  void busyPipeGrowsOnce() throws Exception {
    Talk talk = start(Requests.shell("head -c 20000000 /dev/zero"));
    talk.text();
    assertThat(faults.calls("setPipeSize")).isLessThanOrEqualTo(1);
    assertThat(talk.stdoutBytes()).hasSize(20_000_000);
  }

  @Test
  void stepAcceptsNoDeadline() throws Exception {
    Talk talk = start(Requests.of("true"));
    while (!talk.isOver()) {
      talk.child().step(talk, Deadline.never());
    }
    assertThat(talk.status()).isEqualTo(new Exited(0));
  }
}
