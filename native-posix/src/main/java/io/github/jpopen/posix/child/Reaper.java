package io.github.jpopen.posix.child;

import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.spi.Uninterrupted;
import java.io.IOException;
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
  private static final long LOOK_NANOS = 50_000_000;
  private static final int MOST_FAILURES = 100;
  private static final int STACK = 256 << 10;

  private final Poller poller;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Looked> lookedAt = new ArrayList<>();
  private boolean looking;

  Reaper(Poller poller) {
    this.poller = poller;
  }

  /** Takes over a child. */
  void add(ChildExit exit) {
    if (!armed(exit)) {
      lookAt(exit);
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
      startLooking();
    } finally {
      lock.unlock();
    }
  }

  private void startLooking() {
    try {
      if (!looking) {
        looking = true;
        Thread.ofPlatform()
            .name("jpopen-reaper")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .stackSize(STACK)
            .start(this::lookUntilDone);
      }
    } catch (
        OutOfMemoryError
            e) { // no thread could be started: the next child that is added tries again
      looking = false;
    }
  }

  private void lookUntilDone() {
    boolean left = true;
    while (left) {
      Uninterrupted.pause(LOOK_NANOS);
      try {
        left = lookOnce();
      } catch (RuntimeException | Error e) {
        // This JVM has no memory now, perhaps. Nothing was taken out of the list; look again.
      }
    }
  }

  private boolean lookOnce() {
    lock.lock();
    try {
      lookedAt.removeIf(Looked::isDone);
      looking = !lookedAt.isEmpty(); // under the lock: none is added to a thread that ends
      return looking;
    } finally {
      lock.unlock();
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
    // refused
    // for good, as by a filter.
    boolean isDone() {
      try {
        return exit.collect() != null || armed(exit);
      } catch (IOException e) {
        return ++failures == MOST_FAILURES;
      }
    }
  }
}
