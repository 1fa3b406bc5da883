package io.github.jpopen.conversation;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Decides which thread steps the child when several wait for it.
 *
 * <p>One thread holds the stepping token; the others wait until it ends its step and look at their
 * own condition then. {@link #lock} guards all state of the conversation; it is never held during a
 * step.
 */
final class Stepper {
  /** Why a thread waits. */
  enum Role {
    /** It wants bytes moved: communicate, the streams. Steps before any watcher. */
    MOVER,
    /** It wants the exit only, and moves no byte. */
    WATCHER
  }

  /** Guards the state of the conversation. */
  final ReentrantLock lock = new ReentrantLock();

  /**
   * How many steps that moved something may follow a deadline. Each is bounded, so a busy child
   * cannot hide it.
   */
  private static final int EXTRA_STEPS = 4;

  private final Condition stepEnded = lock.newCondition();
  private final ChildProcess child;
  private final ChildEvents events;
  private final BooleanSupplier needless;
  private int movers;
  private long begun;
  private long progress;
  private long changes; // of what is wanted
  private boolean stepping;
  private boolean released;

  /**
   * Makes the stepper of a child.
   *
   * @param needless whether a step would find nothing to do or to wait for; asked with the lock
   *     held, by the thread that would step
   */
  Stepper(ChildProcess child, ChildEvents events, BooleanSupplier needless) {
    this.child = child;
    this.events = events;
    this.needless = needless;
  }

  /** Whether some thread wants bytes moved. Call with the lock held. */
  boolean isMoving() {
    return movers > 0;
  }

  /** Something moved; the current step was not idle. Call with the lock held. */
  void progressed() {
    progress++;
  }

  /** Something is wanted, or is not wanted any more. Call with the lock held. */
  void wantsOtherwise() {
    changes++;
  }

  /** Whether {@link #release} ran. Call with the lock held. */
  boolean isReleased() {
    return released;
  }

  /** Ends a running step early, because what is wanted changed. */
  void interestChanged() {
    lock.lock();
    try {
      wantsOtherwise();
      if (stepping) {
        child.wake();
      }
      stepEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Steps the child, or waits while another thread does, until a condition holds.
   *
   * <p>Everything is looked at once, whatever the deadline.
   *
   * @param done tested with the lock held; may throw to end the wait
   * @param deadline when to give up
   * @param role whether bytes are to be moved meanwhile
   * @return false if the deadline passed first
   */
  boolean until(BooleanSupplier done, Deadline deadline, Role role)
      throws IOException, InterruptedException {
    lock.lock();
    try {
      if (done.getAsBoolean()) {
        return true;
      }
      boolean mover = role == Role.MOVER;
      if (mover) {
        movers++;
        wantsOtherwise();
        if (stepping) {
          child.wake(); // what this thread wants may be new
        }
      }
      try {
        return untilLocked(done, deadline, mover);
      } finally {
        if (mover && --movers == 0) {
          wantsOtherwise();
          stepEnded.signalAll(); // watchers may step again
        }
      }
    } finally {
      lock.unlock();
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
      // Past its deadline a watcher steps even beside movers: its one look does not wait.
      if (stepping || (!mover && movers > 0 && !deadline.hasPassed())) {
        long step = begun;
        if (deadline.hasPassed() && stepping) {
          child.wake(); // so that a look happens soon
        }
        awaitStepEnd(deadline);
        // A whole step that began after this call did has looked at everything on our behalf.
        // The next may have begun already: who steps gets the lock again before who waits.
        looked |= (!stepping || begun > step) && step > lastBegunBefore;
      } else if (needless.getAsBoolean()) {
        looked = true;
        if (!deadline.hasPassed()) {
          awaitStepEnd(deadline); // or a change of interest
        }
      } else {
        boolean idle = !step(deadline);
        // What is there already is taken also past the deadline, as data, end of file and exit come
        // one after the other.
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
  @SuppressWarnings("ThreadPriorityCheck") // a hint is all that is wanted
  private boolean step(Deadline deadline) throws IOException, InterruptedException {
    long before = progress;
    long changesBefore = changes;
    stepping = true;
    begun++;
    lock.unlock();
    IllegalStateException needlessStep = null;
    try {
      child.step(events, deadline);
    } catch (IllegalStateException e) {
      needlessStep = e;
    } finally {
      lock.lock();
      stepping = false;
      stepEnded.signalAll();
    }
    // The only thing that was wanted may have been given up by another thread since.
    if (needlessStep != null && changes == changesBefore) {
      throw needlessStep;
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
   * Looks once, without waiting and without caring for interrupts, unless that is known already or
   * another thread is looking.
   */
  void tryLook(BooleanSupplier known) throws IOException {
    lock.lock();
    try {
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
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no thread steps, then gives the child's resources back. Idempotent. */
  void release(Runnable giveBack) {
    lock.lock();
    try {
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
    } finally {
      lock.unlock();
    }
  }
}
