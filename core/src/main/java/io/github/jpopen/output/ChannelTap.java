package io.github.jpopen.output;

import io.github.jpopen.spi.Uninterrupted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;

/**
 * Copies an output to a channel of the caller in blocking mode, which is never closed.
 *
 * <p>After some time, or when the channel takes nothing, it pauses. So the limits of the call are
 * looked at, and an interrupt loses nothing.
 */
public final class ChannelTap implements OutputTap {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(16);

  private final WritableByteChannel channel;
  private ByteBuffer rest = NOTHING; // what the channel has not taken
  private long pause = SHORTEST_PAUSE;

  private ChannelTap(WritableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * The same channel for each child.
   *
   * @param channel where to
   * @return makes a tap
   */
  public static Opener to(WritableByteChannel channel) {
    return () -> new ChannelTap(channel);
  }

  @Override
  public void accept(byte[] bytes, int length) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(bytes, 0, length);
    write(all);
    if (all.hasRemaining()) {
      rest = ByteBuffer.allocate(all.remaining()).put(all).flip();
    }
  }

  @Override
  public boolean isBehind() {
    return rest.hasRemaining();
  }

  @Override
  public void resume() throws IOException {
    boolean written = false;
    try {
      write(rest);
      written = true;
    } finally {
      if (!written || !rest.hasRemaining()) {
        rest = NOTHING;
      }
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    long start = System.nanoTime();
    while (bytes.hasRemaining() && System.nanoTime() - start <= SLICE) {
      // The mode may have been changed since the redirect was made.
      if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
        throw new IOException("the channel is in non-blocking mode");
      }
      if (!writeSome(bytes)) {
        Uninterrupted.pause(pause); // a channel of the caller may have no way to wait
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        return;
      }
      pause = SHORTEST_PAUSE;
    }
  }

  private boolean writeSome(ByteBuffer bytes) throws IOException {
    ByteBuffer given = bytes.duplicate(); // its position alone shows what was taken
    int count = channel.write(given);
    int taken = given.position() - bytes.position();
    if (count < 0 || count != taken) {
      throw new IOException(
          "the channel says that it has written " + count + " bytes, and it has taken " + taken);
    }
    bytes.position(given.position());
    return count > 0;
  }
}
