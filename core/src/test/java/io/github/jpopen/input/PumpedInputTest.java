package io.github.jpopen.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread that reads a stream ahead. */
class PumpedInputTest {
  /** Delivers nothing until it is closed. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // it has no bytes
  private static final class Silent extends InputStream {
    final CountDownLatch read = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      read.countDown();
      try {
        closed.await();
        return -1;
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  /** Throws at its first read. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // it has no bytes
  private static final class Failing extends InputStream {
    @Override
    public int read() {
      throw new OutOfMemoryError("of the test");
    }
  }

  /** Reports counts that no read can have. */
  private static final class Lying extends InputStream {
    final CountDownLatch read = new CountDownLatch(1);
    private final int count;
    volatile Thread reader;

    Lying(int count) {
      this.count = count;
      this.reader = Thread.currentThread();
    }

    @Override
    public int read() {
      return -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      reader = Thread.currentThread();
      read.countDown();
      return count;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64 * 1024 + 1, Integer.MAX_VALUE, -2, Integer.MIN_VALUE})
  void countThatNoReadHasIsAFailure(int count) throws Exception {
    PumpedInput input = PumpedInput.leftOpen(new Lying(count), () -> {});
    CountDownLatch arrived = new CountDownLatch(1);
    input.begin(arrived::countDown);
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(input.failure())
        .isInstanceOf(IOException.class)
        .hasMessage("the stream has read " + count + " bytes into a buffer of 65536");
    input.close();
  }

  @Test
  void readOfNothingIsRepeatedAfterAPause() throws Exception {
    Lying nothing = new Lying(0);
    PumpedInput input = PumpedInput.leftOpen(nothing, () -> {});
    input.begin(() -> {});
    try {
      nothing.read.await();
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            while (nothing.reader.getState() != Thread.State.TIMED_WAITING) {
              Thread.onSpinWait();
            }
          });
    } finally {
      input.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void failureArrivesEvenIfWakingTheReaderFails(int failures) throws Exception {
    PumpedInput input = PumpedInput.leftOpen(new Failing(), () -> {});
    AtomicInteger left = new AtomicInteger(failures);
    CountDownLatch arrived = new CountDownLatch(1);
    input.begin(
        () -> {
          if (left.getAndDecrement() > 0) {
            throw new OutOfMemoryError("of the test");
          }
          arrived.countDown();
        });
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(input.failure()).isInstanceOf(OutOfMemoryError.class);
    assertThat(input.isExhausted()).isFalse();
    input.close();
  }

  @Test
  void silentStreamKeepsNothingOfAConversationThatIsOver() throws Exception {
    try (Silent silent = new Silent()) {
      WeakReference<byte[]> output = sentAndClosed(silent);
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            while (!output.refersTo(null)) {
              System.gc();
            }
          });
    }
  }

  private static WeakReference<byte[]> sentAndClosed(Silent silent) throws InterruptedException {
    byte[] output = new byte[1 << 20];
    PumpedInput input = PumpedInput.leftOpen(silent, () -> {});
    input.begin(() -> assertThat(output).isNotEmpty());
    silent.read.await();
    input.close();
    return new WeakReference<>(output);
  }
}
