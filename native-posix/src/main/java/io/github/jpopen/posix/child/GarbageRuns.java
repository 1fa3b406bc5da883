package io.github.jpopen.posix.child;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits how often the garbage collector is asked to run: a process that stays at its limit must
 * not spend its time collecting garbage. Thread-safe.
 */
final class GarbageRuns {
  /** How long to wait for what a run found to be closed. */
  static final long PATIENCE_NANOS = 200_000_000;

  /** How long to wait at a time. */
  static final long PAUSE_NANOS = 5_000_000;

  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private volatile long pauseNanos = SHORTEST_NANOS;

  /** Whether the caller may run it now; true for one of several callers. */
  boolean mayRun() {
    long now = System.nanoTime();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + pauseNanos);
  }

  /**
   * A run has ended.
   *
   * @param fruitful whether it gave anything back: the next one may be as good
   * @return the same
   */
  boolean ran(boolean fruitful) {
    if (fruitful) {
      pauseNanos = SHORTEST_NANOS;
      next.set(System.nanoTime());
    } else {
      pauseNanos = Math.min(LONGEST_NANOS, 2 * pauseNanos);
    }
    return fruitful;
  }
}
