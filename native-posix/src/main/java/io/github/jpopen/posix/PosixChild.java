package io.github.jpopen.posix;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;

/** One child: its pipes, its exit, and the step that moves and waits. */
final class PosixChild implements ChildProcess {
  private static final StreamKind[] KINDS = StreamKind.values();
  private static final int NOT_POLLED = -1;
  private static final int NOT_WANTED = -1;
  private static final long FOREVER = -1;
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 50_000_000;

  private final PosixRuntime runtime;
  private final ChildExit exit;
  private final ChildPipe[] pipes;
  private final int[] polled;
  private final Alarm alarm = new Alarm();
  private final Runnable ring = alarm::ring;
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
    // Taken before core is asked what it wants: who changes that and then wakes is not overlooked.
    boolean hurry = alarm.take();
    hurry |= closeUnwanted(events);
    long nanos = hurry ? 0 : deadline.isNever() ? FOREVER : deadline.nanosLeft();
    boolean parks = nanos != 0 && Thread.currentThread().isVirtual();
    boolean happened = look(events, nanos, parks, hurry);
    if (parks && !happened && !Thread.currentThread().isInterrupted()) {
      park(events, nanos);
      boolean _ = alarm.take();
      boolean _ = closeUnwanted(events);
      boolean _ = look(events, 0, false, true);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  // Waits so long for something to happen, unless it is to park, and moves what can be moved then.
  // Whether anything happened.
  private boolean look(ChildEvents events, long nanos, boolean parks, boolean hurry)
      throws IOException, InterruptedException {
    Waiter waiter = runtime.waiters().take();
    try {
      prepare(waiter, events);
      if (exitReported && waiter.count() == 0 && !hurry) {
        throw new IllegalStateException("nothing is wanted and the exit was reported");
      }
      int exitIndex = prepareExit(waiter);
      boolean unpolled = !exitReported && exitIndex == NOT_POLLED;
      if (parks) {
        waiter.look(nanos);
      } else {
        alarm.poll(waiter, unpolled ? watchExit(nanos) : nanos);
      }
      boolean any = false;
      for (int i = 0; i < pipes.length; i++) {
        if (polled[i] != NOT_POLLED && happened(waiter, polled[i])) {
          pipes[i].happened(waiter.happened(polled[i]), events);
          any = true;
        }
      }
      if (!exitReported && (exitIndex == NOT_POLLED || happened(waiter, exitIndex))) {
        reportExit(waiter, events);
        any |= exitReported;
      }
      return any;
    } finally {
      runtime.waiters().give(waiter);
    }
  }

  // A system call that waits would keep the carrier of a virtual thread.
  private void park(ChildEvents events, long nanos) throws IOException {
    boolean armed = true;
    for (ChildPipe pipe : pipes) {
      int interest = interest(pipe, events);
      armed &= interest == NOT_WANTED || pipe.arm(interest, ring);
    }
    long limit = nanos;
    if (!exitReported && exit.descriptor() == ChildExit.NONE) {
      limit = watchExit(nanos);
    } else if (!exitReported) {
      armed &= exit.arm(runtime.poller(), ring);
    }
    alarm.park(armed ? limit : pause(limit));
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
      int interest = interest(pipes[i], events);
      polled[i] = interest == NOT_WANTED ? NOT_POLLED : waiter.add(pipes[i].descriptor(), interest);
    }
  }

  private static int interest(ChildPipe pipe, ChildEvents events) {
    if (!pipe.isOpen()) {
      return NOT_WANTED;
    }
    if (events.wants(pipe.kind())) {
      return pipe.events();
    }
    return pipe.kind() == StreamKind.STDIN ? pipe.idleEvents() : NOT_WANTED;
  }

  private int prepareExit(Waiter waiter) {
    int descriptor = exit.descriptor();
    return exitReported || descriptor == ChildExit.NONE
        ? NOT_POLLED
        : waiter.add(descriptor, runtime.posix().numbers().POLLIN());
  }

  // Without a process descriptor: how long to wait, so that the exit is not overlooked for long.
  private long watchExit(long nanos) throws IOException {
    if (nanos == 0 || exit.collect() != null) {
      return 0;
    }
    if (!watched && !unwatchable) {
      watched = exit.isPeekable() && ExitWatch.start(runtime.posix(), exit.pid(), this::ended);
      unwatchable = !watched;
    }
    return watched ? nanos : pause(nanos);
  }

  // How long to wait at most, where something may happen that nobody tells.
  private long pause(long nanos) {
    long pause = nanos < 0 ? pauseNanos : Math.min(nanos, pauseNanos);
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
    return pause;
  }

  private boolean happened(Waiter waiter, int index) {
    int bits = waiter.happened(index);
    if ((bits & runtime.posix().numbers().POLLNVAL()) != 0) {
      throw new IllegalStateException(
          "a descriptor of process " + pid() + " was closed by other code in this JVM");
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
    alarm.ring();
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
