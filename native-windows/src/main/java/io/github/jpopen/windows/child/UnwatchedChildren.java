package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Uninterrupted;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The children that users have, and what they give back when memory or handles of Windows are
 * short.
 *
 * <p>First those that have ended give back what they hold. If there is nothing, the garbage
 * collector looks for children that are no longer reachable. It runs at most once a second, because
 * a process that stays at its limit must not spend its time on it. Thread-safe.
 */
public final class UnwatchedChildren {
  /** One child. */
  interface Child {
    /**
     * Collects the exit of a child that has ended, and empties its pipes; the port thread closes
     * them.
     *
     * @return whether there was anything to give back
     */
    boolean giveBackIfEnded();
  }

  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Set<Child> all = ConcurrentHashMap.newKeySet();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  UnwatchedChildren() {}

  /** A user has a child. */
  void handedOut(Child child) {
    boolean _ = all.add(child);
  }

  /** A child was closed. */
  void closed(Child child) {
    closed.incrementAndGet();
    boolean _ = all.remove(child);
  }

  /**
   * Gives back what can be given back, and waits a moment for the garbage collector.
   *
   * @return whether there was anything: then it is worth trying again
   */
  public boolean giveBack() {
    boolean any = false;
    for (Child child : all) {
      any |= child.giveBackIfEnded();
    }
    return any || collectGarbage();
  }

  private boolean collectGarbage() {
    long now = System.nanoTime();
    long due = next.get();
    if (all.isEmpty() || now < due || !next.compareAndSet(due, now + BETWEEN_NANOS)) {
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
