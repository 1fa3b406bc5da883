package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Usage;
import io.github.jpopen.windows.wait.PortThread;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One child: our ends of its pipes, its exit, and the step that moves and waits. */
public final class WindowsChild implements ChildProcess {
  /** The most that one step moves of a stream, so that a busy child cannot hide a deadline. */
  private static final long BUDGET = 1 << 20;

  /** Much longer than the port thread takes to issue an operation. */
  private static final long ISSUE_NANOS = 500_000_000;

  /** How often a step looks for the exit if no thread can wait for it. */
  private static final long LOOK_NANOS = 20_000_000;

  private final PortThread port;
  private final UnreachableChildren unreachable;
  private final StepSignal signal;
  private final List<PipeEnd> pipes;
  private final ChildExit exit;
  private final ExitRegistration exitRegistration;

  /** Held by the one thread that uses the pipes: in a step, or to give back what they hold. */
  private final ReentrantLock use = new ReentrantLock();

  private volatile boolean unattended;

  // Guarded by the lock of signal.
  private boolean woken;
  private boolean closed;

  // Used by the stepping thread only.
  private boolean exitReported;

  /**
   * Takes over the pipes and the exit of a process.
   *
   * @param port the port thread of the pipes
   */
  public WindowsChild(
      ChildServices services,
      PortThread port,
      StepSignal signal,
      List<PipeEnd> pipes,
      ChildExit exit) {
    this.port = port;
    unreachable = services.unreachableChildren();
    this.signal = signal;
    this.pipes = List.copyOf(pipes);
    this.exit = exit;
    exitRegistration = new ExitRegistration(services.exitWaiters(), exit, signal, this::ended);
  }

  @Override
  public long pid() {
    return exit.pid();
  }

  @Override
  public @Nullable Usage usage() {
    return exit.usage();
  }

  @Override
  public void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException {
    use.lock();
    try {
      for (PipeEnd pipe : pipes) {
        pipe.stopDraining();
      }
      stepAlone(events, deadline);
    } finally {
      use.unlock();
      if (unattended && exit.isKnown()) {
        drain();
      }
    }
  }

  private void stepAlone(ChildEvents events, Deadline deadline)
      throws IOException, InterruptedException {
    boolean hurry = begin();
    hurry |= closeUnwanted(events);
    if (exitReported && !hurry && !isAnythingOpen(events)) {
      throw new IllegalStateException("nothing is wanted and the exit was reported");
    }
    boolean interrupted = false;
    boolean moved = move(events);
    moved |= reportExit(events);
    if (!moved && !hurry) {
      if (deadline.hasPassed()) {
        port.flush(); // operations that have just ended count
      } else {
        interrupted = !await(events, deadline);
      }
      moved = move(events);
      moved |= reportExit(events);
    }
    if (interrupted || Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  // Cleared before core is asked what it wants, so that no change followed by wake() is missed.
  private boolean begin() {
    signal.lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the child is closed");
      }
      boolean hurry = woken;
      woken = false;
      return hurry;
    } finally {
      signal.lock.unlock();
    }
  }

  private boolean closeUnwanted(ChildEvents events) {
    boolean any = false;
    for (PipeEnd pipe : pipes) {
      if (isOpen(pipe) && events.closing(pipe.kind())) {
        pipe.close();
        events.closed(pipe.kind());
        any = true;
      }
    }
    return any;
  }

  private boolean isOpen(PipeEnd pipe) {
    signal.lock.lock();
    try {
      return pipe.isOpen();
    } finally {
      signal.lock.unlock();
    }
  }

  private boolean isAnythingOpen(ChildEvents events) {
    for (PipeEnd pipe : pipes) {
      boolean stdin = pipe.kind() == StreamKind.STDIN;
      if (isOpen(pipe) && (stdin || events.wants(pipe.kind()))) {
        return true;
      }
    }
    return false;
  }

  // Moves bytes until every wanted operation is in flight or the budget is used up.
  private boolean move(ChildEvents events) {
    boolean any = false;
    long[] left = new long[pipes.size()];
    Arrays.fill(left, BUDGET);
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 0; i < left.length; i++) {
        if (left[i] > 0 && isOpen(pipes.get(i))) {
          long moved = pipes.get(i).move(events, left[i]);
          left[i] -= moved;
          any |= moved > 0;
        }
      }
      awaitIssued();
      for (int i = 0; i < left.length; i++) {
        again |= left[i] > 0 && isMovable(pipes.get(i), events);
      }
    }
    return any;
  }

  private boolean isMovable(PipeEnd pipe, ChildEvents events) {
    boolean done;
    signal.lock.lock();
    try {
      done = pipe.isDone();
    } finally {
      signal.lock.unlock();
    }
    // The result of a write is always reported.
    return done && (pipe.kind() == StreamKind.STDIN || events.wants(pipe.kind()));
  }

  // Whatever the deadline: issuing takes the port thread a moment, and shows which bytes are there.
  // If the thread is stuck in a call, the step goes on without it, so that its deadline counts.
  private void awaitIssued() {
    boolean interrupted = false;
    long left = ISSUE_NANOS;
    signal.lock.lock();
    try {
      while (isAnyAsked() && left > 0) {
        try {
          left = signal.changed.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      signal.lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isAnyAsked() {
    for (PipeEnd pipe : pipes) {
      if (pipe.isAsked()) {
        return true;
      }
    }
    return false;
  }

  private boolean reportExit(ChildEvents events) throws IOException {
    if (exitReported) {
      return false;
    }
    Termination status = exit.collect();
    if (status == null) {
      return false;
    }
    exitReported = true;
    exitRegistration.cancel();
    events.exited(status);
    return true;
  }

  // False if interrupted.
  private boolean await(ChildEvents events, Deadline deadline) throws IOException {
    boolean exitIsTold = exitReported || exitRegistration.begin();
    boolean[] wanted = new boolean[pipes.size()];
    long longest = exitIsTold ? Long.MAX_VALUE : LOOK_NANOS;
    for (int i = 0; i < wanted.length; i++) {
      PipeEnd pipe = pipes.get(i);
      wanted[i] = pipe.kind() == StreamKind.STDIN || events.wants(pipe.kind());
      long pause = wanted[i] && isOpen(pipe) && pipe.isIdle() ? pipe.shortage.pauseNanos() : 0;
      longest = pause > 0 ? Math.min(longest, pause) : longest;
    }
    return await(wanted, deadline, longest);
  }

  private boolean await(boolean[] wanted, Deadline deadline, long longest) {
    long end = System.nanoTime() + longest;
    signal.lock.lock();
    try {
      while (!woken && (exitReported || !exitRegistration.isOver()) && !isAnyDone(wanted)) {
        long left = deadline.isNever() ? Long.MAX_VALUE : deadline.nanosLeft();
        if (longest < Long.MAX_VALUE) {
          left = Math.min(left, Math.max(0, end - System.nanoTime()));
        }
        if (left == 0) {
          return true;
        }
        if (left == Long.MAX_VALUE) {
          signal.changed.await();
        } else {
          long _ = signal.changed.awaitNanos(left);
        }
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      signal.lock.unlock();
    }
  }

  private boolean isAnyDone(boolean[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] && pipes.get(i).isDone()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void wake() {
    signal.lock.lock();
    try {
      woken = true;
      signal.changed.signalAll();
    } finally {
      signal.lock.unlock();
    }
  }

  @Override
  public boolean signal(int number) throws IOException {
    return exit.signal(number);
  }

  // Best effort: without a thread the next step, close() and the garbage collector do it.
  @Override
  public void unattended() {
    unreachable.handedOut();
    unattended = true;
    use.lock();
    try {
      boolean _ = exitRegistration.begin();
    } catch (IOException e) {
      // A step reports it, if it lasts.
    } finally {
      use.unlock();
    }
  }

  // On a waiting thread. The exit is known before the lock is tried, so that a step that runs sees
  // it when it ends.
  private void ended() {
    try {
      if (unattended && exit.collect() != null) {
        drain();
      }
    } catch (IOException e) {
      // The next step reports it.
    }
  }

  private void drain() {
    if (use.tryLock()) {
      try {
        if (!isClosed()) {
          pipes.forEach(PipeEnd::drain);
        }
      } finally {
        use.unlock();
      }
    }
  }

  private boolean isClosed() {
    signal.lock.lock();
    try {
      return closed;
    } finally {
      signal.lock.unlock();
    }
  }

  @Override
  public void close() {
    signal.lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      signal.lock.unlock();
    }
    unreachable.closed();
    exitRegistration.cancel();
    for (PipeEnd pipe : pipes) {
      pipe.close();
    }
    exit.close(); // Windows keeps no zombies
  }
}
