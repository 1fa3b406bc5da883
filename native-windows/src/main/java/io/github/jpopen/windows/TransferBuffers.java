package io.github.jpopen.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Memory for operations in flight: some pieces of two sizes are kept, the others are left to the
 * garbage collector, as is everything that an operation does not refer to any more.
 */
final class TransferBuffers {
  /** The size of a large piece, and the most that one operation moves. */
  static final int LARGE = 256 << 10;

  /** The size of a small piece, for a child that says little. */
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

  TransferBuffers(boolean poison, int largeKept, int smallKept) {
    this.poison = poison;
    large = new ArrayBlockingQueue<>(largeKept);
    small = new ArrayBlockingQueue<>(smallKept);
  }

  /** Takes a piece of one of the two sizes. */
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

  /** Gives a piece back that no operation refers to. */
  void give(MemorySegment buffer) {
    if (poison) {
      buffer.fill(POISON);
    }
    (buffer.byteSize() == LARGE ? large : small).offer(buffer);
  }

  /** Looks at all pieces that are kept, in poison mode; how many there are. */
  int checkKept() {
    large.forEach(TransferBuffers::check);
    small.forEach(TransferBuffers::check);
    return large.size() + small.size();
  }

  private static void check(MemorySegment buffer) {
    for (long i = 0; i < buffer.byteSize(); i++) {
      if (buffer.get(ValueLayout.JAVA_BYTE, i) != POISON) {
        throw new IllegalStateException("memory was written to after its operation ended");
      }
    }
  }
}
