package io.github.jpopen.conversation;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file as input, mapped and never copied to the heap. A file that shrinks meanwhile fails the
 * input, not the JVM.
 */
public final class MappedInput extends MemoryInput {
  private final FileChannel channel;
  private final Arena arena;
  private final long size;
  private @Nullable Throwable failure;

  private MappedInput(FileChannel channel, Arena arena, long size) throws IOException {
    super(channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
    this.channel = channel;
    this.arena = arena;
    this.size = size;
  }

  /**
   * Opens a file as input.
   *
   * @param file a regular file is mapped; anything else, and the files of {@code /proc} that claim
   *     to be empty, is read as a stream
   * @return the input
   * @throws IOException if it cannot be opened
   */
  @SuppressWarnings("resource") // the input owns them
  public static InputSource open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return new PumpedInput(Files.newInputStream(file), true);
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    Arena arena = Arena.ofShared();
    try {
      long size = channel.size();
      if (size > 0) {
        return new MappedInput(channel, arena, size);
      }
    } catch (Throwable e) {
      arena.close();
      closeAfter(channel, e);
      throw e;
    }
    arena.close();
    channel.close();
    return new PumpedInput(Files.newInputStream(file), true);
  }

  private static void closeAfter(FileChannel channel, Throwable e) {
    try {
      channel.close();
    } catch (IOException suppressed) {
      e.addSuppressed(suppressed);
    }
  }

  @Override
  public @Nullable Throwable failure() {
    if (failure == null && !isExhausted()) {
      try {
        // write(2) from a page that is gone answers EFAULT, and a read of it kills the JVM's thread
        // with an InternalError.
        if (channel.size() < size) {
          failure = new EOFException("the input file became shorter while it was sent");
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    return failure;
  }

  @Override
  public void close() {
    arena.close();
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read: nothing can be lost.
    }
  }
}
