package io.github.jpopen.conversation;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * Decides which thread steps the child when several wait for it.
 *
 * <p>One thread holds the stepping token. The others wait until it ends its step, and then check
 * their own condition. {@link #lock} guards all state of the conversation; it is never held during
 * a step.
 */
final class Stepper {
  /** Why a thread waits. */
  enum Role {
    /** To move bytes: communicate, the streams. Steps before any watcher. */
    MOVER,
    /** For the exit only; moves no byte. */
    WATCHER
  }

  /** Guards the state of the conversation. */
  final StateLock lock = new StateLock();

  /**
   * How many steps that move something may follow a deadline. Each moves a bounded number of bytes,
   * so a busy child cannot hide a deadline.
   */
  private static final int EXTRA_STEPS = 4;

  private final Condition stepEnded = lock.newCondition();
  private final ChildProcess child;
  private final ChildEvents events;
  private final BooleanSupplier pointless;
  private int movers;
  private long begun;
  private long progress;
  private long changes; // in what threads want
  private boolean stepping;
  private boolean released;

  /**
   * Makes the stepper of a child.
   *
   * @param pointless whether a step would find nothing to do and nothing to wait for; called with
   *     the lock held, by the thread that would step
   */
  Stepper(ChildProcess child, ChildEvents events, BooleanSupplier pointless) {
    this.child = child;
    this.events = events;
    this.pointless = pointless;
  }

  /** Whether a thread waits for bytes to move. Call with the lock held. */
  boolean isMoving() {
    return movers > 0;
  }

  /** Notes that something moved: the current step is not idle. Call with the lock held. */
  void progressed() {
    progress++;
  }

  /** Notes that a thread wants something else than before. Call with the lock held. */
  void noteChange() {
    changes++;
  }

  /** Whether {@link #release} ran. Call with the lock held. */
  boolean isReleased() {
    return released;
  }

  /** Ends a running step early, because a thread wants something else than before. */
  void interestChanged() {
    try (var _ = lock.hold()) {
      noteChange();
      if (stepping) {
        child.wake();
      }
      stepEnded.signalAll();
    }
  }

  /**
   * Steps the child, or waits while another thread does, until a condition holds.
   *
   * <p>Even past the deadline, one step checks everything once.
   *
   * @param done called with the lock held; may throw to end the wait
   * @param deadline when to give up
   * @param role whether to move bytes meanwhile
   * @return false if the deadline passed first
   */
  boolean until(BooleanSupplier done, Deadline deadline, Role role)
      throws IOException, InterruptedException {
    try (var _ = lock.hold()) {
      if (done.getAsBoolean()) {
        return true;
      }
      boolean mover = role == Role.MOVER;
      if (mover) {
        movers++;
        noteChange();
        if (stepping) {
          child.wake(); // what this thread wants may be new
        }
      }
      try {
        return untilLocked(done, deadline, mover);
      } finally {
        if (mover && --movers == 0) {
          noteChange();
          stepEnded.signalAll(); // watchers may step again
        }
      }
    }
  }

  /** As {@link #until}, once and without waiting; an interrupt stays pending. */
  void poll(BooleanSupplier done, Role role) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          until(done, Deadline.now(), role);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean untilLocked(BooleanSupplier done, Deadline deadline, boolean mover)
      throws IOException, InterruptedException {
    long lastBegunBefore = begun;
    boolean looked = false;
    int extraSteps = EXTRA_STEPS;
    while (!done.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (released) {
        throw new IllegalStateException("this Popen is closed");
      }
      if (looked && deadline.hasPassed()) {
        return false;
      }
      // Past its deadline a watcher steps even if there are movers: its one step does not wait.
      if (stepping || (!mover && movers > 0 && !deadline.hasPassed())) {
        long step = begun;
        if (deadline.hasPassed() && stepping) {
          child.wake(); // so that a step begins soon
        }
        awaitStepEnd(deadline);
        // A whole step that began after this call has checked everything on our behalf. The next
        // step may have begun already: the stepping thread may reacquire the lock before a waiter
        // does.
        looked |= (!stepping || begun > step) && step > lastBegunBefore;
      } else if (pointless.getAsBoolean()) {
        looked = true;
        if (!deadline.hasPassed()) {
          awaitStepEnd(deadline); // or a change of interest
        }
      } else {
        boolean idle = !step(deadline);
        // Past the deadline, what has already come is still taken: data, end of file and exit come
        // in separate steps.
        looked |= idle || !deadline.hasPassed() || --extraSteps == 0;
      }
    }
    return true;
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private void awaitStepEnd(Deadline deadline) throws InterruptedException {
    if (deadline.isNever() || deadline.hasPassed()) {
      stepEnded.await();
    } else {
      stepEnded.awaitNanos(deadline.nanosLeft());
    }
  }

  /** Returns whether anything moved. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint is enough
  private boolean step(Deadline deadline) throws IOException, InterruptedException {
    long before = progress;
    long changesBefore = changes;
    stepping = true;
    begun++;
    lock.unlock();
    IllegalStateException pointlessStep = null;
    try {
      child.step(events, deadline);
    } catch (IllegalStateException e) {
      pointlessStep = e;
    } finally {
      lock.lock();
      stepping = false;
      stepEnded.signalAll();
    }
    // Another thread may have stopped wanting the only thing that this step was for.
    if (pointlessStep != null && changes == changesBefore) {
      throw pointlessStep;
    }
    boolean moved = progress != before;
    if (moved && Thread.currentThread().isVirtual()) {
      lock.unlock();
      try {
        Thread.yield(); // a busy child must not keep other virtual threads from their carrier
      } finally {
        lock.lock();
      }
    }
    return moved;
  }

  /**
   * Steps once, without waiting, unless the condition holds or another thread is stepping. An
   * interrupt stays pending.
   */
  void tryStep(BooleanSupplier known) throws IOException {
    try (var _ = lock.hold()) {
      if (stepping || released || known.getAsBoolean()) {
        return;
      }
      boolean interrupted = Thread.interrupted();
      try {
        step(Deadline.now());
      } catch (InterruptedException e) {
        interrupted = true;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Waits until no thread steps, then gives the child's resources back. Idempotent. */
  void release(Runnable giveBack) {
    try (var _ = lock.hold()) {
      boolean first = !released;
      released = true; // no new step begins
      while (stepping) {
        child.wake();
        stepEnded.awaitUninterruptibly();
      }
      if (first) {
        giveBack.run();
      }
      stepEnded.signalAll();
    }
  }
}
