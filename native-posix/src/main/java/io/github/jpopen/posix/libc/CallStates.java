package io.github.jpopen.posix.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The memory a downcall saves errno in: a few pieces for the process, each used by one thread at a
 * time.
 *
 * <p>Not one a thread, because threads may be virtual and many; and not one for all, because two
 * threads would read each other's errors.
 */
final class CallStates {
  private static final int SLOTS = 16;

  /**
   * Off Windows errno is all that is captured. Asking the layout by name costs a fresh JVM
   * milliseconds.
   */
  static final long ERRNO = 0;

  private final AtomicReferenceArray<@Nullable MemorySegment> free =
      new AtomicReferenceArray<>(SLOTS);

  /** Takes a piece, or makes one. */
  MemorySegment take() {
    MemorySegment state = free.getAndSet(slot(), null);
    return state == null ? Arena.ofAuto().allocate(Linker.Option.captureStateLayout()) : state;
  }

  /** Gives a piece back; one too many is left to the garbage collector. */
  void give(MemorySegment state) {
    free.lazySet(slot(), state);
  }

  static int errno(MemorySegment state) {
    return state.get(ValueLayout.JAVA_INT, ERRNO);
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }
}
