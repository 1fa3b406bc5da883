package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.Posix;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes a pipe larger once it has proved too small, within what this process allows itself.
 *
 * <p>The kernel counts the memory of pipes per user. A process that takes it all leaves the others
 * with pipes of two pages.
 */
final class PipeGrowth {
  /** How many pipes of this process may be large at a time. */
  static final int LIMIT = 64;

  private static final int USUAL_SIZE = 64 << 10;
  private static final int LARGE_SIZE = 256 << 10;
  private static final int FILLS = 4;

  private final Posix posix;
  private final AtomicInteger left;
  private final boolean allowed;
  private int fillsLeft = FILLS;
  private boolean grown;

  PipeGrowth(Posix posix, AtomicInteger left, boolean allowed) {
    this.posix = posix;
    this.left = left;
    this.allowed = allowed;
  }

  /** The capacity of the pipe, as far as is known. */
  int size() {
    return grown ? LARGE_SIZE : USUAL_SIZE;
  }

  /** Whether much goes through the pipe: it was filled often enough to be made larger. */
  boolean isBusy() {
    return fillsLeft == 0;
  }

  /** Bytes went through the pipe in one call. */
  void moved(int descriptor, long bytes) {
    if (fillsLeft > 0 && bytes >= USUAL_SIZE && --fillsLeft == 0 && allowed) {
      grow(descriptor);
    }
  }

  private void grow(int descriptor) {
    if (left.decrementAndGet() < 0) {
      left.incrementAndGet();
      return;
    }
    grown = true;
    // Refused (EPERM) when the user has no more: the pipe stays as it is.
    if (posix.setPipeSize(descriptor, LARGE_SIZE) < 0) {
      release();
    }
  }

  /** The pipe is closed. */
  void release() {
    if (grown) {
      grown = false;
      left.incrementAndGet();
    }
  }
}
