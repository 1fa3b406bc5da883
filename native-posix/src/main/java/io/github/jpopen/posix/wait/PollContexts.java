package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.GarbageWatch;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Pools a few {@link PollContext}s, so that no child needs one of its own.
 *
 * <p>Those that were not used between two collections of garbage are closed. So a class loader
 * leaves no descriptor behind: only a collection unloads it. A pool that closed them when it became
 * unreachable would be kept reachable by the thread that waits for that.
 */
public final class PollContexts implements Runnable {
  private static final int KEPT = 16;

  private final Posix posix;
  private final ArrayBlockingQueue<PollContext> free = new ArrayBlockingQueue<>(KEPT);
  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile boolean used;

  /** Makes an empty pool. */
  public PollContexts(Posix posix) {
    this.posix = posix;
  }

  /** A context for one wait; to be given back. */
  public PollContext take() {
    PollContext context = free.poll();
    return context == null ? new PollContext(posix) : context;
  }

  /** Takes a context back, or closes it. */
  public void give(PollContext context) {
    if (!context.canBeWoken() || !free.offer(context)) {
      context.close();
      return;
    }
    if (!used) {
      used = true;
    }
    if (!watched.get() && watched.compareAndSet(false, true)) {
      watch();
    }
  }

  private void watch() {
    boolean registered = false;
    try {
      GarbageWatch.afterNextCollection(this);
      registered = true;
    } catch (OutOfMemoryError e) {
      // No memory or no thread now: the next context that is given back tries again.
    } finally {
      watched.set(registered);
    }
  }

  /** A collection of garbage has ended. */
  @Override
  public void run() {
    if (used) {
      used = false;
      watch();
      return;
    }
    watched.set(false); // before the pool is emptied: what is given back later is watched again
    for (PollContext context = free.poll(); context != null; context = free.poll()) {
      context.close();
    }
  }
}
