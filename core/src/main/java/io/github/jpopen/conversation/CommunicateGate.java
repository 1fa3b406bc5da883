package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.UnqueuedLock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one call at a time into communicate.
 *
 * <p>A second call is refused. The exception is a call that was given up: it was interrupted and is
 * about to leave. The next call may enter, and waits for it. Otherwise a caller that cancels and
 * calls again would be refused by chance.
 */
public final class CommunicateGate {
  /** How long a call waits, even past its deadline, for one that is about to leave. */
  private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(100);

  private final UnqueuedLock lock;
  private final StateChange ended;
  private @Nullable Turn latest;
  private @Nullable Turn current;

  CommunicateGate(UnqueuedLock lock) {
    this.lock = lock;
    this.ended = new StateChange(lock);
  }

  /** Lets a call in, or throws. It has its turn at once unless another is about to leave. */
  Turn enter() {
    try (var _ = lock.hold()) {
      if (latest != null && !latest.givenUp) {
        throw new IllegalStateException("another thread is in communicate");
      }
      latest = new Turn(this);
      if (current == null) {
        current = latest;
      }
      return latest;
    }
  }

  /** The turn of one call that was let in. */
  public static final class Turn {
    private final CommunicateGate gate;
    private boolean givenUp;

    private Turn(CommunicateGate gate) {
      this.gate = gate;
    }

    /**
     * Whether this call has its turn.
     *
     * @return false while an earlier one, which was given up, is about to leave
     */
    public boolean isCurrent() {
      return gate.isCurrent(this);
    }

    /**
     * Waits for the turn of this call. If it has come already, an interrupt does not count.
     *
     * @param deadline when to stop waiting; it always waits a moment
     * @return false if the earlier call did not leave in time
     * @throws InterruptedException if this thread was interrupted before the turn came
     */
    public boolean await(Deadline deadline) throws InterruptedException {
      return gate.await(this, deadline);
    }

    /** Lets the next call enter, because this one is interrupted, or is about to leave. */
    public void giveUp() {
      gate.giveUp(this);
    }

    /**
     * Whether {@link #giveUp} was called.
     *
     * @return at this moment
     */
    public boolean isGivenUp() {
      return gate.isGivenUp(this);
    }

    /** The call is over. */
    public void end() {
      gate.end(this);
    }
  }

  private boolean isCurrent(Turn turn) {
    try (var _ = lock.hold()) {
      return current == turn;
    }
  }

  private boolean await(Turn turn, Deadline deadline) throws InterruptedException {
    try (var _ = lock.hold()) {
      long left = Math.max(deadline.nanosLeft(), GRACE);
      while (current != turn && current != null) {
        if (left <= 0) {
          return false;
        }
        left = ended.await(left);
      }
      current = turn;
      return true;
    }
  }

  private void giveUp(Turn turn) {
    try (var _ = lock.hold()) {
      turn.givenUp = true;
    }
  }

  private boolean isGivenUp(Turn turn) {
    try (var _ = lock.hold()) {
      return turn.givenUp;
    }
  }

  private void end(Turn turn) {
    try (var _ = lock.hold()) {
      if (current == turn) {
        current = null;
      }
      if (latest == turn) {
        latest = null;
      }
      ended.signalAll();
    }
  }
}
