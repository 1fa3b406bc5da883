package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Uninterrupted;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The children that users have, and what they give back when memory or handles of Windows are
 * short.
 *
 * <p>First those that have ended give back what they hold. If there is nothing, the garbage
 * collector looks for children that are no longer reachable. It runs at most once a second, and
 * each time in vain doubles the pause, up to a minute. A process that stays at its limit must not
 * spend its time on it. Thread-safe.
 */
public final class UnwatchedChildren {
  /** One child. */
  interface Child {
    /**
     * Collects the exit of a child that has ended, and empties its pipes; the port thread closes
     * them.
     *
     * @return whether this is the first look that found it ended
     */
    boolean giveBackIfEnded();

    /** Whether the port thread has not closed all that it is to close. */
    boolean isGivingBack();
  }

  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Set<Child> all = ConcurrentHashMap.newKeySet();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong known = new AtomicLong();
  private final LongSupplier clock;
  private final Runnable collector;
  private final AtomicLong next;
  private volatile long betweenNanos = SHORTEST_NANOS;

  UnwatchedChildren() {
    this(System::nanoTime, System::gc);
  }

  /** With another clock and garbage collector, for tests. */
  UnwatchedChildren(LongSupplier clock, Runnable collector) {
    this.clock = clock;
    this.collector = collector;
    next = new AtomicLong(clock.getAsLong());
  }

  /** A user has a child. */
  void handedOut(Child child) {
    boolean _ = all.add(child);
  }

  /** A child was closed. It counts only if a user had it. */
  void closed(Child child) {
    if (all.remove(child)) {
      closed.incrementAndGet();
    }
  }

  /** A child was found ended, by whatever thread; it gives back what it has. */
  void ended() {
    ended.incrementAndGet();
  }

  /** How many were found ended so far, for {@link #giveBackSince}. */
  public long countEnded() {
    return ended.get();
  }

  /**
   * Gives back what can be given back, and waits a moment for the garbage collector.
   *
   * @return whether there was anything since this was asked last: then it is worth trying again
   */
  public boolean giveBack() {
    boolean any = giveBackSince(known.get());
    known.set(ended.get());
    return any;
  }

  /**
   * The same for a call that has met a limit.
   *
   * @param before what {@link #countEnded} returned before the call: what another thread found
   *     ended meanwhile counts as well
   * @return whether it is worth trying the call again
   */
  public boolean giveBackSince(long before) {
    boolean any = false;
    for (Child child : all) {
      any |= child.giveBackIfEnded();
    }
    if (!any && ended.get() == before) {
      return collectGarbage();
    }
    awaitClosed(all.stream().filter(Child::isGivingBack).toList());
    return true;
  }

  // The port thread closes the pipes. Another process may hold one open, so there is a limit.
  private void awaitClosed(List<Child> giving) {
    long begin = clock.getAsLong();
    while (giving.stream().anyMatch(Child::isGivingBack)
        && clock.getAsLong() - begin < PATIENCE_NANOS) {
      Uninterrupted.pause(PAUSE_NANOS);
    }
  }

  private boolean collectGarbage() {
    long now = clock.getAsLong();
    long due = next.get();
    if (all.isEmpty() || now - due < 0 || !next.compareAndSet(due, now + betweenNanos)) {
      return false;
    }
    long before = closed.get();
    collector.run();
    while (closed.get() == before && clock.getAsLong() - now < PATIENCE_NANOS) {
      Uninterrupted.pause(PAUSE_NANOS);
    }
    return ran(now, closed.get() != before);
  }

  // A run that found something may be followed by one as good.
  private boolean ran(long begin, boolean fruitful) {
    if (fruitful) {
      betweenNanos = SHORTEST_NANOS;
      next.set(begin + SHORTEST_NANOS);
    } else {
      betweenNanos = Math.min(LONGEST_NANOS, 2 * betweenNanos);
    }
    return fruitful;
  }
}
