package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Who is in communicate: one call at a time.
 *
 * <p>A call beside another is refused. Only a call that was given up may be followed by the next
 * before it has ended: it was interrupted and is about to leave, and the next waits for that, so
 * that nobody who cancels and calls again is refused by chance.
 */
public final class CommunicateGate {
  /** How long a call whose deadline is past still waits for one that is about to leave. */
  private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(100);

  private final StateLock lock;
  private final Condition ended;
  private @Nullable Turn latest;
  private @Nullable Turn current;

  CommunicateGate(StateLock lock) {
    this.lock = lock;
    this.ended = lock.newCondition();
  }

  /** Lets a call in, or throws. It has its turn at once if nobody is about to leave. */
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

  /** One call that was let in. */
  public static final class Turn {
    private final CommunicateGate gate;
    private boolean givenUp;

    private Turn(CommunicateGate gate) {
      this.gate = gate;
    }

    /**
     * Whether the conversation is this call's now.
     *
     * @return false while one that was given up is about to leave
     */
    public boolean isCurrent() {
      return gate.isCurrent(this);
    }

    /**
     * Waits until the conversation is this call's; an interrupt counts only while there is
     * something to wait for.
     *
     * @param deadline when to stop waiting; a moment is granted in any case
     * @return false if the one before did not leave in time
     * @throws InterruptedException if this thread was interrupted before its turn came
     */
    public boolean await(Deadline deadline) throws InterruptedException {
      return gate.await(this, deadline);
    }

    /** The thread of this call is being interrupted, and the next call may already come. */
    public void giveUp() {
      gate.giveUp(this);
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
        left = ended.awaitNanos(left);
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
