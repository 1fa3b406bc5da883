package io.github.jpopen.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Threads that take from a {@link Window} and one that closes it, in interleavings that Lincheck
 * chooses. What each call returns is what it returns in some order of the calls, so no byte is
 * taken twice, none is left out, and closing counts each.
 */
public class WindowInterleavingsTest {
  private static final int SCENARIOS = 6;
  private static final int INTERLEAVINGS =
      Integer.getInteger("io.github.jpopen.interleavings", 50);

  private final byte[] bytes = "ab\n\r\nc\nde\nf".getBytes(US_ASCII);
  private final Window window = new Window(bytes, 0, bytes.length, US_ASCII);
  private int closed = -1;

  /** One byte. */
  @Operation
  public int take() {
    return window.take();
  }

  /** Two bytes as a number; -1 if there are fewer. */
  @Operation
  public int takeTwo() {
    byte[] two = new byte[2];
    return window.take(two, 0, 2) ? two[0] << 8 | two[1] : -1;
  }

  /** One character. */
  @Operation
  public int takeCharacter() {
    return window.takeCharacter();
  }

  /** One line. */
  @Operation
  public @Nullable String takeLine() {
    return window.takeLine();
  }

  /** How many bytes were taken. A window is closed once, by one thread. */
  @Operation(nonParallelGroup = "closing")
  public int close() {
    if (closed < 0) {
      closed = window.close();
    }
    return closed;
  }

  @Test
  void eachByteIsTakenOnceAndCounted() {
    new ModelCheckingOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(INTERLEAVINGS)
        .threads(3)
        .actorsPerThread(2)
        .check(WindowInterleavingsTest.class);
  }

  @Test
  void closingCountsATakeOfThatMoment() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Window one = new Window(bytes, 0, bytes.length, US_ASCII);
          AtomicInteger taken = new AtomicInteger();
          Thread taker = new Thread(() -> taken.set(one.take() < 0 ? 0 : 1));
          taker.start();
          int counted = one.close();
          try {
            taker.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          if (counted != taken.get()) {
            throw new AssertionError("counted " + counted + ", taken " + taken);
          }
        });
  }
}
