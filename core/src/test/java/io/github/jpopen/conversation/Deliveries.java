package io.github.jpopen.conversation;

import io.github.jpopen.output.ChunkedOutput;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.text.UnreadBytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** An output whose bytes arrive in prepared pieces, one for each wait. */
public final class Deliveries implements UnreadBytes {
  private final Deque<byte[]> coming = new ArrayDeque<>();
  private final boolean open;
  private final OutputBuffer buffer = new ChunkedOutput();
  private boolean closed;

  private Deliveries(boolean open, List<byte[]> pieces) {
    this.open = open;
    coming.addAll(pieces);
  }

  /** The output ends after the last piece. */
  public static Deliveries of(byte[]... pieces) {
    return new Deliveries(false, List.of(pieces));
  }

  /** The child is silent after the last piece, so a wait would never end. */
  public static Deliveries ofInteractive(byte[]... pieces) {
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
  public boolean deliver() {
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
  public byte[] rest() {
    while (deliver()) {}
    return buffer.join().clone();
  }

  public int consumed() {
    return (int) buffer.position();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Nothing arrives but by {@link #await} and {@link #deliver}. */
  @Override
  public void poll(int moreThan) {}

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
