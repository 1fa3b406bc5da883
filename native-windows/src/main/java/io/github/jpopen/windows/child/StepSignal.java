package io.github.jpopen.windows.child;

import io.github.jpopen.spi.UnqueuedLock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait of the thread that steps one child when something happened.
 *
 * <p>One thread waits at a time, any may call {@link #changed} and {@link #wake}, which never
 * block. A virtual thread that waits can be replaced at once by {@link #takeOver}, even if it gets
 * no carrier.
 */
public final class StepSignal {
  /** Guards the state that the stepping thread shares with other threads; held briefly. */
  final UnqueuedLock lock = new UnqueuedLock();

  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();

  /** Makes a signal for one child. */
  public StepSignal() {}

  /** An operation was issued or has ended, the child has ended, or packets were handled. */
  void changed() {
    int _ = changes.incrementAndGet();
    LockSupport.unpark(waiting.get());
  }

  /** Ends the step that runs, or the next one. Sticky. */
  void wake() {
    woken.set(true);
    changed();
  }

  /** Whether it was woken. */
  boolean isWoken() {
    return woken.get();
  }

  /** The same, which is forgotten. */
  boolean testAndClearWoken() {
    return woken.getAndSet(false);
  }

  /**
   * Waits until a condition holds, which is looked at after each change, or the time is over. An
   * interrupt stays pending.
   *
   * @param nanos how long at most; {@link Long#MAX_VALUE} for no limit
   * @param interruptible whether an interrupt ends the wait
   * @return false if another thread took over; then this one must touch nothing of the child
   */
  boolean await(BooleanSupplier over, long nanos, boolean interruptible) {
    Thread me = Thread.currentThread();
    long begin = System.nanoTime();
    boolean interrupted = false;
    boolean mine = false;
    waiting.set(me);
    try {
      int seen = changes.get();
      while (me.equals(waiting.get())
          && !over.getAsBoolean()
          && left(nanos, begin) > 0
          && !(interruptible && me.isInterrupted())) {
        interrupted |= !interruptible && Thread.interrupted(); // or parking would end at once
        park(seen, left(nanos, begin));
        seen = changes.get();
      }
    } finally {
      mine = waiting.compareAndSet(me, null);
      if (interrupted) {
        me.interrupt();
      }
    }
    return mine;
  }

  private void park(int seen, long nanos) {
    if (changes.get() != seen) {
      return;
    }
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  private static long left(long nanos, long begin) {
    return nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin);
  }

  /**
   * Ends {@link #await} of a virtual thread as if that thread had returned from it already.
   *
   * @return false if no virtual thread waits
   */
  boolean takeOver() {
    Thread other = waiting.get();
    if (other == null || !other.isVirtual() || !waiting.compareAndSet(other, null)) {
      return false;
    }
    LockSupport.unpark(other);
    return true;
  }
}
