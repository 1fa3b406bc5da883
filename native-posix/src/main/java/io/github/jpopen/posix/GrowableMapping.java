package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.MappedMemory;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.GrowableBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Off-heap output in a mapping that the kernel grows by moving pages, not bytes. */
final class GrowableMapping implements GrowableBuffer {
  private static final long FIRST_SIZE = 64 << 10;

  /** Below this much free space the mapping is grown. */
  private static final long LITTLE = 16 << 10;

  private final MappedMemory memory;
  private long size;

  GrowableMapping(Posix posix, Arena arena) {
    memory = new MappedMemory(posix, arena, FIRST_SIZE);
  }

  @Override
  public MemorySegment room() {
    long capacity = memory.size();
    if (capacity - size < LITTLE) {
      memory.resize(Math.multiplyExact(2, capacity));
    }
    return memory.segment(size, memory.size() - size);
  }

  @Override
  public void received(long bytes) {
    if (bytes < 0 || bytes > memory.size() - size) {
      throw new IllegalArgumentException(bytes + " bytes do not fit");
    }
    size += bytes;
  }

  @Override
  public void discard(long bytes) {
    MemorySegment content = content();
    content.copyFrom(content.asSlice(bytes));
    size -= bytes;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public MemorySegment content() {
    return memory.segment(0, size);
  }

  @Override
  public MemorySegment finish() {
    memory.resize(Math.max(1, size));
    return memory.segment(0, size);
  }
}
