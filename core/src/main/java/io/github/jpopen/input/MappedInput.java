package io.github.jpopen.input;

import io.github.jpopen.platform.Platforms;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file as input, mapped and never copied to the heap. If the file shrinks meanwhile, the input
 * fails, and not the JVM.
 *
 * <p>An interrupt closes the channel that a thread is using, and with it the file. So the channel
 * is used only to open the file, which is repeated after an interrupt. Later only {@link
 * RandomAccessFile#length} is called, which cannot be interrupted.
 */
public final class MappedInput extends MemoryInput {
  /** How often to open a file while dead children give descriptors back. */
  private static final int MOST_TRIES = 10;

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
    int tries = 1;
    try {
      while (true) {
        try {
          return openOnce(path);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (IOException e) {
          if (tries++ == MOST_TRIES || !mayBeALimit(e) || !Platforms.current().giveBack()) {
            throw e;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // Neither java.io nor java.nio reports the error number. A file whose access was checked fails
  // to open for want of a descriptor in most cases.
  private static boolean mayBeALimit(IOException e) {
    return !(e instanceof NoSuchFileException || e instanceof AccessDeniedException);
  }

  private static InputSource openOnce(Path given) throws IOException {
    Path path = given;
    if (path.getFileSystem().equals(FileSystems.getDefault())) {
      path = path.isAbsolute() ? path : Platforms.current().resolve(path);
      // Fails with the true reason; RandomAccessFile reports "not found" even if access is denied.
      path.getFileSystem().provider().checkAccess(path, AccessMode.READ);
      if (Files.isDirectory(path)) { // open(2) does not refuse it
        throw new FileSystemException(path.toString(), null, "Is a directory");
      }
      if (!Files.isRegularFile(path)) { // open(2) of a FIFO waits for a writer
        Path slow = path;
        return PumpedInput.opened(() -> Files.newInputStream(slow));
      }
      MappedInput mapped = map(path);
      if (mapped != null) {
        return mapped;
      }
    }
    return PumpedInput.closed(Files.newInputStream(path));
  }

  /**
   * Maps the file. Returns null if
   *
   * <ul>
   *   <li>it seems to be empty,
   *   <li>its file system maps nothing, as sysfs, or
   *   <li>its name has bytes that a {@link File} cannot express, as under {@code LC_ALL=C}.
   * </ul>
   */
  @SuppressWarnings("resource") // the input owns them
  private static @Nullable MappedInput map(Path path) throws IOException {
    File name = path.toFile();
    if (!names(name, path)) {
      return null;
    }
    RandomAccessFile file = new RandomAccessFile(name, "r");
    Arena arena = Arena.ofShared();
    MappedInput input = null;
    try {
      long size = file.length();
      input = size > 0 ? new MappedInput(file, arena, size) : null;
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      // It may still be possible to read it as a stream.
    } finally {
      if (input == null) {
        arena.close();
        file.close();
      }
    }
    return input;
  }

  private static boolean names(File name, Path path) {
    try {
      return name.toPath().equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Override
  public @Nullable Throwable failure() {
    if (failure == null && !isExhausted()) {
      try {
        // write(2) from a page that is gone answers EFAULT, and a read of it kills the JVM's thread
        // with an InternalError.
        if (file.length() < size) {
          failure = new EOFException("the input file became shorter while it was being sent");
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
