package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Uninterrupted;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has the garbage collector look for children that are no longer reachable, when memory or handles
 * of Windows are short. At most once a second, because a process that stays at its limit must not
 * spend its time on it. Thread-safe.
 */
public final class UnreachableChildren {
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong living = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  UnreachableChildren() {}

  /** A user has a child. */
  void handedOut() {
    living.incrementAndGet();
  }

  /** A child was closed. */
  void closed() {
    closed.incrementAndGet();
  }

  /**
   * Collects garbage, and waits a moment until a child is closed.
   *
   * @return whether one was: then it is worth trying again
   */
  public boolean giveBack() {
    long now = System.nanoTime();
    long due = next.get();
    if (living.get() == 0 || now < due || !next.compareAndSet(due, now + BETWEEN_NANOS)) {
      return false;
    }
    long before = closed.get();
    System.gc();
    while (closed.get() == before && System.nanoTime() - now < PATIENCE_NANOS) {
      Uninterrupted.pause(PAUSE_NANOS);
    }
    return closed.get() != before;
  }
}
