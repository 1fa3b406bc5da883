package io.github.jpopen.conversation;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.UnqueuedLock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which thread steps the child when several wait for it.
 *
 * <p>One thread holds the stepping token. The others wait until it ends its step, and then check
 * their own condition. {@link #lock} guards all state of the conversation; it is never held during
 * a step.
 *
 * <p>A virtual thread may get no carrier for as long as others compute, or are pinned. So no thread
 * depends on one: it takes the token from a virtual thread whose step waits. A thread that lost the
 * token waits for the step of the other.
 */
final class Stepper {
  /** Why a thread waits. */
  enum Role {
    /** To move bytes: communicate, the streams. Steps before any watcher. */
    MOVER,
    /** For the exit only; moves no byte but those that {@link #sendUnsent} sends. */
    WATCHER
  }

  /** What is stepped. Its methods are called with the lock held, those of a step without. */
  interface Stepped extends ChildEvents {
    /** Whether a step would have nothing to wait for. */
    boolean isStepPointless();

    /** Whether the calling thread may touch the memory of all bytes that may be moved. */
    boolean isAccessible();
  }

  /** Guards the state of the conversation. */
  final UnqueuedLock lock = new UnqueuedLock();

  /**
   * How many steps that move something may follow a deadline. Each moves a bounded number of bytes,
   * so a busy child cannot hide a deadline.
   */
  private static final int EXTRA_STEPS = 4;

  /** How long a thread lets a virtual thread step in its place before it takes the token. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long a thread waits past its deadline for a virtual thread in the middle of a step. */
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private enum Outcome {
    MOVED,
    IDLE,
    /** Another thread took the token meanwhile. */
    LOST_TOKEN
  }

  private final StateChange stepEnded = new StateChange(lock);
  private final ChildProcess child;
  private final Stepped state;
  private int movers;
  private long begun;
  private long progress;
  private long changes; // in what threads want
  private volatile @Nullable Thread stepper; // null if none has the token; changed with the lock
  private boolean released;
  private volatile boolean askedToSend; // by a wake of this step
  private volatile @Nullable Runnable beforeWaiting;
  private volatile @Nullable Runnable whenWritten;
  private @Nullable Waiting waiting; // the threads that wait, linked: noting one takes no memory
  private @Nullable Runnable left; // to be done at the release, when no thread steps

  /**
   * Makes the stepper of a child.
   *
   * @param state hears what a step does, and knows whether there is anything for it to do
   */
  Stepper(ChildProcess child, Stepped state) {
    this.child = child;
    this.state = state;
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

  /** Keeps the running step from waiting. Called by the thread that steps, with the lock held. */
  void endStep() {
    child.wake();
  }

  /**
   * Sets what runs before each step that may wait.
   *
   * @param action runs without the lock, on the thread with the token; null for nothing
   */
  void beforeWaiting(@Nullable Runnable action) {
    beforeWaiting = action;
  }

  /** Sets what also runs at each {@link #written}, without the lock. */
  void whenWritten(Runnable action) {
    whenWritten = action;
  }

  /** Does what a step does before it may wait. */
  void sendUnsent() {
    Runnable action = beforeWaiting;
    if (action != null) {
      action.run();
    }
  }

  /**
   * Lets the thread that waits in a step, if there is one, run {@link #beforeWaiting} again.
   *
   * <p>Needs no lock if no thread steps: one that begins to step meanwhile runs it later than this
   * was called.
   */
  void written() {
    if (stepper != null && !askedToSend) {
      try (var _ = lock.hold()) {
        if (stepper != null && !askedToSend) {
          askedToSend = true;
          child.wake();
        }
      }
    }
    Runnable also = whenWritten;
    if (also != null) {
      also.run();
    }
  }

  /** Ends the step of another thread early, which may have looked for input already. */
  void wakeOther() {
    Thread other = stepper;
    if (other != null && !other.equals(Thread.currentThread())) {
      child.wake();
    }
  }

  /** Ends a running step early, because a thread wants something else than before. */
  void interestChanged() {
    try (var _ = lock.hold()) {
      noteChange();
      if (stepper != null) {
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
      Waiting me = new Waiting(done, deadline, mover);
      if (mover) {
        movers++;
        noteChange();
        if (stepper != null && !(state.isAccessible() && takeOver())) {
          child.wake(); // what this thread wants may be new
        }
      }
      me.enter();
      try {
        return me.untilDone();
      } finally {
        me.leave();
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

  /** One thread in {@link #until}. Its methods are called with the lock held. */
  private final class Waiting {
    private final BooleanSupplier done;
    private final Deadline deadline;
    private final boolean mover;
    private final Thread thread = Thread.currentThread();
    private final boolean virtual = thread.isVirtual();
    private final long begunBefore = begun;
    private boolean looked;
    private boolean lostToken;
    private boolean patient = true;
    private long grace = GRACE_NANOS;
    private int extraSteps = EXTRA_STEPS;
    private @Nullable Waiting before;
    private @Nullable Waiting after;

    Waiting(BooleanSupplier done, Deadline deadline, boolean mover) {
      this.done = done;
      this.deadline = deadline;
      this.mover = mover;
    }

    void enter() {
      after = waiting;
      if (after != null) {
        after.before = this;
      }
      waiting = this;
    }

    void leave() {
      if (before == null) {
        waiting = after;
      } else {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
    }

    /** Whether it was done before the deadline. */
    boolean untilDone() throws IOException, InterruptedException {
      while (!done.getAsBoolean()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (released) {
          throw new IllegalStateException("this Popen is closed");
        }
        boolean late = deadline.hasPassed();
        if (late && (looked || grace <= 0)) {
          return false;
        }
        // Past its deadline a watcher steps even if there are movers: its one step does not wait.
        boolean yields = !mover && movers > 0 && !late && !replacesOthers();
        if (yields || (stepper != null && !((late || replacesOthers()) && takeOver()))) {
          awaitOther(late);
        } else if (state.isStepPointless()) {
          looked = true;
          if (!late) {
            stepEnded.await(deadline.nanosLeft()); // or a change of interest
          }
        } else {
          step();
        }
      }
      return true;
    }

    private void awaitOther(boolean late) throws InterruptedException {
      long step = begun;
      boolean stuck = stepper == null || stepper.isVirtual(); // perhaps: it may have no carrier
      if (late) {
        child.wake(); // so that a step begins soon
        long left = stepEnded.await(stuck ? grace : Long.MAX_VALUE);
        grace = stuck ? left : grace;
      } else {
        boolean waits = stuck && mayReplaceOthers();
        long nanos = waits ? PATIENCE_NANOS : Long.MAX_VALUE;
        patient = stepEnded.await(Math.min(nanos, deadline.nanosLeft())) > 0;
      }
      // A whole step that began after this call has checked everything on our behalf. The next
      // step may have begun already: the stepping thread may reacquire the lock before a waiter
      // does.
      looked |= (stepper == null || begun > step) && step > begunBefore;
    }

    /** Whether it has waited long enough for a virtual thread to step. */
    private boolean replacesOthers() {
      return !patient && mayReplaceOthers();
    }

    // A virtual thread that has lost the token runs, so carriers are free: it leaves it there, and
    // two threads do not take it from each other again and again.
    private boolean mayReplaceOthers() {
      return !(virtual && lostToken) && state.isAccessible();
    }

    private void step() throws IOException, InterruptedException {
      Outcome outcome = Stepper.this.step(deadline);
      lostToken = outcome == Outcome.LOST_TOKEN;
      patient = true;
      if (!lostToken) {
        // Past the deadline, what has already come is still taken: data, end of file and exit come
        // in separate steps.
        boolean idle = outcome == Outcome.IDLE;
        looked |= idle || !deadline.hasPassed() || --extraSteps == 0;
      }
    }
  }

  /** The threads that wait, the last one first. Call with the lock held. */
  List<Situation.Call> calls() {
    List<Situation.Call> calls = new ArrayList<>();
    for (Waiting next = waiting; next != null; next = next.after) {
      Situation.Activity activity =
          next.mover ? Situation.Activity.MOVES : Situation.Activity.AWAITS_EXIT;
      calls.add(new Situation.Call(next.thread, activity, next.deadline));
    }
    return calls;
  }

  /** Takes the token from a virtual thread whose step waits. Call with the lock held. */
  private boolean takeOver() {
    if (stepper == null || !stepper.isVirtual() || !child.takeOver()) {
      return false;
    }
    stepper = null;
    return true;
  }

  private Outcome step(Deadline deadline) throws IOException, InterruptedException {
    long before = progress;
    long changesBefore = changes;
    long number = ++begun;
    Thread me = Thread.currentThread();
    stepper = me;
    askedToSend = false;
    lock.close();
    IllegalStateException pointlessStep = null;
    boolean lostToken = false;
    try {
      if (!deadline.hasPassed()) {
        sendUnsent();
      }
      child.step(state, deadline);
    } catch (IllegalStateException e) {
      pointlessStep = e;
    } finally {
      var _ = lock.hold();
      lostToken = begun != number || !me.equals(stepper);
      if (!lostToken) {
        stepper = null;
        giveBackIfLeft();
        stepEnded.signalAll();
      }
    }
    if (lostToken) {
      return Outcome.LOST_TOKEN;
    }
    // Another thread may have stopped wanting the only thing that this step was for.
    if (pointlessStep != null && changes == changesBefore) {
      throw pointlessStep;
    }
    boolean moved = progress != before;
    if (moved && me.isVirtual()) {
      yieldCarrier();
    }
    return moved ? Outcome.MOVED : Outcome.IDLE;
  }

  /** A busy child must not keep other virtual threads from their carrier. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint is enough
  private void yieldCarrier() {
    lock.close();
    try {
      Thread.yield();
    } finally {
      var _ = lock.hold();
    }
  }

  /**
   * Steps once, without waiting, unless the condition holds or another thread is stepping. An
   * interrupt stays pending.
   */
  void tryStep(BooleanSupplier known) throws IOException {
    try (var _ = lock.hold()) {
      if (stepper != null || released || known.getAsBoolean()) {
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

  /**
   * Waits until no thread steps, then gives the child's resources back. If a virtual thread has no
   * carrier in the middle of a step, that thread does it when its step ends. Idempotent.
   */
  void release(Runnable giveBack) {
    try (var _ = lock.hold()) {
      boolean first = !released;
      released = true; // no new step begins
      if (first) {
        left = giveBack;
      }
      long grace = GRACE_NANOS;
      while (stepper != null && grace > 0 && !takeOver()) {
        child.wake();
        boolean virtual = stepper.isVirtual();
        long rest = stepEnded.awaitUninterruptibly(virtual ? grace : Long.MAX_VALUE);
        grace = virtual ? rest : grace;
      }
      if (stepper == null) {
        giveBackIfLeft();
        stepEnded.signalAll();
      }
    }
  }

  private void giveBackIfLeft() {
    Runnable giveBack = left;
    left = null;
    if (giveBack != null) {
      giveBack.run();
    }
  }
}
