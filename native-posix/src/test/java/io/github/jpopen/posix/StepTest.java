package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination.Exited;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    StepDriver driver = start(SpawnRequests.of("cat")).input(new byte[10]);
    driver.step(Duration.ZERO);
    assertThat(driver.sent()).isEqualTo(10);
    driver.step(Duration.ZERO);
    assertThat(driver.log()).contains("STDIN closed");
    driver.text();
  }

  @Test
  void waitEndsAtTheDeadline() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO);
    long start = System.nanoTime();
    assertThat(driver.run(Duration.ofMillis(60))).isFalse();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
  }

  @Test
  void stepMovesAtMostOneMebibyteAStream() throws Exception {
    StepDriver driver =
        start(SpawnRequests.shell("cat /dev/zero & cat /dev/zero >&2").newSession());
    for (int i = 0; i < 20; i++) {
      int before = driver.stdoutBytes().length;
      driver.step(LONG);
      assertThat(driver.stdoutBytes().length - before).isLessThanOrEqualTo(MIB);
    }
    assertThat(driver.stderr()).isNotEmpty();
    HOST.kill((int) -driver.child().pid(), HOST.constants().SIGKILL());
  }

  @Test
  void muchOutputDoesNotHideTheExit() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("cat /dev/zero & echo $! >&2; exit 6"));
    while (driver.status() == null) {
      driver.step(LONG);
    }
    assertThat(driver.status()).isEqualTo(new Exited(6));
    while (!driver.stderr().endsWith("\n")) {
      driver.step(LONG);
    }
    HOST.kill(Integer.parseInt(driver.stderr().strip()), HOST.constants().SIGKILL());
    driver.text();
  }

  @Test
  void bytesMoveBothWaysAtOnce() throws Exception {
    byte[] input = new byte[8 * MIB + 3];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) (i * 31 + (i >> 12));
    }
    StepDriver driver = start(SpawnRequests.of("cat")).input(input);
    driver.text();
    assertThat(driver.stdoutBytes()).isEqualTo(input);
  }

  @Test
  void nativeInputIsSent() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment input = arena.allocate(3 * MIB).fill((byte) 'x');
      StepDriver driver = start(SpawnRequests.of("wc", "-c")).input(input);
      assertThat(driver.text()).isEqualTo(3 * MIB + "\n");
    }
  }

  @Test
  void inputInAClosedArenaFailsThatStreamOnly() throws Exception {
    Arena arena = Arena.ofShared();
    StepDriver driver = start(SpawnRequests.shell("cat; echo done")).input(arena.allocate(3 * MIB));
    arena.close();
    assertThat(driver.text()).isEqualTo("done\n");
    assertThat(driver.log()).contains("STDIN failed");
    assertThat(driver.failure())
        .hasMessageContaining("STDIN")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusedInputIsNotAnError() throws Exception {
    StepDriver driver =
        start(SpawnRequests.shell("exec <&-; echo early")).input(new byte[10 * MIB]);
    assertThat(driver.text()).isEqualTo("early\n");
    assertThat(driver.log()).contains("STDIN refused");
    assertThat(driver.failure()).isNull();
  }

  @Test
  void fullPipeReportsThatItsReaderIsGone() throws Exception {
    // poll(2) reports POLLERR only
    StepDriver driver = start(SpawnRequests.shell("read x; exec <&-; sleep 0.1"));
    driver.input(new byte[10 * MIB]);
    driver.step(LONG);
    driver.step(Duration.ZERO);
    assertThat(driver.sent()).isPositive();
    driver.child().signal(HOST.constants().SIGKILL());
    driver.text();
    assertThat(driver.log()).contains("STDIN refused");
  }

  @Test
  void closedStdinIsSeenWithNothingToSend() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("exec <&-; exec sleep 60")).idle();
    while (driver.log().isEmpty()) {
      driver.step(LONG);
    }
    assertThat(driver.log()).containsExactly("STDIN refused");
    assertThat(driver.status()).isNull();
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
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    CountDownLatch waiting = new CountDownLatch(1);
    long[] ended = {0};
    boolean[] flag = {true};
    Runnable waits =
        () -> {
          waiting.countDown();
          try {
            while (true) {
              driver.step(LONG);
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
    assertThat(driver.child().signal(0)).isTrue();
    driver.child().signal(HOST.constants().SIGKILL());
    driver.text();
    return Duration.ofNanos(ended[0] - start);
  }

  @Test
  void earlierInterruptEndsTheStep() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> driver.step(LONG)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void interruptIsSeenDuringMuchOutput() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cat", "/dev/zero"));
    driver.step(LONG);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                driver.step(LONG);
              }
            })
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void wakeEndsARunningStep() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO);
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
                    driver.child().wake();
                  });
      long start = System.nanoTime();
      waiting.countDown();
      driver.step(LONG);
      assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
      waker.join();
    }
  }

  @Test
  void wakeIsRememberedOnce() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO);
    driver.child().wake();
    driver.child().wake();
    driver.step(LONG);
    // and only once
    assertThat(driver.run(Duration.ofMillis(30))).isFalse();
  }

  @Test
  void unwantedOutputIsNotRead() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cat", "/dev/zero")).idle();
    driver.step(Duration.ofMillis(30));
    assertThat(driver.stdoutBytes()).isEmpty();
  }

  @Test
  void waitingForNothingIsRefused() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true"));
    driver.text();
    assertThatThrownBy(
            () -> {
              driver.step(LONG); // may end for a wake-up that is left over
              driver.step(LONG);
            })
        .isInstanceOf(IllegalStateException.class);
    driver.close();
    assertThatThrownBy(() -> driver.step(LONG)).isInstanceOf(IllegalStateException.class);
    driver.child().wake();
    driver.close();
  }

  @Test
  void outputGoesToNativeMemory() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      var buffer = platform.growable(arena);
      StepDriver driver = start(SpawnRequests.shell("head -c 5000000 /dev/zero")).room(buffer);
      driver.text();
      MemorySegment all = buffer.finish();
      assertThat(all.byteSize()).isEqualTo(5_000_000);
      assertThat(all.get(ValueLayout.JAVA_BYTE, 4_999_999)).isZero();
    }
  }

  @Test
  void childrenSharePollSets() throws Exception {
    List<StepDriver> drivers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      drivers.add(start(SpawnRequests.of("cat")).input(new byte[100_000]));
    }
    int counters = faults.calls("eventCounter");
    for (StepDriver driver : drivers) {
      driver.text();
    }
    assertThat(faults.calls("eventCounter") - counters).isLessThanOrEqualTo(2); // one the poller's
  }

  @Test
  void busyPipeGrowsOnce() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("head -c 20000000 /dev/zero"));
    driver.text();
    assertThat(faults.calls("setPipeSize")).isLessThanOrEqualTo(1);
    assertThat(driver.stdoutBytes()).hasSize(20_000_000);
  }

  @Test
  void stepAcceptsNoDeadline() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true"));
    while (!driver.isOver()) {
      driver.child().step(driver, Deadline.never());
    }
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }
}
