package io.github.jpopen.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Memory for operations in flight: a few large pieces are kept, small ones are left to the garbage
 * collector, as is everything that an operation does not refer to any more.
 */
final class TransferBuffers {
  /** The size of a large piece, and the most that one operation moves. */
  static final int LARGE = 256 << 10;

  /** The size of a small piece, for a child that says little. */
  static final int SMALL = 8 << 10;

  private static final int KEPT = 16;
  private static final int CACHE_LINE = 64;
  private static final byte POISON = (byte) 0xDD;

  private final ArrayBlockingQueue<MemorySegment> free = new ArrayBlockingQueue<>(KEPT);
  private final boolean poison;

  TransferBuffers(boolean poison) {
    this.poison = poison;
  }

  MemorySegment take(int size) {
    MemorySegment buffer = size == LARGE ? free.poll() : null;
    if (buffer == null) {
      return Arena.ofAuto().allocate(size, CACHE_LINE);
    }
    if (poison) {
      check(buffer);
    }
    return buffer;
  }

  void give(MemorySegment buffer) {
    if (poison) {
      buffer.fill(POISON);
    }
    if (buffer.byteSize() == LARGE) {
      free.offer(buffer);
    }
  }

  private static void check(MemorySegment buffer) {
    for (long i = 0; i < LARGE; i++) {
      if (buffer.get(ValueLayout.JAVA_BYTE, i) != POISON) {
        throw new IllegalStateException("memory was written to after its operation ended");
      }
    }
  }
}
