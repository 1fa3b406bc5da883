package io.github.jpopen.windows.child;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What was left in a pipe when its child had ended, on the heap, so that its handle need not stay
 * open. Used by one thread at a time.
 */
final class LeftOver {
  /** The bytes of one read. */
  private static final class Piece {
    private final MemorySegment bytes;
    private long taken;
    private @Nullable Piece next;

    Piece(MemorySegment bytes) {
      this.bytes = bytes;
    }
  }

  private @Nullable Piece first;
  private @Nullable Piece last;
  private long size;

  boolean isEmpty() {
    return first == null;
  }

  /** How many bytes there are. */
  long size() {
    return size;
  }

  /** Copies bytes and keeps the copy. If there is no memory, nothing has changed. */
  void add(MemorySegment bytes) {
    if (bytes.byteSize() == 0) {
      return;
    }
    MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes.byteSize()]);
    Piece piece = new Piece(copy.copyFrom(bytes));
    if (last == null) {
      first = piece;
    } else {
      last.next = piece;
    }
    last = piece;
    size += copy.byteSize();
  }

  /**
   * Copies the next bytes, at most this many. They stay the next ones until they are discarded.
   *
   * @return how many that were; 0 if there are none left
   */
  long copyTo(MemorySegment room, long most) {
    Piece piece = first;
    if (piece == null) {
      return 0;
    }
    long count = Math.min(Math.min(most, room.byteSize()), piece.bytes.byteSize() - piece.taken);
    MemorySegment.copy(piece.bytes, piece.taken, room, 0, count);
    return count;
  }

  /** Discards what {@link #copyTo} has copied. */
  void discard(long count) {
    Piece piece = first;
    if (piece == null) {
      return;
    }
    size -= count;
    piece.taken += count;
    if (piece.taken == piece.bytes.byteSize()) {
      first = piece.next;
      last = first == null ? null : last;
    }
  }

  void clear() {
    first = null;
    last = null;
    size = 0;
  }
}
