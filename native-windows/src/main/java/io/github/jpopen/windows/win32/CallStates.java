package io.github.jpopen.windows.win32;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which a downcall captures GetLastError: a few segments for the process, each used
 * by one thread at a time. Initialised on Windows only.
 *
 * <p>A call takes a segment and passes it on with its result to {@link #done}, {@link #made} or
 * {@link #give}.
 */
final class CallStates {
  private static final int SLOTS = 16;
  private static final long LAST_ERROR =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("GetLastError"));
  private static final int FALSE = 0;

  private final AtomicReferenceArray<@Nullable MemorySegment> free =
      new AtomicReferenceArray<>(SLOTS);

  /** Takes a segment, or makes one. */
  MemorySegment take() {
    MemorySegment state = free.getAndSet(slot(), null);
    return state == null ? Arena.ofAuto().allocate(Linker.Option.captureStateLayout()) : state;
  }

  /** Gives a segment back; a surplus one is left to the garbage collector. */
  void give(MemorySegment state) {
    free.lazySet(slot(), state);
  }

  /** The error of a call that has failed, never 0. Gives the segment back. */
  int failed(MemorySegment state) {
    int error = state.get(ValueLayout.JAVA_INT, LAST_ERROR);
    give(state);
    return error == 0 ? Win32Errors.GEN_FAILURE : error;
  }

  /** The error of a call that returned this BOOL; 0 if there is none. Gives the segment back. */
  int done(int result, MemorySegment state) {
    if (result == FALSE) {
      return failed(state);
    }
    give(state);
    return 0;
  }

  /** Like {@link #done}, for a call that is one of several in a method. */
  void check(String call, int result, MemorySegment state) throws Win32Exception {
    int error = done(result, state);
    if (error != 0) {
      throw new Win32Exception(call, error);
    }
  }

  /** The handle that a call returned, or the negated error. Gives the segment back. */
  long made(MemorySegment handle, MemorySegment state) {
    long value = handle.address();
    if (value == 0 || value == -1) {
      return -failed(state);
    }
    give(state);
    return value;
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }
}
