package io.github.jpopen.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Copies an output to a channel in blocking mode. */
public final class ChannelTap implements OutputTap {
  private final WritableByteChannel channel;
  private final boolean owned;

  /**
   * A tap.
   *
   * @param channel where to
   * @param owned whether it is closed at the end
   */
  public ChannelTap(WritableByteChannel channel, boolean owned) {
    this.channel = channel;
    this.owned = owned;
  }

  @Override
  public void accept(byte[] bytes, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    while (rest.hasRemaining()) {
      int _ = channel.write(rest);
    }
  }

  @Override
  public void end() throws IOException {
    close();
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      channel.close();
    }
  }
}
