package io.github.jpopen.spi;

import java.util.concurrent.TimeUnit;

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
    for (int tries = 1; !hasRun(action, tries); tries++) {
      Uninterrupted.pause(PAUSE_NANOS);
    }
  }

  /**
   * Waits a moment before the next try, where not even the action can be made without memory. An
   * interrupt stays pending and does not end the wait. It takes no memory.
   *
   * @param <E> the type of the failure
   * @param failure of the last try
   * @param tries how many there have been; 0 to try for ever
   * @throws E after about a second of tries
   */
  public static <E extends Throwable> void pause(E failure, int tries) throws E {
    if (tries >= TRIES) {
      throw failure;
    }
    Uninterrupted.pause(PAUSE_NANOS);
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
