package io.github.jpopen.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets threads wait for a change of what a {@link StateLock} guards.
 *
 * <p>In place of a {@link java.util.concurrent.locks.Condition}, whose threads queue for the lock
 * behind virtual threads that may have no carrier.
 */
final class StateChange {
  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    volatile boolean signalled;
  }

  private final StateLock lock;
  private final List<Waiter> waiters = new ArrayList<>();

  StateChange(StateLock lock) {
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
    if (!awaitSignal(nanos)) {
      throw new InterruptedException();
    }
    return nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
  }

  /** As {@link #await}; an interrupt stays pending. */
  long awaitUninterruptibly(long nanos) {
    long begin = System.nanoTime();
    boolean interrupted = Thread.interrupted();
    long left = nanos;
    while (left > 0 && !awaitSignal(left)) {
      interrupted = true;
      left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
  }

  /** Whether the wait ended without an interrupt, which is cleared. */
  private boolean awaitSignal(long nanos) {
    long begin = System.nanoTime();
    Waiter me = new Waiter();
    waiters.add(me);
    lock.close();
    boolean interrupted = false;
    try {
      long left = nanos;
      while (!me.signalled && left > 0 && !interrupted) {
        LockSupport.parkNanos(this, left);
        interrupted = Thread.interrupted();
        left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
      }
    } finally {
      var _ = lock.hold();
      waiters.remove(me);
    }
    return !interrupted;
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
