package io.github.jpopen.posix.wait;

import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait of the thread that steps a child, whether it waits in {@code poll} or is parked.
 *
 * <p>Sticky: a thread that is about to wait does not. One thread waits at a time, any may {@link
 * #ring}.
 */
public final class StepWaker {
  private final AtomicBoolean rung = new AtomicBoolean();
  private volatile @Nullable PollContext polling;
  private volatile @Nullable Thread parked;

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
    LockSupport.unpark(parked);
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

  /** Like {@link PollContext#look}, except that it does not try again once it has rung. */
  public void look(PollContext context, Deadline deadline)
      throws IOException, InterruptedException {
    polling = context;
    try {
      context.look(rung.get() ? Deadline.now() : deadline);
    } finally {
      polling = null;
    }
  }

  /** Parks until it rings, the deadline passes or the thread is interrupted; the flag stays. */
  public void park(Deadline deadline) {
    parked = Thread.currentThread();
    try {
      while (!rung.get() && !Thread.currentThread().isInterrupted() && !deadline.hasPassed()) {
        if (deadline.isNever()) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, deadline.nanosLeft());
        }
      }
    } finally {
      parked = null;
    }
  }
}
