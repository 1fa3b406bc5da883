package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.wait.PortThread;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One step of a child: what it moves and what it waits for. Used by one thread, once. */
final class ChildStep {
  /** The most that one step moves of a stream, so that a busy child cannot hide a deadline. */
  private static final long BUDGET = 1 << 20;

  /** Much longer than the port thread takes for a command; it may be stuck in a call. */
  private static final long PORT_NANOS = 500_000_000;

  /** How often a step looks for the exit if no thread can wait for it. */
  private static final long LOOK_NANOS = 20_000_000;

  private final PortThread port;
  private final PortThread.Flush flush;
  private final StepSignal signal;
  private final List<PipeEnd> pipes;
  private final ExitWait exit;
  private final ChildEvents events;

  /** What may still be moved of each pipe. */
  private final long[] left;

  /** The pipes whose operation may end the wait. */
  private final boolean[] wanted;

  /** Another thread steps in place of this one, which has to return. */
  private boolean overtaken;

  ChildStep(
      PortThread port,
      PortThread.Flush flush,
      StepSignal signal,
      List<PipeEnd> pipes,
      ExitWait exit,
      ChildEvents events) {
    this.port = port;
    this.flush = flush;
    this.signal = signal;
    this.pipes = pipes;
    this.exit = exit;
    this.events = events;
    left = new long[pipes.size()];
    wanted = new boolean[pipes.size()];
  }

  /** Steps. The flag of a wake-up is cleared before core is asked what it wants. */
  void run(Deadline deadline) throws IOException, InterruptedException {
    boolean hurry = signal.testAndClearWoken();
    hurry |= closeUnwanted();
    if (exit.isReported() && !hurry && !isAnythingOpen()) {
      throw new IllegalStateException("nothing is wanted and the exit was reported");
    }
    boolean moved = moveAndReport();
    if (!moved && !hurry && !overtaken) {
      if (deadline.hasPassed()) {
        awaitFlush(); // operations that have just ended count
      } else {
        await(deadline);
      }
      boolean _ = moveAndReport();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean closeUnwanted() {
    boolean any = false;
    for (PipeEnd pipe : pipes) {
      any |= pipe.closeIfUnwanted(events);
    }
    return any;
  }

  private boolean isOpen(PipeEnd pipe) {
    try (var _ = signal.lock.hold()) {
      return pipe.isOpen();
    }
  }

  private boolean isAnythingOpen() {
    for (PipeEnd pipe : pipes) {
      if (isOpen(pipe) && isWanted(pipe)) {
        return true;
      }
    }
    return false;
  }

  // The result of a write is always reported.
  private boolean isWanted(PipeEnd pipe) {
    return pipe.kind() == StreamKind.STDIN || events.wants(pipe.kind());
  }

  private boolean moveAndReport() throws IOException {
    boolean moved = !overtaken && move();
    boolean reported = !overtaken && exit.report(events);
    return moved || reported;
  }

  // Moves bytes until every wanted operation is in flight or the budget is used up.
  private boolean move() {
    boolean any = false;
    Arrays.fill(left, BUDGET);
    boolean again = true;
    while (again && !overtaken) {
      again = false;
      for (int i = 0; i < left.length; i++) {
        if (left[i] > 0 && isOpen(pipes.get(i))) {
          long moved = pipes.get(i).move(events, left[i]);
          left[i] -= moved;
          any |= moved > 0;
        }
      }
      // Whatever the deadline: issuing takes the port thread a moment, and shows which bytes are
      // there. If the thread is stuck in a call, the step goes on without it.
      await(this::isNoneAsked, PORT_NANOS, false);
      for (int i = 0; i < left.length && !overtaken; i++) {
        again |= left[i] > 0 && isDone(pipes.get(i)) && isWanted(pipes.get(i));
      }
    }
    return any;
  }

  private boolean isDone(PipeEnd pipe) {
    try (var _ = signal.lock.hold()) {
      return pipe.isDone();
    }
  }

  private boolean isNoneAsked() {
    try (var _ = signal.lock.hold()) {
      for (PipeEnd pipe : pipes) {
        if (pipe.isAsked()) {
          return false;
        }
      }
      return true;
    }
  }

  // If the port thread is stuck, or no packet can be posted, what was handled so far counts.
  private void awaitFlush() {
    if (port.flush(flush)) {
      await(flush::isReached, PORT_NANOS, false);
    }
  }

  private void await(Deadline deadline) throws IOException {
    boolean exitIsReported = exit.isReported() || exit.begin();
    long longest = exitIsReported ? Long.MAX_VALUE : LOOK_NANOS;
    for (int i = 0; i < wanted.length; i++) {
      PipeEnd pipe = pipes.get(i);
      wanted[i] = isWanted(pipe);
      long pause = wanted[i] && isOpen(pipe) && pipe.isIdle() ? pipe.shortage.pauseNanos() : 0;
      longest = pause > 0 ? Math.min(longest, pause) : longest;
    }
    await(this::hasHappened, Math.min(longest, deadline.nanosLeft()), true);
  }

  private boolean hasHappened() {
    if (signal.isWoken()) {
      return true;
    }
    try (var _ = signal.lock.hold()) {
      boolean any = !exit.isReported() && exit.isOver();
      for (int i = 0; i < wanted.length; i++) {
        any |= wanted[i] && pipes.get(i).isDone();
      }
      return any;
    }
  }

  private void await(BooleanSupplier over, long nanos, boolean interruptible) {
    overtaken = !signal.await(over, nanos, interruptible);
  }
}
