package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.Closing;

/**
 * The descriptors opened for one spawn, to be closed in reverse order when it is over, whether it
 * failed or not.
 *
 * <p>Only those that the child object takes over are {@linkplain #keep kept}. The room is there
 * before the first descriptor is, so that no allocation stands between opening and noting.
 */
final class Descriptors implements AutoCloseable {
  private static final int ROOM = 24;

  private final Posix posix;
  private final int[] open = new int[ROOM];
  private int count;

  Descriptors(Posix posix) {
    this.posix = posix;
  }

  /** Notes a descriptor that is open now. */
  int add(int descriptor) {
    open[count++] = descriptor;
    return descriptor;
  }

  /** Another owner closes this one from now on. */
  void keep(int descriptor) {
    for (int i = count - 1; i >= 0; i--) {
      if (open[i] == descriptor) {
        System.arraycopy(open, i + 1, open, i, --count - i);
        return;
      }
    }
    throw new IllegalStateException("descriptor " + descriptor + " is not open");
  }

  @Override
  public void close() {
    try {
      while (count > 0) {
        Closing.close(posix, open[--count]);
      }
    } finally {
      if (count > 0) {
        // One was closed twice, which is a mistake. The others must be closed all the same.
        close();
      }
    }
  }
}
