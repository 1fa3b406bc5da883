package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;

/** Closes one descriptor of ours, once. */
public final class Closing {
  private Closing() {}

  /**
   * Closes a descriptor of ours.
   *
   * @throws IllegalStateException if it was closed before; that close may have hit another file
   */
  public static void close(Posix posix, int descriptor) {
    // After any other error the number is free again and some data were lost, which a pipe cannot
    // do: close(2) is never retried.
    if (posix.close(descriptor) == -posix.constants().EBADF()) {
      throw new IllegalStateException("descriptor " + descriptor + " was closed twice");
    }
  }
}
