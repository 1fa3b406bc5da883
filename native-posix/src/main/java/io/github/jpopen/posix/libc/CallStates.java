package io.github.jpopen.posix.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which a downcall captures errno: a few segments for the process, each used by one
 * thread at a time.
 *
 * <p>Not one segment for each thread, because there may be very many virtual threads. Not one for
 * all, because threads would read each other's errors.
 */
final class CallStates {
  private static final int SLOTS = 16;

  /** Except on Windows, errno is all that is captured. To ask the layout would be slow. */
  static final long ERRNO = 0;

  private final AtomicReferenceArray<@Nullable MemorySegment> free =
      new AtomicReferenceArray<>(SLOTS);

  private final MemorySegment reserve = make();
  private final ReentrantLock reserveInUse = new ReentrantLock();

  /** Takes a segment, or makes one. */
  MemorySegment take() {
    MemorySegment state = free.getAndSet(slot(), null);
    return state == null ? make() : state;
  }

  private static MemorySegment make() {
    return Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
  }

  /** Takes the last one, when there is no memory for another; waits until it is given back. */
  MemorySegment takeReserve() {
    reserveInUse.lock();
    return reserve;
  }

  /** Gives a segment back; a surplus one is left to the garbage collector. */
  void give(MemorySegment state) {
    if (reserveInUse.isHeldByCurrentThread()) {
      reserveInUse.unlock();
    } else {
      free.lazySet(slot(), state);
    }
  }

  static int errno(MemorySegment state) {
    return state.get(ValueLayout.JAVA_INT, ERRNO);
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }
}
