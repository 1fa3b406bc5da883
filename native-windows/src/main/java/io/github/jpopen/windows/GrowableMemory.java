package io.github.jpopen.windows;

import io.github.jpopen.spi.GrowableBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Off-heap output in memory that doubles when it is full. */
final class GrowableMemory implements GrowableBuffer {
  private static final long FIRST_SIZE = 64 << 10;
  private static final long LITTLE = 16 << 10;

  private final Arena arena;
  private MemorySegment memory = allocate(FIRST_SIZE);
  private @Nullable MemorySegment finished;
  private long size;

  GrowableMemory(Arena arena) {
    this.arena = arena;
  }

  // Not in the caller's arena, which would keep each of the smaller segments until it is closed.
  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }

  private void checkAccess() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  @Override
  public MemorySegment room() {
    checkAccess();
    if (memory.byteSize() - size < LITTLE) {
      MemorySegment larger = allocate(Math.multiplyExact(2, memory.byteSize()));
      MemorySegment.copy(memory, 0, larger, 0, size);
      memory = larger;
    }
    return memory.asSlice(size);
  }

  @Override
  public void received(long bytes) {
    if (bytes < 0 || bytes > memory.byteSize() - size) {
      throw new IllegalArgumentException(bytes + " bytes do not fit");
    }
    size += bytes;
  }

  @Override
  public void discard(long bytes) {
    checkAccess();
    MemorySegment.copy(memory, bytes, memory, 0, size - bytes);
    size -= bytes;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public MemorySegment content() {
    checkAccess();
    MemorySegment whole = finished;
    return whole == null ? memory.asSlice(0, size) : whole;
  }

  @Override
  public MemorySegment finish() {
    MemorySegment whole = finished;
    if (whole == null) {
      whole = arena.allocate(Math.max(1, size), Long.BYTES).asSlice(0, size);
      MemorySegment.copy(memory, 0, whole, 0, size);
      finished = whole;
      memory = whole;
    }
    return whole;
  }
}
