package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Posix.Access;
import io.github.jpopen.posix.wait.Closing;
import io.github.jpopen.spi.SlowCall;
import io.github.jpopen.spi.SpawnRequest.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file to which a stream of the child is redirected, and how it is opened.
 *
 * <p>open(2) is not enough for two kinds of files:
 *
 * <ul>
 *   <li>It opens a directory for reading, but the child could read nothing there.
 *   <li>It opens a FIFO when another process opens the other end, which may be never: a {@link
 *       SlowCall}.
 * </ul>
 */
final class RedirectFile {
  private static final int FILE_TYPE = 0170000; // S_IFMT of inode(7), the same on macOS
  private static final int FIFO = 0010000;

  private final Posix posix;
  private final byte[] name;
  private final Path path;
  private final Access access;

  RedirectFile(Posix posix, File file) {
    this.posix = posix;
    name = PathBytes.ofFile(file.path());
    path = new WorkingDirectory(posix).resolve(file.path());
    access =
        switch (file.mode()) {
          case READ -> Access.READ;
          case WRITE -> Access.WRITE;
          case APPEND -> Access.APPEND;
        };
  }

  /** Opens it, and returns the descriptor or a negated error. */
  int open() {
    PosixConstants constants = posix.constants();
    if (Files.isRegularFile(path) || !Files.exists(path)) {
      return openHere();
    }
    if (access == Access.READ && Files.isDirectory(path)) {
      return -constants.EISDIR();
    }
    return isFifo() ? openOnThreadOfItsOwn() : openHere();
  }

  private boolean isFifo() {
    try {
      return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == FIFO;
    } catch (IOException e) { // it is gone, which open(2) will report
      return false;
    }
  }

  private int openHere() {
    try (Arena arena = Arena.ofConfined()) { // of the thread that opens
      return posix.open(CStrings.string(name, arena), access);
    }
  }

  private int openOnThreadOfItsOwn() {
    try {
      return new FifoOpening().await("jpopen-open");
    } catch (InterruptedException e) {
      return -posix.constants().EINTR();
    } catch (OutOfMemoryError e) { // which is how the JVM says that pthread_create failed
      return -posix.constants().EAGAIN();
    } catch (IOException e) {
      throw new IllegalStateException("opening failed", e);
    }
  }

  private final class FifoOpening extends SlowCall<Integer> {
    @Override
    protected Integer call() {
      return openHere();
    }

    @Override
    protected void discard(Integer late) {
      if (late >= 0) {
        Closing.close(posix, late);
      }
    }
  }
}
