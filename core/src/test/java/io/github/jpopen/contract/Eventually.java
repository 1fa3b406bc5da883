package io.github.jpopen.contract;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that happens soon, without guessing how long it takes. */
final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = 1_000_000;

  private Eventually() {}

  /** Whether it became true within the limit. */
  static boolean holds(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  /** Fails with {@code what} unless it becomes true. */
  static void await(String what, BooleanSupplier condition) {
    if (!holds(condition)) {
      throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
    }
  }
}
