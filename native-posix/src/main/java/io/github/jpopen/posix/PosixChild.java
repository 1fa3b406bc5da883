package io.github.jpopen.posix;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One child: its pipes, its exit, and the step that moves and waits. */
final class PosixChild implements ChildProcess {
  private static final StreamKind[] KINDS = StreamKind.values();
  private static final int NOT_POLLED = -1;
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 50_000_000;

  private final PosixRuntime runtime;
  private final ChildExit exit;
  private final ChildPipe[] pipes;
  private final int[] polled;
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile @Nullable Waiter waiting;
  private volatile boolean closed;
  private boolean exitReported;
  private boolean watched;
  private boolean unwatchable;
  private long pauseNanos = FIRST_PAUSE_NANOS;

  /**
   * Makes the object, before there is a child, so that nothing can fail when there is one.
   *
   * @param ours our end of each pipe, or {@link ChildStreams#NONE}
   * @param mayGrow whether the size of the pipes is left to us
   */
  PosixChild(PosixRuntime runtime, int[] ours, boolean mayGrow) {
    this.runtime = runtime;
    exit = new ChildExit(runtime.posix(), runtime.processDescriptors());
    int count = 0;
    for (int descriptor : ours) {
      count += descriptor == ChildStreams.NONE ? 0 : 1;
    }
    pipes = new ChildPipe[count];
    polled = new int[count];
    for (int i = ours.length - 1; i >= 0; i--) {
      if (ours[i] != ChildStreams.NONE) {
        pipes[--count] = new ChildPipe(runtime, KINDS[i], ours[i], mayGrow);
      }
    }
  }

  ChildExit exit() {
    return exit;
  }

  @Override
  public long pid() {
    return exit.pid();
  }

  @Override
  public void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    // Cleared before core is asked what it wants: who changes that and then wakes is not
    // overlooked.
    boolean hurry = woken.getAndSet(false);
    hurry |= closeUnwanted(events);
    Waiter waiter = runtime.waiters().take();
    try {
      prepare(waiter, events);
      if (exitReported && waiter.count() == 0 && !hurry) {
        throw new IllegalStateException("nothing is wanted and the exit was reported");
      }
      int exitIndex = prepareExit(waiter);
      await(waiter, hurry, deadline);
      for (int i = 0; i < pipes.length; i++) {
        if (polled[i] != NOT_POLLED && happened(waiter, polled[i])) {
          pipes[i].happened(waiter.happened(polled[i]), events);
        }
      }
      if (!exitReported && (exitIndex == NOT_POLLED || happened(waiter, exitIndex))) {
        reportExit(waiter, events);
      }
    } finally {
      waiting = null;
      runtime.waiters().give(waiter);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean closeUnwanted(ChildEvents events) {
    boolean any = false;
    for (ChildPipe pipe : pipes) {
      if (pipe.isOpen() && events.closing(pipe.kind())) {
        pipe.close();
        events.closed(pipe.kind());
        any = true;
      }
    }
    return any;
  }

  private void prepare(Waiter waiter, ChildEvents events) {
    waiter.clear();
    for (int i = 0; i < pipes.length; i++) {
      ChildPipe pipe = pipes[i];
      if (!pipe.isOpen()) {
        polled[i] = NOT_POLLED;
      } else if (events.wants(pipe.kind())) {
        polled[i] = waiter.add(pipe.descriptor(), pipe.events());
      } else {
        boolean input = pipe.kind() == StreamKind.STDIN;
        polled[i] = input ? waiter.add(pipe.descriptor(), pipe.idleEvents()) : NOT_POLLED;
      }
    }
  }

  private int prepareExit(Waiter waiter) {
    int descriptor = exit.descriptor();
    return exitReported || descriptor == ChildExit.NONE
        ? NOT_POLLED
        : waiter.add(descriptor, runtime.posix().numbers().POLLIN());
  }

  private void await(Waiter waiter, boolean hurry, Deadline deadline)
      throws IOException, InterruptedException {
    long nanos = hurry ? 0 : deadline.isNever() ? -1 : deadline.nanosLeft();
    if (nanos != 0 && !exitReported && exit.descriptor() == ChildExit.NONE) {
      nanos = watchExit(waiter, nanos);
    }
    waiting = waiter;
    if (woken.get()) { // before the waiter could be seen
      nanos = 0;
    }
    waiter.await(nanos);
    waiting = null;
  }

  // Without a process descriptor: how long to wait, so that the exit is not overlooked for long.
  private long watchExit(Waiter waiter, long nanos) throws IOException {
    if (exit.collect(waiter.info()) != null) {
      return 0;
    }
    if (!watched && !unwatchable) {
      watched = exit.isPeekable() && ExitWatch.start(runtime.posix(), exit.pid(), this::ended);
      unwatchable = !watched;
    }
    if (watched) {
      return nanos;
    }
    long pause = nanos < 0 ? pauseNanos : Math.min(nanos, pauseNanos);
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
    return pause;
  }

  private boolean happened(Waiter waiter, int index) {
    int bits = waiter.happened(index);
    if ((bits & runtime.posix().numbers().POLLNVAL()) != 0) {
      throw new IllegalStateException(
          "a descriptor of process " + pid() + " was closed by someone else");
    }
    return bits != 0;
  }

  private void reportExit(Waiter waiter, ChildEvents events) throws IOException {
    ExitStatus status = exit.collect(waiter.info());
    if (status != null) {
      exitReported = true;
      events.exited(status);
    }
  }

  @Override
  public void wake() {
    woken.set(true);
    Waiter waiter = waiting;
    if (waiter != null) {
      waiter.wakeUp();
    }
  }

  @Override
  public boolean signal(int number) throws IOException {
    return exit.signal(number);
  }

  // Runs on the watching thread.
  private void ended() {
    wake();
    if (closed) {
      collectLate();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true; // from now on whoever watches collects
    for (ChildPipe pipe : pipes) {
      pipe.close();
    }
    if (exitReported || collectLate() || watched) {
      return;
    }
    boolean pollable = exit.descriptor() != ChildExit.NONE;
    if (pollable
        || !exit.isPeekable()
        || !ExitWatch.start(runtime.posix(), exit.pid(), this::ended)) {
      runtime.reaper().add(exit);
    }
  }

  private boolean collectLate() {
    try {
      return exit.collect() != null;
    } catch (IOException e) { // nobody is left to be told, and there is nothing that could be done
      return true;
    }
  }
}
