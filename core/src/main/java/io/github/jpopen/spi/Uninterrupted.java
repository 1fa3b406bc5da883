package io.github.jpopen.spi;

import java.util.concurrent.locks.LockSupport;

/** Waiting that an interrupt does not end. The interrupt status is set again afterwards. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /**
   * Pauses the calling thread. Takes no memory: {@link Thread#sleep} would, for its exception.
   *
   * @param nanos how long
   */
  public static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    boolean interrupted = false;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      interrupted |= Thread.interrupted(); // or parking would end at once
      LockSupport.parkNanos(left);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until a thread has ended.
   *
   * @param thread not the calling one
   */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (OutOfMemoryError e) { // in place of that exception: the thread still runs
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
