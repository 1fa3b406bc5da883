package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.Posix;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What was left in a pipe when its last writer had gone, in memory, so that its descriptor need not
 * stay open. At most what a pipe holds. Used by one thread at a time.
 */
final class LeftOver {
  /** The bytes of one read. */
  private static final class Piece {
    private MemorySegment memory;
    private long size;
    private long taken;
    private @Nullable Piece next;

    Piece(MemorySegment memory) {
      this.memory = memory;
    }
  }

  private final TransferBuffers buffers;
  private @Nullable Piece first;
  private @Nullable Piece last;

  LeftOver(TransferBuffers buffers) {
    this.buffers = buffers;
  }

  boolean isEmpty() {
    return first == null;
  }

  /**
   * Reads until there is no more.
   *
   * @return 0 at the end of file, or a negated error; what came before it is kept
   */
  int fill(Posix posix, int descriptor) {
    while (true) {
      Piece piece =
          new Piece(buffers.take()); // before the read: afterwards its bytes would be lost
      long result = posix.read(descriptor, piece.memory, TransferBuffers.SIZE);
      if (result <= 0) {
        buffers.give(piece.memory);
        return (int) result;
      }
      piece.size = result;
      add(piece);
      shrink(piece);
    }
  }

  private void add(Piece piece) {
    if (last == null) {
      first = piece;
    } else {
      last.next = piece;
    }
    last = piece;
  }

  // Into memory of the right size. If there is none, it stays in the large one.
  private void shrink(Piece piece) {
    MemorySegment large = piece.memory;
    try {
      MemorySegment small = MemorySegment.ofArray(new byte[(int) piece.size]);
      MemorySegment.copy(large, 0, small, 0, piece.size);
      piece.memory = small;
    } catch (OutOfMemoryError e) {
      return;
    }
    buffers.give(large);
  }

  /**
   * Copies the next bytes. They stay the next ones until they are {@link #discard}ed.
   *
   * @param most how many at most
   * @return how many that were; 0 if there are none left
   */
  long copyTo(MemorySegment room, long most) {
    Piece piece = first;
    if (piece == null) {
      return 0;
    }
    long bytes = Math.min(Math.min(most, room.byteSize()), piece.size - piece.taken);
    MemorySegment.copy(piece.memory, piece.taken, room, 0, bytes);
    return bytes;
  }

  /** Discards what {@link #copyTo} has copied. */
  void discard(long bytes) {
    Piece piece = first;
    if (piece != null) {
      piece.taken += bytes;
      if (piece.taken == piece.size) {
        discardFirst(piece);
      }
    }
  }

  private void discardFirst(Piece piece) {
    if (piece.memory.isNative()) {
      buffers.give(piece.memory);
    }
    first = piece.next;
    if (first == null) {
      last = null;
    }
  }
}
