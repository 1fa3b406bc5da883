package io.github.jpopen.windows.win32;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The memory a downcall saves GetLastError in: a few pieces for the process, each used by one
 * thread at a time. Initialised on Windows only.
 */
final class CallStates {
  private static final int SLOTS = 16;
  private static final long LAST_ERROR =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("GetLastError"));
  private static final int UNSAID = 31;

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

  /** Gives the piece back and answers what a failed call said; never 0. */
  int failed(MemorySegment state) {
    int error = state.get(ValueLayout.JAVA_INT, LAST_ERROR);
    give(state);
    return error == 0 ? UNSAID : error; // ERROR_GEN_FAILURE
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }
}
