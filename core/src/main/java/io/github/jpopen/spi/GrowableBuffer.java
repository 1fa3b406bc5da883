package io.github.jpopen.spi;

import java.lang.foreign.MemorySegment;

/**
 * Off-heap output of any size in one piece, in memory that grows in place.
 *
 * <p>Not thread-safe; used by one thread at a time, and only by threads that may access its arena.
 */
public interface GrowableBuffer {

  /**
   * Free space after the bytes received so far, growing the buffer when there is little left.
   *
   * @return a native segment of at least one byte, valid until the next {@code room}, {@link
   *     #discard} or {@link #finish}
   */
  MemorySegment room();

  /**
   * The first bytes of {@link #room} were filled.
   *
   * @param bytes how many
   */
  void received(long bytes);

  /**
   * Forgets the first bytes; those that follow move to the front. Not after {@link #finish}.
   *
   * @param bytes how many, at most {@link #size}
   */
  void discard(long bytes);

  /**
   * How many bytes were received and not discarded.
   *
   * @return the size in bytes
   */
  long size();

  /**
   * The bytes received and not discarded so far.
   *
   * @return a native segment, valid until the next {@link #room} or {@link #discard}
   */
  MemorySegment content();

  /**
   * Trims the buffer.
   *
   * @return exactly the bytes received and not discarded, alive as long as the arena
   */
  MemorySegment finish();
}
