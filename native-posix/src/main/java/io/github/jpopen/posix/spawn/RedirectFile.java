package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Posix.Access;
import io.github.jpopen.posix.wait.Closing;
import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.SpawnRequest.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file to which a stream of the child is redirected, and how it is opened.
 *
 * <p>open(2) is not enough for two kinds of files:
 *
 * <ul>
 *   <li>It opens a directory for reading, but the child could read nothing there.
 *   <li>It opens a FIFO when another process opens the other end, which may be never. So a thread
 *       of its own opens it. The caller can be interrupted meanwhile, and a virtual thread keeps no
 *       carrier.
 * </ul>
 */
final class RedirectFile {
  private static final int FILE_TYPE = 0170000; // S_IFMT of inode(7), the same on macOS
  private static final int FIFO = 0010000;

  /** How long an interrupted caller waits for a FIFO whose other end may be open already. */
  private static final long LAST_LOOK_MILLIS = 50;

  private static final int STACK = 512 << 10;

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
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    if (!OwnThreads.startIfPossible("jpopen-open", STACK, () -> openFor(opened))) {
      return -posix.constants().EAGAIN();
    }
    try {
      return await(opened);
    } catch (ExecutionException e) {
      throw new IllegalStateException("opening failed", e.getCause());
    }
  }

  private void openFor(CompletableFuture<Integer> opened) {
    try {
      int result = openHere();
      if (!opened.complete(result) && result >= 0) { // given up meanwhile
        Closing.close(posix, result);
      }
    } catch (Throwable thrown) {
      opened.completeExceptionally(thrown);
    }
  }

  private int await(CompletableFuture<Integer> opened) throws ExecutionException {
    try {
      return opened.get();
    } catch (InterruptedException e) {
      try {
        return opened.get(LAST_LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException | TimeoutException late) {
        return givenUp(opened);
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  private int givenUp(CompletableFuture<Integer> opened) {
    return opened.cancel(false)
        ? -posix.constants().EINTR()
        : opened.join(); // it came in the last moment
  }
}
