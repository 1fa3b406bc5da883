package io.github.jpopen.conversation;

import io.github.jpopen.spi.UnqueuedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets threads wait for a change of what a {@link UnqueuedLock} guards.
 *
 * <p>In place of a {@link java.util.concurrent.locks.Condition}, whose threads queue for the lock
 * behind virtual threads that may have no carrier.
 */
final class StateChange {
  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    volatile boolean signalled;
  }

  private final UnqueuedLock lock;
  private final List<Waiter> waiters = new ArrayList<>();

  StateChange(UnqueuedLock lock) {
    this.lock = lock;
  }

  /**
   * Waits for {@link #signalAll}, without the lock, which is held exactly once before and after.
   *
   * @param nanos how long at most; {@link Long#MAX_VALUE} for no limit
   * @return what is left of that; 0 or less if it is over
   */
  long await(long nanos) throws InterruptedException {
    long begin = System.nanoTime();
    if (awaitSignal(nanos, true)) {
      throw new InterruptedException();
    }
    return left(nanos, begin);
  }

  /** As {@link #await}; an interrupt stays pending. */
  long awaitUninterruptibly(long nanos) {
    long begin = System.nanoTime();
    if (awaitSignal(nanos, false)) {
      Thread.currentThread().interrupt();
    }
    return left(nanos, begin);
  }

  private static long left(long nanos, long begin) {
    return nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
  }

  /**
   * Waits for a signal, or for the time to be over.
   *
   * @param interruptible whether an interrupt ends the wait; if not, it must not hide a signal that
   *     comes in the same moment
   * @return whether the thread was interrupted; its interrupt status is cleared
   */
  private boolean awaitSignal(long nanos, boolean interruptible) {
    long begin = System.nanoTime();
    Waiter me = new Waiter();
    waiters.add(me);
    lock.close();
    boolean interrupted = Thread.interrupted();
    try {
      while (!me.signalled && left(nanos, begin) > 0 && !(interruptible && interrupted)) {
        LockSupport.parkNanos(this, left(nanos, begin));
        interrupted |= Thread.interrupted();
      }
    } finally {
      var _ = lock.hold();
      waiters.remove(me);
    }
    return interrupted;
  }

  /** Ends the waits that have begun. */
  void signalAll() {
    for (int i = 0; i < waiters.size(); i++) { // no iterator: a signal must not need memory
      Waiter waiter = waiters.get(i);
      waiter.signalled = true;
      LockSupport.unpark(waiter.thread);
    }
  }
}
