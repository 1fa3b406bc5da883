package io.github.jpopen.conversation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** An output whose bytes come in prepared pieces, one for each time that somebody waits. */
final class Deliveries implements ByteSource {
  private final Deque<byte[]> coming = new ArrayDeque<>();
  private final boolean open;
  private byte[] unconsumed = {};
  private int consumed;
  private boolean closed;

  private Deliveries(boolean open, List<byte[]> pieces) {
    this.open = open;
    coming.addAll(pieces);
  }

  /** The output ends after the last piece. */
  static Deliveries of(byte[]... pieces) {
    return new Deliveries(false, List.of(pieces));
  }

  /** The child is silent after the last piece, so that whoever waits then would wait for ever. */
  static Deliveries ofInteractive(byte[]... pieces) {
    return new Deliveries(true, List.of(pieces));
  }

  @Override
  public boolean await(int moreThan) {
    while (unconsumed.length <= moreThan) {
      if (!deliver()) {
        if (open) {
          throw new AssertionError("would wait for ever with " + unconsumed.length + " bytes");
        }
        return false;
      }
    }
    return true;
  }

  /** Lets the next piece arrive without anybody waiting for it. */
  boolean deliver() {
    byte[] piece = coming.poll();
    if (piece == null) {
      return false;
    }
    int before = unconsumed.length;
    unconsumed = Arrays.copyOf(unconsumed, before + piece.length);
    System.arraycopy(piece, 0, unconsumed, before, piece.length);
    return true;
  }

  /** Everything that nobody consumed, up to the end. */
  byte[] rest() {
    while (deliver()) {}
    return unconsumed.clone();
  }

  int consumed() {
    return consumed;
  }

  boolean isClosed() {
    return closed;
  }

  /** Nothing arrives but by {@link #await} and {@link #deliver}. */
  @Override
  public void look(int moreThan) {}

  @Override
  public int peek(int from, byte[] into, int length) {
    int count = Math.clamp(unconsumed.length - (long) from, 0, length);
    System.arraycopy(unconsumed, Math.min(from, unconsumed.length), into, 0, count);
    return count;
  }

  @Override
  public void consume(int bytes) {
    if (bytes < 0 || bytes > unconsumed.length) {
      throw new AssertionError("consumes " + bytes + " of " + unconsumed.length);
    }
    consumed += bytes;
    unconsumed = Arrays.copyOfRange(unconsumed, bytes, unconsumed.length);
  }

  @Override
  public long position() {
    return consumed;
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
    return unconsumed.length;
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
