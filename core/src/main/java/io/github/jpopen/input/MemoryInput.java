package io.github.jpopen.input;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Input that lies in memory in one piece, on the heap or off it. Counts bytes. */
public class MemoryInput extends InputSource {
  private final MemorySegment memory;
  private long offset;

  /**
   * Input over memory that the caller leaves unchanged until it was sent.
   *
   * @param memory not copied
   */
  public MemoryInput(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * Input over an array that the caller leaves unchanged until it was sent.
   *
   * @param bytes not copied
   * @return the input
   */
  public static MemoryInput of(byte[] bytes) {
    return new MemoryInput(MemorySegment.ofArray(bytes));
  }

  @Override
  public MemorySegment pending() {
    return failure() == null ? memory.asSlice(offset) : NOTHING;
  }

  @Override
  public void accepted(long bytes) {
    offset += bytes;
  }

  /**
   * How far the child's pipe has taken it.
   *
   * @return bytes
   */
  public long sent() {
    return offset;
  }

  @Override
  public boolean isExhausted() {
    return offset == memory.byteSize();
  }

  @Override
  public @Nullable Throwable failure() {
    return memory.scope().isAlive() || isExhausted()
        ? null
        : new IllegalStateException("the arena of the input was closed before all of it was sent");
  }

  @Override
  public boolean isAccessibleBy(Thread thread) {
    return memory.isAccessibleBy(thread);
  }
}
