package io.github.jpopen.conversation;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** An output whose bytes arrive in prepared pieces, one for each wait. */
final class Deliveries implements ByteSource {
  private final Deque<byte[]> coming = new ArrayDeque<>();
  private final boolean open;
  private final OutputBuffer buffer = new ChunkedOutput();
  private boolean closed;

  private Deliveries(boolean open, List<byte[]> pieces) {
    this.open = open;
    coming.addAll(pieces);
  }

  /** The output ends after the last piece. */
  static Deliveries of(byte[]... pieces) {
    return new Deliveries(false, List.of(pieces));
  }

  /** The child is silent after the last piece, so a wait would never end. */
  static Deliveries ofInteractive(byte[]... pieces) {
    return new Deliveries(true, List.of(pieces));
  }

  @Override
  public boolean await(int moreThan) {
    while (buffer.size() <= moreThan) {
      if (!deliver()) {
        if (open) {
          throw new AssertionError("would wait for ever with " + buffer.size() + " bytes");
        }
        return false;
      }
    }
    return true;
  }

  /** Lets the next piece arrive without a wait. */
  boolean deliver() {
    byte[] piece = coming.poll();
    if (piece == null) {
      return false;
    }
    for (int done = 0; done < piece.length; ) {
      MemorySegment room = buffer.room();
      int count = (int) Math.min(room.byteSize(), piece.length - done);
      MemorySegment.copy(MemorySegment.ofArray(piece), done, room, 0, count);
      buffer.received(count);
      done += count;
    }
    return true;
  }

  /** Everything up to the end that was not consumed. */
  byte[] rest() {
    while (deliver()) {}
    return buffer.join().clone();
  }

  int consumed() {
    return (int) buffer.position();
  }

  boolean isClosed() {
    return closed;
  }

  /** Nothing arrives but by {@link #await} and {@link #deliver}. */
  @Override
  public void look(int moreThan) {}

  @Override
  public int peek(int from, byte[] into, int length) {
    return buffer.peek(from, into, 0, length);
  }

  @Override
  public void consume(int bytes, byte[] next) {
    if (bytes < 0 || bytes > buffer.size()) {
      throw new AssertionError("consumes " + bytes + " of " + buffer.size());
    }
    buffer.consume(bytes, next);
  }

  @Override
  public long position() {
    return buffer.position();
  }

  @Override
  public void beginReading() {}

  @Override
  public boolean tryReading() {
    return true;
  }

  @Override
  public void endReading() {}

  @Override
  public int available() {
    return (int) buffer.size();
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public boolean atEnd() {
    return !open && coming.isEmpty();
  }
}
