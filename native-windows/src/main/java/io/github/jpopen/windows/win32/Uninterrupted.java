package io.github.jpopen.windows.win32;

import java.util.concurrent.locks.LockSupport;

/** A pause that an interrupt does not end; the flag is set again afterwards. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Pauses the calling thread; allocates nothing. */
  public static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    boolean interrupted = false;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      interrupted |= Thread.interrupted();
      LockSupport.parkNanos(left);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
