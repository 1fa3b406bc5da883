package io.github.jpopen.output;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Copies an output to a channel in blocking mode, or to a file. */
public final class ChannelTap implements OutputTap {
  private final WritableByteChannel channel;
  private final boolean owned;

  private ChannelTap(WritableByteChannel channel, boolean owned) {
    this.channel = channel;
    this.owned = owned;
  }

  /**
   * To a channel of the caller, which is never closed.
   *
   * @param channel where to
   * @return makes a tap
   */
  public static Opener to(WritableByteChannel channel) {
    return () -> new ChannelTap(channel, false);
  }

  /**
   * To a file, emptied for each child, and closed at the end.
   *
   * @param file where to
   * @return makes a tap
   */
  public static Opener to(Path file) {
    return () -> new ChannelTap(FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE), true);
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
