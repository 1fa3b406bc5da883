package io.github.jpopen.posix.child;

import io.github.jpopen.posix.wait.PollContext;
import io.github.jpopen.posix.wait.StepWaker;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.util.List;

/** One child: its pipes, its exit, and the step that moves and waits. */
public final class PosixChild implements ChildProcess {
  private static final int NOT_POLLED = -1;
  private static final int NOT_WANTED = -1;

  /** How many steps in a row may find descriptors ready and move nothing, before one pauses. */
  private static final int TOLERATED = 3;

  private static final long FIRST_BACK_OFF_NANOS = 100_000;
  private static final long LONGEST_BACK_OFF_NANOS = 50_000_000;

  private final ChildServices services;
  private final ChildExit exit;
  private final ExitWait exitWait;
  private final ChildPipe[] pipes;
  private final int[] polled;
  private final StepWaker waker = new StepWaker();
  private final Runnable ring = waker::ring;
  private volatile boolean closed;
  private int fruitless;

  /**
   * Makes the object, before there is a child, so that nothing can fail when there is one.
   *
   * @param pipes our ends of the child's pipes; closed by this from now on
   */
  public PosixChild(ChildServices services, List<ChildPipe> pipes) {
    this.services = services;
    this.pipes = pipes.toArray(new ChildPipe[0]);
    polled = new int[this.pipes.length];
    exit = new ChildExit(services.posix(), services.processDescriptors());
    exitWait = new ExitWait(services, exit, ring);
  }

  /** The child was started a moment ago. */
  public void begin(int pid) {
    exit.begin(pid);
  }

  /** Ends a child that has no owner, collects it and closes its pipes. */
  public void destroy() {
    try {
      exit.destroy();
    } finally {
      close();
    }
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
    // Before core is asked what it wants: a thread that changes that and then wakes is not missed.
    boolean hurry = waker.testAndClear();
    hurry |= closeUnwanted(events);
    Deadline limit = hurry ? Deadline.now() : deadline;
    boolean parks = Thread.currentThread().isVirtual() && !limit.hasPassed();
    if (fruitless > TOLERATED && !waker.park(limit.atMost(backOffNanos()))) {
      return; // another thread steps in our place
    }
    boolean happened = look(events, limit, parks, hurry);
    if (parks && !happened && !Thread.currentThread().isInterrupted()) {
      if (!park(events, deadline)) {
        return;
      }
      boolean _ = waker.testAndClear();
      boolean _ = closeUnwanted(events);
      boolean _ = look(events, Deadline.now(), false, true);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  // Waits for something to happen, unless the thread is to park, and moves what can be moved then.
  // Whether anything happened.
  private boolean look(ChildEvents events, Deadline deadline, boolean parks, boolean hurry)
      throws IOException, InterruptedException {
    PollContext context = services.contexts().take();
    try {
      prepare(context, events);
      if (exitWait.isReported() && context.count() == 0 && !hurry) {
        throw new IllegalStateException("nothing is wanted and the exit was reported");
      }
      exitWait.prepare(context);
      if (parks) {
        waker.look(context, deadline);
      } else {
        waker.poll(context, exitWait.limit(deadline));
      }
      boolean any = moveReady(context, events);
      return exitWait.report(context, events) || any;
    } finally {
      services.contexts().give(context);
    }
  }

  private void prepare(PollContext context, ChildEvents events) {
    context.clear();
    for (int i = 0; i < pipes.length; i++) {
      int interest = interest(pipes[i], events);
      polled[i] =
          interest == NOT_WANTED ? NOT_POLLED : context.add(pipes[i].descriptor(), interest);
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

  private boolean moveReady(PollContext context, ChildEvents events) {
    boolean any = false;
    boolean progress = false;
    for (int i = 0; i < pipes.length; i++) {
      int bits = polled[i] == NOT_POLLED ? 0 : exit.checked(context.happened(polled[i]));
      if (bits != 0) {
        progress |= pipes[i].happened(bits, events);
        any = true;
      }
    }
    fruitless = any && !progress ? fruitless + 1 : 0;
    return any;
  }

  // A descriptor that stays ready while nothing can be moved would end every poll at once.
  private long backOffNanos() {
    return Math.min(LONGEST_BACK_OFF_NANOS, FIRST_BACK_OFF_NANOS << Math.min(10, fruitless));
  }

  // A system call that waits would keep the carrier of a virtual thread.
  // False if another thread steps in our place: then nothing of this child may be touched.
  private boolean park(ChildEvents events, Deadline deadline) throws IOException {
    boolean armed = true;
    for (ChildPipe pipe : pipes) {
      int interest = interest(pipe, events);
      armed &= interest == NOT_WANTED || pipe.arm(interest, ring);
    }
    Deadline limit = exitWait.limit(deadline);
    armed &= exitWait.arm();
    return waker.park(armed ? limit : exitWait.pause(limit));
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

  @Override
  public void wake() {
    waker.ring();
  }

  @Override
  public boolean takeOver() {
    return waker.takeOver();
  }

  @Override
  public boolean signal(int number) throws IOException {
    return exit.signal(number);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (ChildPipe pipe : pipes) {
      pipe.close();
    }
    exitWait.handOver();
  }
}
