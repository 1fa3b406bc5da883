package io.github.jpopen.windows.child;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers for operations in flight, in two sizes. Some are kept for reuse; the garbage collector
 * frees the others once no operation uses them.
 */
public final class TransferBuffers {
  /** The size of a large buffer, and the most that one operation moves. */
  static final int LARGE = 256 << 10;

  /** The size of a small buffer, for a child with little output. */
  static final int SMALL = 8 << 10;

  private static final int LARGE_KEPT = 16;
  private static final int SMALL_KEPT = 64;
  private static final int CACHE_LINE = 64;
  private static final byte POISON = (byte) 0xDD;

  private final ArrayBlockingQueue<MemorySegment> large;
  private final ArrayBlockingQueue<MemorySegment> small;
  private final boolean poison;

  TransferBuffers(boolean poison) {
    this(poison, LARGE_KEPT, SMALL_KEPT);
  }

  /**
   * Makes an empty store.
   *
   * @param poison whether buffers are overwritten when given back, and checked when taken
   * @param largeKept how many large buffers are kept
   * @param smallKept how many small ones
   */
  public TransferBuffers(boolean poison, int largeKept, int smallKept) {
    this.poison = poison;
    large = new ArrayBlockingQueue<>(largeKept);
    small = new ArrayBlockingQueue<>(smallKept);
  }

  /** Takes a buffer of one of the two sizes. */
  MemorySegment take(int size) {
    MemorySegment buffer = (size == LARGE ? large : small).poll();
    if (buffer == null) {
      return Arena.ofAuto().allocate(size, CACHE_LINE);
    }
    if (poison) {
      check(buffer);
    }
    return buffer;
  }

  /** Gives a buffer back that no operation uses. */
  void give(MemorySegment buffer) {
    if (poison) {
      buffer.fill(POISON);
    }
    (buffer.byteSize() == LARGE ? large : small).offer(buffer);
  }

  /** For tests: checks the poison of all buffers that are kept, and returns how many there are. */
  public int checkKept() {
    large.forEach(TransferBuffers::check);
    small.forEach(TransferBuffers::check);
    return large.size() + small.size();
  }

  private static void check(MemorySegment buffer) {
    for (long i = 0; i < buffer.byteSize(); i++) {
      if (buffer.get(ValueLayout.JAVA_BYTE, i) != POISON) {
        throw new IllegalStateException("a buffer was written to after its operation had ended");
      }
    }
  }
}
