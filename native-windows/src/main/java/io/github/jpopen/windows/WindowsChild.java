package io.github.jpopen.windows;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** One child: our ends of its pipes, its exit, and the step that moves and waits. */
final class WindowsChild implements ChildProcess {
  /** What one step moves at most of a stream, so that a busy child cannot hide a deadline. */
  private static final long BUDGET = 1 << 20;

  private final WindowsRuntime runtime;
  private final Progress progress;
  private final List<PipeEnd> pipes;
  private final ChildExit exit;
  private final ExitWatch exitWatch;

  // Guarded by the lock of progress.
  private boolean woken;
  private boolean closed;

  // Of the stepping thread.
  private boolean exitReported;

  WindowsChild(WindowsRuntime runtime, Progress progress, List<PipeEnd> pipes, ChildExit exit) {
    this.runtime = runtime;
    this.progress = progress;
    this.pipes = List.copyOf(pipes);
    this.exit = exit;
    exitWatch = new ExitWatch(runtime.exitWaiters(), exit, progress);
  }

  @Override
  public long pid() {
    return exit.pid();
  }

  @Override
  public void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException {
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
        runtime.port().flush(); // what ended a moment ago counts
      } else {
        if (!exitReported) {
          exitWatch.begin();
        }
        interrupted = !await(events, deadline);
      }
      moved = move(events);
      moved |= reportExit(events);
    }
    if (interrupted || Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  // Cleared before core is asked what it wants: who changes that and then wakes is not overlooked.
  private boolean begin() {
    progress.lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      boolean hurry = woken;
      woken = false;
      return hurry;
    } finally {
      progress.lock.unlock();
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
    progress.lock.lock();
    try {
      return pipe.isOpen();
    } finally {
      progress.lock.unlock();
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

  // Moves until every operation that is wanted is in flight, or the budget is used up.
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
    progress.lock.lock();
    try {
      done = pipe.isDone();
    } finally {
      progress.lock.unlock();
    }
    // A write that ended is told in any case.
    return done && (pipe.kind() == StreamKind.STDIN || events.wants(pipe.kind()));
  }

  // Issuing takes a moment on the port thread, whatever the deadline: then it is known what is
  // there.
  private void awaitIssued() {
    progress.lock.lock();
    try {
      while (isAnyAsked()) {
        progress.changed.awaitUninterruptibly();
      }
    } finally {
      progress.lock.unlock();
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
    exitWatch.cancel();
    events.exited(status);
    return true;
  }

  // False if interrupted.
  private boolean await(ChildEvents events, Deadline deadline) {
    boolean[] wanted = new boolean[pipes.size()];
    for (int i = 0; i < wanted.length; i++) {
      PipeEnd pipe = pipes.get(i);
      wanted[i] = pipe.kind() == StreamKind.STDIN || events.wants(pipe.kind());
    }
    progress.lock.lock();
    try {
      while (!woken && (exitReported || !exitWatch.isOver()) && !isAnyDone(wanted)) {
        if (deadline.isNever()) {
          progress.changed.await();
        } else {
          long left = deadline.nanosLeft();
          if (left == 0) {
            return true;
          }
          long _ = progress.changed.awaitNanos(left);
        }
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      progress.lock.unlock();
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
    progress.lock.lock();
    try {
      woken = true;
      progress.changed.signalAll();
    } finally {
      progress.lock.unlock();
    }
  }

  @Override
  public boolean signal(int number) throws IOException {
    return exit.signal(number);
  }

  /** Ends a child that nobody is to see. */
  void destroy() {
    exit.destroy();
    close();
  }

  @Override
  public void close() {
    progress.lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      progress.lock.unlock();
    }
    exitWatch.cancel();
    for (PipeEnd pipe : pipes) {
      pipe.close();
    }
    exit.close(); // Windows keeps no zombies
  }
}
