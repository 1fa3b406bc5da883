package io.github.jpopen.scripted;

import io.github.jpopen.spi.GrowableBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Off-heap output that grows by copying, in small steps so that tests see it move. */
final class ScriptedBuffer implements GrowableBuffer {
  private final Arena arena;
  private MemorySegment memory;
  private long size;

  ScriptedBuffer(Arena arena) {
    this.arena = arena;
    this.memory = arena.allocate(16);
  }

  @Override
  public MemorySegment room() {
    if (size == memory.byteSize()) {
      MemorySegment larger = arena.allocate(2 * size);
      larger.copyFrom(memory);
      memory.fill((byte) 'x'); // shows a use of the old memory
      memory = larger;
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
    memory.asSlice(size).fill((byte) 'x');
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
