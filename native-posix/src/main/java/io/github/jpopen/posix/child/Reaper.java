package io.github.jpopen.posix.child;

import io.github.jpopen.posix.wait.IdleThread;
import io.github.jpopen.posix.wait.Poller;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Collects the exits of children that no call waits for, so that none stays a zombie.
 *
 * <p>The poller reports when. For children it cannot wait for there is a daemon thread that looks
 * now and then, as long as there are any.
 */
final class Reaper {
  private static final long LOOK_MILLIS = 50;
  private static final int MOST_FAILURES = 100;

  private final Poller poller;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Looked> lookedAt = new ArrayList<>();
  private final Looking thread = new Looking();
  private volatile boolean looks;

  Reaper(Poller poller) {
    this.poller = poller;
  }

  /** Takes over a child. */
  void add(ChildExit exit) {
    if (!armed(exit)) {
      lookAt(exit);
    }
  }

  /** Tries again to start the thread, if there was none before. Another child begins or ends. */
  void resume() {
    if (looks) {
      thread.wake();
    }
  }

  private boolean armed(ChildExit exit) {
    return exit.arm(poller, () -> ended(exit));
  }

  // Runs on the poller's thread, possibly spuriously. While a tracer holds the child its descriptor
  // is readable and nothing can be collected: armed again at once it would fire at once.
  private void ended(ChildExit exit) {
    if (!isCollected(exit)) {
      lookAt(exit);
    }
  }

  private static boolean isCollected(ChildExit exit) {
    try {
      return exit.collect() != null;
    } catch (IOException e) { // no caller is left to hear of it
      return false;
    }
  }

  private void lookAt(ChildExit exit) {
    lock.lock();
    try {
      lookedAt.add(new Looked(exit));
      looks = true;
    } finally {
      lock.unlock();
    }
    thread.wake();
  }

  /** The thread that looks. It ends with the last child. */
  private final class Looking extends IdleThread {
    Looking() {
      super("jpopen-reaper", LOOK_MILLIS, Duration.ZERO);
    }

    @Override
    protected boolean hasWork() {
      return looks;
    }

    // If there is no memory, nothing is taken out of the list.
    @Override
    protected void work() {
      lock.lock();
      try {
        lookedAt.removeIf(Looked::isDone);
        looks = !lookedAt.isEmpty();
      } finally {
        lock.unlock();
      }
    }
  }

  /** A child that is looked at, and how often the system refused that. */
  private final class Looked {
    private final ChildExit exit;
    private int failures;

    Looked(ChildExit exit) {
      this.exit = exit;
    }

    // Whether it needs no further look: it was collected, the poller has it, or waitid(2) is
    // refused for good, as by a filter.
    boolean isDone() {
      try {
        return exit.collect() != null || armed(exit);
      } catch (IOException e) {
        return ++failures == MOST_FAILURES;
      }
    }
  }
}
