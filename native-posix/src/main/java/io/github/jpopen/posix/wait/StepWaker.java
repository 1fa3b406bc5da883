package io.github.jpopen.posix.wait;

import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait of the thread that steps a child, whether it waits in {@code poll} or is parked.
 *
 * <p>Sticky: a thread that is about to wait does not. One thread waits at a time, any may {@link
 * #ring}. A parked thread can be replaced at once by {@link #takeOver}, even if it is a virtual
 * thread that gets no carrier.
 */
public final class StepWaker implements Runnable {
  private final AtomicBoolean rung = new AtomicBoolean();
  private volatile @Nullable PollContext polling;
  private final AtomicReference<@Nullable Thread> parked = new AtomicReference<>();

  /** Makes one that has not rung. */
  public StepWaker() {}

  /** Whether it has rung since it was last asked. */
  public boolean testAndClear() {
    return rung.getAndSet(false);
  }

  /** Ends the wait, or the next one. Never blocks. */
  public void ring() {
    rung.set(true);
    PollContext context = polling;
    if (context != null) {
      context.wakeUp();
    }
    LockSupport.unpark(parked.get());
  }

  /** Rings. */
  @Override
  public void run() {
    ring();
  }

  /** Like {@link PollContext#await}, except that it does not wait once it has rung. */
  public void poll(PollContext context, Deadline deadline)
      throws IOException, InterruptedException {
    polling = context;
    try {
      // It may have rung before the context could be seen.
      context.await(rung.get() ? Deadline.now() : deadline);
    } finally {
      polling = null;
    }
  }

  /** Like {@link PollContext#pollNow}, except that it does not try again once it has rung. */
  public void pollNow(PollContext context, Deadline deadline)
      throws IOException, InterruptedException {
    polling = context;
    try {
      context.pollNow(rung.get() ? Deadline.now() : deadline);
    } finally {
      polling = null;
    }
  }

  /**
   * Parks until it rings, the deadline passes or the thread is interrupted; the flag stays.
   *
   * @return false if another thread took over
   */
  public boolean park(Deadline deadline) {
    Thread me = Thread.currentThread();
    parked.set(me);
    while (me.equals(parked.get()) && !rung.get() && !me.isInterrupted() && !deadline.hasPassed()) {
      if (deadline.isNever()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, deadline.nanosLeft());
      }
    }
    return parked.compareAndSet(me, null);
  }

  /**
   * Ends {@link #park} of another thread as if that thread had returned from it already.
   *
   * @return false if no thread is parked
   */
  public boolean takeOver() {
    Thread other = parked.get();
    if (other == null || !parked.compareAndSet(other, null)) {
      return false;
    }
    LockSupport.unpark(other);
    return true;
  }
}
