package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.spi.Usage;
import io.github.jpopen.windows.wait.PortThread;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One child: our ends of its pipes, its exit, and the step that moves and waits. */
public final class WindowsChild implements ChildProcess, UnwatchedChildren.Child {
  private final PortThread port;
  private final UnwatchedChildren unwatched;
  private final StepSignal signal;
  private final List<PipeEnd> pipes;
  private final ChildExit exit;
  private final ExitWait exitWait;
  private final PortThread.Flush flush;
  private final @Nullable ChildJob job;

  /** Held while what the pipes hold is given back, for which no thread may step. */
  private final UnqueuedLock use = new UnqueuedLock();

  /** How many steps have not returned: more than one if a thread stepped in place of another. */
  private final AtomicInteger steps = new AtomicInteger();

  private final AtomicBoolean closed = new AtomicBoolean();

  /** Whether the user's child was found ended, and has given back what it had. */
  private final AtomicBoolean known = new AtomicBoolean();

  private volatile boolean unattended;

  /**
   * Takes over the pipes and the exit of a process.
   *
   * @param port the port thread of the pipes
   * @param job the job that the process is started in, or null
   */
  public WindowsChild(
      ChildServices services,
      PortThread port,
      StepSignal signal,
      List<PipeEnd> pipes,
      ChildExit exit,
      @Nullable ChildJob job) {
    this.port = port;
    unwatched = services.unwatched();
    this.signal = signal;
    this.pipes = List.copyOf(pipes);
    this.exit = exit;
    this.job = job;
    exitWait = new ExitWait(services, exit, signal, this::ended);
    flush = new PortThread.Flush(signal::changed);
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
    beginStep();
    try {
      if (closed.get()) {
        throw new IllegalStateException("the child is closed");
      }
      for (PipeEnd pipe : pipes) {
        pipe.stopDraining();
      }
      new ChildStep(port, flush, signal, pipes, exitWait, events).run(deadline);
    } finally {
      int _ = steps.decrementAndGet();
      if ((unattended || job != null) && exit.isKnown()) {
        boolean _ = giveBack();
      }
    }
  }

  private void beginStep() {
    try (var _ = use.hold()) {
      int _ = steps.incrementAndGet();
    }
  }

  @Override
  public void wake() {
    signal.wake();
  }

  @Override
  public boolean takeOver() {
    return signal.takeOver();
  }

  @Override
  public boolean signal(int number) throws IOException {
    return exit.signal(number);
  }

  @Override
  public List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    if (job == null || !job.isForTree()) {
      return exit.killTree(deadline);
    }
    List<ProcessHandle> survivors = job.kill(deadline);
    if (closed.get() || exit.isKnown()) {
      job.release();
    }
    return survivors;
  }

  @Override
  public boolean awaitTree(Deadline deadline) throws IOException, InterruptedException {
    return job != null && job.isForTree() && job.awaitEmpty(deadline);
  }

  @Override
  public Condition condition() {
    return exit.condition();
  }

  @Override
  public long queued(StreamKind stream) {
    for (PipeEnd pipe : pipes) {
      if (pipe.kind() == stream) {
        return pipe.queued();
      }
    }
    return -1;
  }

  // Best effort: without a thread the next step, close() and the garbage collector do it. No user
  // has the child yet and no thread steps, so this needs no lock.
  @Override
  public void unattended() {
    unattended = true;
    try {
      unwatched.handedOut(this);
    } catch (OutOfMemoryError e) {
      // It is not asked at a limit.
    }
    try {
      boolean _ = exitWait.begin();
    } catch (IOException e) {
      // A step reports it, if it lasts.
    }
  }

  @Override
  public boolean giveBackIfEnded() {
    try {
      // The thread that has seen the exit may not have given anything back yet.
      return exit.collect() != null && giveBack();
    } catch (IOException e) {
      return false; // the next step reports it
    }
  }

  // On a waiting thread. The exit is known before the lock is tried, so that a step that runs sees
  // it when it ends.
  private void ended() {
    try {
      if (unattended && exit.collect() != null) {
        boolean _ = giveBack();
      }
    } catch (IOException e) {
      // The next step reports it.
    }
  }

  // Whether this is the first time.
  private boolean giveBack() {
    if (job != null) {
      job.release();
    }
    if (!unattended) {
      return false;
    }
    drain();
    boolean first = !known.getAndSet(true);
    if (first) {
      unwatched.ended();
    }
    return first;
  }

  // A thread that steps sees the exit when its step ends.
  private void drain() {
    if (!use.tryHold()) {
      return;
    }
    try (use) {
      if (closed.get() || steps.get() > 0) {
        return;
      }
      pipes.forEach(PipeEnd::decideToDrain);
    }
    pipes.forEach(PipeEnd::drain); // without the lock: this waits for that of the port thread
  }

  @Override
  public boolean isGivingBack() {
    return pipes.stream().anyMatch(PipeEnd::isDraining);
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    unwatched.closed(this);
    exitWait.cancel();
    for (PipeEnd pipe : pipes) {
      pipe.close();
    }
    exit.close(); // Windows keeps no zombies
    if (job != null) {
      job.release();
    }
  }
}
