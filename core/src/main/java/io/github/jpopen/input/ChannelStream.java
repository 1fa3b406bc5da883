package io.github.jpopen.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A channel of the caller as a stream. Closing it does not close the channel. A read may return 0
 * at any time, so that its caller can look whether it still wants the bytes.
 */
public final class ChannelStream extends InputStream {
  private static final long PAUSE_NANOS = 1_000_000;

  private final ReadableByteChannel channel;

  /**
   * Takes over a channel.
   *
   * @param channel read from its position on, in blocking mode
   */
  public ChannelStream(ReadableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n;
    do {
      n = read(one, 0, 1);
    } while (n == 0);
    return n < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    // The mode may have been changed since the input was made.
    if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IOException("the channel is in non-blocking mode");
    }
    ByteBuffer room = ByteBuffer.wrap(into, offset, length);
    int n = channel.read(room);
    if (n < -1 || n > length) { // only -1 is the end
      throw new IOException("the channel has read " + n + " bytes");
    }
    int put = room.position() - offset;
    if (put != Math.max(0, n)) { // the rest of the room has bytes of earlier reads
      throw new IOException(
          "the channel says that it has read " + n + " bytes, and it has given " + put);
    }
    if (n == 0) {
      LockSupport.parkNanos(PAUSE_NANOS); // a channel of the caller may have no way to wait
    }
    return n;
  }
}
