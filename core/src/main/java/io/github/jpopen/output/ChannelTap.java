package io.github.jpopen.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;

/** Copies an output to a channel of the caller in blocking mode, which is never closed. */
public final class ChannelTap implements OutputTap {
  private final WritableByteChannel channel;

  private ChannelTap(WritableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * The same tap for each child.
   *
   * @param channel where to
   * @return makes it
   */
  public static Opener to(WritableByteChannel channel) {
    return () -> new ChannelTap(channel);
  }

  @Override
  public void accept(byte[] bytes, int length) throws IOException, InterruptedException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    while (rest.hasRemaining()) {
      // The mode may have been changed since the redirect was made.
      if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
        throw new IOException("the channel is in non-blocking mode");
      }
      if (channel.write(rest) == 0) {
        Thread.sleep(1); // a channel of the caller may have no way to wait
      }
    }
  }
}
