package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.wait.IdleThread;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives back what dead children hold that no thread waits for. Their exits are collected, and pipes
 * without a writer are closed. What is still in a pipe is kept in memory for a later call.
 *
 * <p>A thread of its own looks at children that were started, or left by a step, a moment ago. It
 * looks once: then the poller reports their exit. A child that the poller cannot wait for is looked
 * at again and again. A thread that finds this process at a limit looks at all of them.
 */
final class UnwatchedChildren {
  /** A child, as far as it matters here. */
  interface Child extends Runnable {
    /**
     * Gives back what it holds and no longer needs.
     *
     * @param arms whether the poller may be asked to report what has not happened yet
     * @return whether to look again
     */
    boolean giveBack(PollSet set, boolean arms);

    /** Lists the child for a look soon. The poller calls it as well. */
    @Override
    void run();
  }

  private static final long LOOK_MILLIS = 200;
  private static final int PIPES = 4;

  private final Set<Child> all = ConcurrentHashMap.newKeySet();
  private final Queue<Child> listed = new ConcurrentLinkedQueue<>();
  private final AtomicLong givenBack = new AtomicLong();
  private final AtomicLong asked = new AtomicLong(); // what was given back until then
  private final GarbageRuns garbageRuns = new GarbageRuns();
  private final IdleThread thread;

  UnwatchedChildren(Duration idle) {
    thread = new Looking(idle);
  }

  /** A child belongs to a user from now on. */
  void add(Child child) {
    all.add(child);
  }

  /** A child was closed. */
  void remove(Child child) {
    if (all.remove(child)) {
      givenBack.getAndIncrement();
    }
  }

  /** A child may have something to give back soon. */
  void list(Child child) {
    listed.add(child);
    thread.wake();
  }

  /** Tries again to start the thread, if there was none for it before. */
  void resume() {
    if (!listed.isEmpty()) {
      thread.wake();
    }
  }

  /** Something was given back. */
  void gaveBack() {
    givenBack.getAndIncrement();
  }

  /** The thread that looks at the listed children. */
  private final class Looking extends IdleThread {
    private final PollSet set = new PollSet(PIPES);

    Looking(Duration idle) {
      super("jpopen-unwatched", LOOK_MILLIS, idle);
    }

    @Override
    protected boolean hasWork() {
      return !listed.isEmpty();
    }

    // Those that are listed meanwhile have their turn next time.
    @Override
    protected void work() {
      for (int left = listed.size(); left > 0; left--) {
        Child child = listed.poll();
        if (child != null) {
          lookAt(child, set, true);
        }
      }
    }
  }

  // A child that cannot be looked at now, for want of memory for example, is not lost.
  private static void lookAt(Child child, PollSet set, boolean arms) {
    boolean again = true;
    try {
      again = child.giveBack(set, arms);
    } finally {
      if (again) {
        child.run();
      }
    }
  }

  /**
   * How often something was given back so far, by any thread. To be noted before a call that may
   * meet a limit.
   */
  long countGivenBack() {
    return givenBack.get();
  }

  /**
   * Gives back what dead children hold, after a call failed for want of descriptors or processes.
   *
   * @param before what {@link #countGivenBack} returned before the call: what another thread has
   *     given back meanwhile counts as well
   * @return whether there was anything
   */
  boolean giveBackDead(long before) {
    if (!all.isEmpty()) {
      PollSet set = new PollSet(PIPES);
      for (Child child : all) {
        lookAt(child, set, false);
      }
    }
    return givenBack.get() != before;
  }

  /**
   * Does the same. If there is nothing, it lets the garbage collector run, because children may be
   * unreachable, and waits a moment for them to be closed.
   *
   * @param before as for {@link #giveBackDead}
   * @return whether there was anything
   */
  boolean giveBack(long before) {
    if (giveBackDead(before)) {
      return true;
    }
    if (all.isEmpty() || !garbageRuns.mayRun()) {
      return false;
    }
    System.gc();
    long end = System.nanoTime() + GarbageRuns.PATIENCE_NANOS;
    while (!giveBackDead(before) && System.nanoTime() < end) {
      // Of the JDK: another class could not be loaded from a directory now.
      LockSupport.parkNanos(this, GarbageRuns.PAUSE_NANOS);
    }
    return garbageRuns.ran(givenBack.get() != before);
  }

  /**
   * The same for a call of which nothing was noted.
   *
   * @return whether there was anything since this was asked last
   */
  boolean giveBack() {
    boolean any = giveBack(asked.get());
    asked.set(givenBack.get());
    return any;
  }
}
