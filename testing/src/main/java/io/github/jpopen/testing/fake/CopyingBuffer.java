package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.GrowableBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Off-heap output where no native module is present: it grows by copying. */
final class CopyingBuffer implements GrowableBuffer {
  private final Arena arena;
  private MemorySegment memory;
  private long size;

  CopyingBuffer(Arena arena) {
    this.arena = arena;
    this.memory = arena.allocate(4096);
  }

  @Override
  public MemorySegment room() {
    if (size == memory.byteSize()) {
      MemorySegment larger = arena.allocate(2 * size);
      memory = larger.copyFrom(memory);
    }
    return memory.asSlice(size);
  }

  @Override
  public void received(long bytes) {
    size += bytes;
  }

  @Override
  public void discard(long bytes) {
    MemorySegment.copy(memory, bytes, memory, 0, size - bytes);
    size -= bytes;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public MemorySegment content() {
    return memory.asSlice(0, size);
  }

  @Override
  public MemorySegment finish() {
    return content();
  }
}
