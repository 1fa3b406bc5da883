package io.github.jpopen.conversation;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file as input, mapped and never copied to the heap. A file that shrinks meanwhile fails the
 * input, not the JVM.
 *
 * <p>An interrupt closes the channel that a thread is using, and with it the file. So the channel
 * is used while the file is being opened, and anew if an interrupt comes then; afterwards only
 * {@link RandomAccessFile#length} is, which cannot be interrupted.
 */
public final class MappedInput extends MemoryInput {
  private final RandomAccessFile file;
  private final Arena arena;
  private final long size;
  private @Nullable Throwable failure;

  private MappedInput(RandomAccessFile file, Arena arena, long size) throws IOException {
    super(file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
    this.file = file;
    this.arena = arena;
    this.size = size;
  }

  /**
   * Opens a file as input. An interrupt stays pending.
   *
   * @param path a regular file is mapped; anything else, and the files of {@code /proc} that claim
   *     to be empty, is read as a stream
   * @return the input
   * @throws IOException if it cannot be opened
   */
  public static InputSource open(Path path) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          MappedInput mapped = isMappable(path) ? map(path) : null;
          return mapped != null ? mapped : new PumpedInput(Files.newInputStream(path), true);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isMappable(Path path) throws IOException {
    if (!path.getFileSystem().equals(FileSystems.getDefault()) || !Files.isRegularFile(path)) {
      return false;
    }
    // Says what is wrong; RandomAccessFile says "not found" also if access is denied.
    path.getFileSystem().provider().checkAccess(path, AccessMode.READ);
    return true;
  }

  /** Returns null if the file seems to be empty. */
  @SuppressWarnings("resource") // the input owns them
  private static @Nullable MappedInput map(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    Arena arena = Arena.ofShared();
    try {
      long size = file.length();
      if (size > 0) {
        return new MappedInput(file, arena, size);
      }
    } catch (Throwable e) {
      arena.close();
      closeAfter(file, e);
      throw e;
    }
    arena.close();
    file.close();
    return null;
  }

  private static void closeAfter(RandomAccessFile file, Throwable e) {
    try {
      file.close();
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
        if (file.length() < size) {
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
      file.close();
    } catch (IOException e) {
      // It was only read: nothing can be lost.
    }
  }
}
