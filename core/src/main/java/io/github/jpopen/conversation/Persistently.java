package io.github.jpopen.conversation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs what other threads wait for, even if there is no memory for it in that moment.
 *
 * <p>Other threads may give memory back soon. If the thread ended with the error instead, those
 * that it was to wake would wait for ever.
 */
public final class Persistently {
  private static final int TRIES = 100;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Persistently() {}

  /**
   * Runs an action, and again if it throws, for about a second. An interrupt stays pending.
   *
   * @param action may have been run in part before
   */
  public static void run(Runnable action) {
    boolean interrupted = false;
    try {
      for (int tries = 1; !hasRun(action, tries); tries++) {
        interrupted |= Thread.interrupted(); // or the pauses would end at once
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean hasRun(Runnable action, int tries) {
    try {
      action.run();
      return true;
    } catch (RuntimeException | Error e) {
      if (tries == TRIES) {
        throw e;
      }
      return false;
    }
  }
}
