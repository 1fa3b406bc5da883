package io.github.jpopen.posix;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait of the thread that steps a child, whether it waits in {@code poll} or is parked.
 *
 * <p>Sticky: who is about to wait does not. One thread waits at a time, any may {@link #ring}.
 */
final class Alarm {
  private final AtomicBoolean rung = new AtomicBoolean();
  private volatile @Nullable Waiter polling;
  private volatile @Nullable Thread parked;

  /** Whether it has rung; it has not any more afterwards. */
  boolean take() {
    return rung.getAndSet(false);
  }

  /** Ends the wait, or the next one. Never blocks. */
  void ring() {
    rung.set(true);
    Waiter waiter = polling;
    if (waiter != null) {
      waiter.wakeUp();
    }
    LockSupport.unpark(parked);
  }

  /** As {@link Waiter#await}, unless it has rung: then it only looks. */
  void poll(Waiter waiter, long nanos) throws IOException, InterruptedException {
    polling = waiter;
    try {
      waiter.await(rung.get() ? 0 : nanos); // rung before the waiter could be seen
    } finally {
      polling = null;
    }
  }

  /**
   * Parks until it rings, or the time is over, or the thread is interrupted; the flag stays.
   *
   * @param nanos how long at most; negative is for ever
   */
  void park(long nanos) {
    long end = System.nanoTime() + nanos;
    parked = Thread.currentThread();
    try {
      while (!rung.get() && !Thread.currentThread().isInterrupted()) {
        if (nanos < 0) {
          LockSupport.park(this);
          continue;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return;
        }
        LockSupport.parkNanos(this, left);
      }
    } finally {
      parked = null;
    }
  }
}
