package io.github.jpopen.posix.child;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;

/** Keeps a few pieces of native memory for bytes on their way between a pipe and the heap. */
final class TransferBuffers {
  /** The size of each piece. */
  static final int SIZE = 256 << 10;

  private static final int KEPT = 8;
  private static final int CACHE_LINE = 64;

  private final ArrayBlockingQueue<MemorySegment> free = new ArrayBlockingQueue<>(KEPT);

  MemorySegment take() {
    MemorySegment buffer = free.poll();
    return buffer == null ? Arena.ofAuto().allocate(SIZE, CACHE_LINE) : buffer;
  }

  void give(MemorySegment buffer) {
    free.offer(buffer); // one too many is left to the garbage collector
  }
}
