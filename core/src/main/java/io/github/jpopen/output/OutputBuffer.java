package io.github.jpopen.output;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one output that have come and were not consumed. Their only owner, for streams and
 * communicate alike.
 *
 * <p>Guarded by the lock of the conversation, except for the memory of {@link #room}, which only
 * the stepping thread touches. Bytes are also taken without the lock, through {@link #window}.
 * Every call that looks at the bytes closes the window first. What it sees stays until the lock is
 * released.
 */
public abstract class OutputBuffer {
  /** The largest array that every JVM makes. */
  public static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final byte[] NOTHING = {};

  private long position;
  private long came;

  private volatile @Nullable Window window; // over the first bytes; changed with the lock held

  /** The line feed of a carriage return that a reader has handed out, if it comes next. */
  private byte[] unwanted = NOTHING;

  /** For subclasses. */
  protected OutputBuffer() {}

  /**
   * Where the next bytes go.
   *
   * @return at least one byte
   */
  public abstract MemorySegment room();

  /**
   * The first bytes of {@link #room} were filled.
   *
   * @param bytes how many
   */
  public final void received(long bytes) {
    came += bytes;
    added(bytes);
    if (unwanted.length > 0) {
      dropUnwanted();
    }
  }

  /**
   * Opens a window over bytes that have come, until the next call that looks at the bytes. There is
   * none if there is no memory for it.
   *
   * @param text its charset, if bytes may be taken as text as well; null if not
   */
  public final void openWindow(@Nullable Charset text) {
    closeWindow();
    if (unwanted.length == 0 && unconsumed() > 0) {
      try {
        window = front(text);
      } catch (OutOfMemoryError _) {
        // The caller has consumed bytes and must hand them out.
      }
    }
  }

  /**
   * What bytes can be taken through without the lock.
   *
   * @return null if nothing; another thread may close it at any moment
   */
  public final @Nullable Window window() {
    return window;
  }

  /** Lets no byte be taken without the lock. */
  public final void closeWindow() {
    Window open = window;
    if (open != null) {
      window = null;
      int taken = open.close();
      position += taken;
      drop(taken);
    }
  }

  /** A window over the first bytes; null if this buffer has none. */
  abstract @Nullable Window front(@Nullable Charset text);

  /** Adds bytes that were filled to the size. */
  abstract void added(long bytes);

  /**
   * How much is there and not consumed.
   *
   * @return bytes
   */
  public final long size() {
    closeWindow();
    return unconsumed();
  }

  /**
   * How much is there, and leaves the window open.
   *
   * @return bytes; as {@link #size}, but some may be taken at any moment
   */
  public final long sizeNow() {
    Window open = window;
    return open == null ? unconsumed() : unconsumed() - open.taken();
  }

  /** How many bytes are there. The window counts as not taken. */
  abstract long unconsumed();

  /**
   * Copies bytes without consuming them.
   *
   * @param from how many unconsumed bytes to skip first
   * @param into where to
   * @param offset where in it to begin
   * @param length how many at most
   * @return how many were copied, at most {@code length}
   */
  public final int peek(long from, byte[] into, int offset, int length) {
    closeWindow();
    return copy(from, into, offset, length);
  }

  /** As {@link #peek}, with no window open. */
  abstract int copy(long from, byte[] into, int offset, int length);

  /**
   * Drops bytes from the front.
   *
   * @param bytes how many, at most {@link #size}
   */
  public final void consume(long bytes) {
    consume(bytes, NOTHING);
  }

  /**
   * Drops bytes from the front, and {@code next} if that follows them, however late it comes.
   *
   * @param bytes how many, at most {@link #size}
   * @param next empty for nothing
   */
  public final void consume(long bytes, byte[] next) {
    closeWindow();
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

  /**
   * How many bytes were consumed or dropped since the beginning.
   *
   * @return bytes
   */
  public final long position() {
    closeWindow();
    return position;
  }

  /**
   * How many bytes have come since the beginning, whatever became of them.
   *
   * @return bytes
   */
  public final long came() {
    return came;
  }

  /**
   * What is there now.
   *
   * @return stays as it is
   */
  public final Snapshot snapshot() {
    closeWindow();
    return unconsumed() == 0 && omitted() == 0 ? Snapshot.EMPTY : kept();
  }

  /** As {@link #snapshot}, if at least one byte came. */
  abstract Snapshot kept();

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

  /** The buffer in the caller's form that holds everything that is kept. */
  OutputBuffer whole() {
    return this;
  }

  /**
   * The buffer of what is kept.
   *
   * @return this, or the one behind it
   */
  public OutputBuffer destination() {
    return this;
  }

  /**
   * Whether the bytes can be read as a stream.
   *
   * @return false if consumers get them, or if only a part is kept
   */
  public boolean isStreamable() {
    return true;
  }

  /**
   * Whether consumers get the bytes.
   *
   * @return true if they are kept in {@link #destination} afterwards
   */
  public boolean isTapped() {
    return false;
  }

  /**
   * Whether the consumers have all the bytes, and the end.
   *
   * @return true if there are none
   */
  public boolean isDelivered() {
    return true;
  }

  /**
   * Whether the caller gets the bytes as a result.
   *
   * @return false if they go to consumers only
   */
  public boolean isKept() {
    return true;
  }

  /**
   * Whether no byte is to be read for now.
   *
   * @return true if consumers are behind
   */
  public boolean isFull() {
    return false;
  }

  /**
   * How many bytes came and were not kept.
   *
   * @return bytes
   */
  public long omitted() {
    return 0;
  }

  /**
   * Where bytes were left out.
   *
   * @return how many of the unconsumed bytes come before the gap, or {@link Snapshot#NO_GAP}
   */
  public long gap() {
    return Snapshot.NO_GAP;
  }

  /**
   * Whether more has come than may come.
   *
   * @return true from then on
   */
  public boolean isOverLimit() {
    return false;
  }

  /**
   * Why the bytes can no longer be kept.
   *
   * @return null as long as they can
   */
  public @Nullable IOException failure() {
    return null;
  }

  /**
   * Whether no further byte is to be read from the child.
   *
   * @return true from then on
   */
  public boolean isEnough() {
    return false;
  }

  /**
   * The file that holds the bytes.
   *
   * @return null if they are in memory
   */
  public @Nullable Path file() {
    return null;
  }

  /**
   * No further byte will come.
   *
   * @throws IOException if not all could be kept
   */
  public void ended() throws IOException {}

  /** Closes what is open. Nothing is read or written from now on. */
  public void close() {}

  /** Discards the bytes; snapshots and what {@link #join} returned stay as they are. */
  public void discard() {}

  /**
   * Whether a thread may touch the memory behind this buffer.
   *
   * @param thread which
   * @return true for memory on the heap
   */
  public boolean isAccessibleBy(Thread thread) {
    return true;
  }

  /**
   * Throws unless a thread may touch the memory behind this buffer.
   *
   * @param thread which
   */
  public final void checkAccess(Thread thread) {
    if (!isAccessibleBy(thread)) {
      throw inaccessible();
    }
  }

  static IllegalStateException inaccessible() {
    return new IllegalStateException(
        "the arena of the output is closed, or confined to another thread");
  }
}
