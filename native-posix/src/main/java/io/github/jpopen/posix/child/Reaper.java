package io.github.jpopen.posix.child;

import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.posix.wait.Uninterrupted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Collects the exits of children that nobody waits for any more, so that none stays a zombie.
 *
 * <p>The poller tells when. For children it cannot wait for there is a daemon thread that looks now
 * and then, as long as there are any.
 */
final class Reaper {
  private static final long LOOK_MILLIS = 50;
  private static final int STACK = 256 << 10;

  private final Poller poller;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ChildExit> lookedAt = new ArrayList<>();
  private boolean looking;

  Reaper(Poller poller) {
    this.poller = poller;
  }

  /** Takes over a child. */
  void add(ChildExit exit) {
    if (!exit.arm(poller, () -> ended(exit))) {
      lookAt(exit);
    }
  }

  // On the poller's thread, which may be wrong.
  private void ended(ChildExit exit) {
    if (!collect(exit)) {
      add(exit);
    }
  }

  private void lookAt(ChildExit exit) {
    lock.lock();
    try {
      lookedAt.add(exit);
      if (!looking) {
        looking = true;
        Thread.ofPlatform()
            .name("jpopen-reaper")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .stackSize(STACK)
            .start(this::look);
      }
    } catch (OutOfMemoryError e) { // no thread to be had: the next child that is added tries again
      looking = false;
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    while (true) {
      Uninterrupted.sleep(LOOK_MILLIS);
      lock.lock();
      try {
        lookedAt.removeIf(Reaper::collect);
        if (lookedAt.isEmpty()) {
          looking = false; // decided under the lock, so that none is added to a thread that ends
          return;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private static boolean collect(ChildExit child) {
    try {
      return child.collect() != null;
    } catch (IOException e) { // nobody is left to be told, and there is nothing that could be done
      return true;
    }
  }
}
