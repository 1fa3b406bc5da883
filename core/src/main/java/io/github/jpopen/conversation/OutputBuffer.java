package io.github.jpopen.conversation;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The bytes of one output that have come and were not consumed. Their only owner, for streams and
 * communicate alike.
 *
 * <p>Guarded by the lock of the conversation, except for {@link #position}, and for the memory of
 * {@link #room}, which only the stepping thread touches.
 */
public abstract class OutputBuffer {
  /** The largest array that every JVM makes. */
  public static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final byte[] NOTHING = {};

  private volatile long position; // written with the lock held, read without

  /** The line feed of a carriage return that a reader has handed out, if it comes next. */
  private byte[] unwanted = NOTHING;

  /** For subclasses. */
  protected OutputBuffer() {}

  /**
   * Where the next bytes go.
   *
   * @return at least one byte
   */
  abstract MemorySegment room();

  /** The first bytes of {@link #room} were filled. */
  final void received(long bytes) {
    added(bytes);
    dropUnwanted();
  }

  /** Adds bytes that were filled to the size. */
  abstract void added(long bytes);

  /**
   * How much is there and not consumed.
   *
   * @return bytes
   */
  public abstract long size();

  /**
   * Copies bytes without consuming them.
   *
   * @param from how many unconsumed bytes to skip first
   * @return how many were copied, at most {@code length}
   */
  abstract int peek(long from, byte[] into, int offset, int length);

  /** Drops bytes from the front. */
  final void consume(long bytes) {
    consume(bytes, NOTHING);
  }

  /** Drops bytes from the front, and {@code next} if that follows them, however late it comes. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
  final void consume(long bytes, byte[] next) {
    unwanted = next;
    position += bytes;
    drop(bytes);
    dropUnwanted();
  }

  private void dropUnwanted() {
    int length = (int) Math.min(size(), unwanted.length);
    if (length == 0) {
      return;
    }
    byte[] front = new byte[length];
    peek(0, front, 0, length);
    if (!Arrays.equals(front, 0, length, unwanted, 0, length)) {
      unwanted = NOTHING;
    } else if (length == unwanted.length) {
      consume(length);
    }
  }

  /** Forgets bytes at the front. */
  abstract void drop(long bytes);

  /** How many bytes were consumed or dropped since the beginning. */
  final long position() {
    return position;
  }

  /** What is there now; stays as it is. */
  abstract Snapshot snapshot();

  /**
   * All bytes in one array; the buffer keeps only that array.
   *
   * @return exactly the bytes; not to be changed if the buffer is still used
   * @throws OutOfMemoryError if it is more than {@link #LARGEST_ARRAY}
   */
  public final byte[] join() {
    if (size() > LARGEST_ARRAY) {
      throw new OutOfMemoryError(size() + " bytes are more than an array can hold");
    }
    return joined();
  }

  /** As {@link #join}, of at most {@link #LARGEST_ARRAY} bytes. */
  abstract byte[] joined();

  /** Discards the bytes; snapshots and what {@link #join} returned stay as they are. */
  void discard() {}

  /** Whether a thread may touch the memory behind this buffer. */
  boolean isAccessibleBy(Thread thread) {
    return true;
  }

  /** Throws unless a thread may touch the memory behind this buffer. */
  final void checkAccess(Thread thread) {
    if (!isAccessibleBy(thread)) {
      throw inaccessible();
    }
  }

  static IllegalStateException inaccessible() {
    return new IllegalStateException(
        "the arena of the output is closed, or confined to another thread");
  }
}
