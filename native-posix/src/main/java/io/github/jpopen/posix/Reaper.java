package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects the exits of children that nobody waits for any more, so that none stays a zombie.
 *
 * <p>One daemon thread for the process, which is there only while there are such children.
 */
final class Reaper implements Runnable {
  /** How often children without a process descriptor are looked at. */
  private static final long LOOK_NANOS = 50_000_000;

  private static final long NEVER = -1;
  private static final int STACK = 256 << 10;
  private static final int NOT_POLLED = -1;

  private final Posix posix;
  private final Waiters waiters;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ChildExit> added = new ArrayList<>();
  private @Nullable Waiter waiter;

  Reaper(Posix posix, Waiters waiters) {
    this.posix = posix;
    this.waiters = waiters;
  }

  /** Takes over a child. */
  void add(ChildExit exit) {
    lock.lock();
    try {
      added.add(exit);
      if (waiter != null) {
        waiter.wakeUp();
      } else {
        start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void start() {
    Waiter own = waiters.take();
    waiter = own;
    try {
      Thread.ofPlatform()
          .name("jpopen-reaper")
          .daemon()
          .inheritInheritableThreadLocals(false)
          .stackSize(STACK)
          .start(this);
    } catch (OutOfMemoryError e) { // no thread to be had: the next child that is added tries again
      waiter = null;
      waiters.give(own);
    }
  }

  @Override
  public void run() {
    List<ChildExit> children = new ArrayList<>();
    for (Waiter own = next(children); own != null; own = next(children)) {
      round(own, children);
    }
  }

  // What was added meanwhile; the end of the thread is decided under the lock, so that no child is
  // added to one that is over.
  private @Nullable Waiter next(List<ChildExit> children) {
    lock.lock();
    try {
      children.addAll(added);
      added.clear();
      Waiter own = waiter;
      if (own != null && children.isEmpty()) {
        waiter = null;
        waiters.give(own);
        return null;
      }
      return own;
    } finally {
      lock.unlock();
    }
  }

  private void round(Waiter own, List<ChildExit> children) {
    int[] polled = new int[children.size()];
    boolean all = own.canBeWoken();
    own.clear();
    for (int i = 0; i < polled.length; i++) {
      int descriptor = children.get(i).descriptor();
      boolean pollable = descriptor != ChildExit.NONE;
      polled[i] = pollable ? own.add(descriptor, posix.numbers().POLLIN()) : NOT_POLLED;
      all &= pollable;
    }
    boolean known = await(own, all ? NEVER : LOOK_NANOS);
    for (int i = polled.length - 1; i >= 0; i--) {
      boolean running = known && polled[i] != NOT_POLLED && own.happened(polled[i]) == 0;
      if (!running && collect(children.get(i))) {
        children.remove(i);
      }
    }
  }

  private static boolean await(Waiter own, long nanos) {
    try {
      own.await(nanos);
      return true;
    } catch (IOException | InterruptedException e) { // more children than may be polled at once
      Uninterrupted.sleep(LOOK_NANOS / 1_000_000);
      return false;
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
