package io.github.jpopen.windows.child;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

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

  // Without a lock, whose queue would need carriers.
  private final AtomicReferenceArray<@Nullable MemorySegment> large;
  private final AtomicReferenceArray<@Nullable MemorySegment> small;
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
    large = new AtomicReferenceArray<>(largeKept);
    small = new AtomicReferenceArray<>(smallKept);
  }

  /** Takes a buffer of one of the two sizes. */
  MemorySegment take(int size) {
    MemorySegment buffer = taken(size == LARGE ? large : small);
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
    AtomicReferenceArray<@Nullable MemorySegment> kept = buffer.byteSize() == LARGE ? large : small;
    for (int i = 0; i < kept.length(); i++) {
      if (kept.get(i) == null && kept.compareAndSet(i, null, buffer)) {
        return;
      }
    }
  }

  private static @Nullable MemorySegment taken(AtomicReferenceArray<@Nullable MemorySegment> kept) {
    for (int i = 0; i < kept.length(); i++) {
      MemorySegment buffer = kept.get(i);
      if (buffer != null && kept.compareAndSet(i, buffer, null)) {
        return buffer;
      }
    }
    return null;
  }

  /** For tests: checks the poison of all buffers that are kept, and returns how many there are. */
  public int checkKept() {
    return checkKept(large) + checkKept(small);
  }

  private static int checkKept(AtomicReferenceArray<@Nullable MemorySegment> kept) {
    int count = 0;
    for (int i = 0; i < kept.length(); i++) {
      MemorySegment buffer = kept.get(i);
      if (buffer != null) {
        check(buffer);
        count++;
      }
    }
    return count;
  }

  private static void check(MemorySegment buffer) {
    for (long i = 0; i < buffer.byteSize(); i++) {
      if (buffer.get(ValueLayout.JAVA_BYTE, i) != POISON) {
        throw new IllegalStateException("a buffer was written to after its operation had ended");
      }
    }
  }
}
