package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.tree.CgroupRefused;
import io.github.jpopen.posix.tree.ChildIdentity;
import io.github.jpopen.posix.tree.ProcessTree;
import io.github.jpopen.posix.tree.TreeCgroup;
import io.github.jpopen.posix.tree.TreeMark;
import io.github.jpopen.posix.wait.PollContext;
import io.github.jpopen.posix.wait.StepWaker;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Persistently;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One child: its pipes, its exit, and the step that moves and waits. */
public final class PosixChild implements ChildProcess, UnwatchedChildren.Child {
  private static final int NOT_POLLED = -1;
  private static final int READY = -2;
  private static final int NOT_WANTED = -1;

  /** How many steps in a row may find descriptors ready and move nothing, before one pauses. */
  private static final int TOLERATED = 3;

  /** How often {@code waitid} may be refused before no exit is expected. */
  private static final int MOST_REFUSALS = 100;

  private static final long FIRST_BACK_OFF_NANOS = 100_000;
  private static final long LONGEST_BACK_OFF_NANOS = 50_000_000;

  /** How long the processes may take to end that a child without an owner has started. */
  private static final Duration DESTROY_TIME = Duration.ofSeconds(2);

  /** How long before a deadline a long wait is interrupted for a look. */
  private static final long LOOK_BEFORE_NANOS = 300_000;

  private static final long LONG_WAIT_NANOS = 1_000_000;

  private final ChildServices services;
  private final ChildExit exit;
  private final ExitWait exitWait;
  private final ChildPipe[] pipes;
  private final int[] polled;
  private final @Nullable TreeMark mark;
  private final @Nullable TreeCgroup cgroup;
  private final StepWaker waker = new StepWaker();

  /** Held while what the child holds is given back, for which no thread may step. */
  private final ReentrantLock use = new ReentrantLock();

  /** How many steps have not returned: more than one if a thread stepped in place of another. */
  private final AtomicInteger steps = new AtomicInteger();

  private final AtomicBoolean listed = new AtomicBoolean();
  private volatile @Nullable ProcessTree tree;
  private volatile boolean unattended;
  private volatile boolean closed;
  private boolean ready;
  private int fruitless;
  private volatile boolean nothingHeld;
  private boolean exitSeen;
  private int refusals;

  /**
   * Makes the object, before there is a child, so that nothing can fail when there is one.
   *
   * @param pipes our ends of the child's pipes; closed by this from now on
   * @param mark what the environment of the child has, null if what it starts need not be found
   * @param cgroup of the child, null for ours; removed by this from now on
   */
  public PosixChild(
      ChildServices services,
      List<ChildPipe> pipes,
      @Nullable TreeMark mark,
      @Nullable TreeCgroup cgroup) {
    this.services = services;
    this.mark = mark;
    this.cgroup = cgroup;
    this.pipes = pipes.toArray(new ChildPipe[0]);
    polled = new int[this.pipes.length];
    exit = new ChildExit(services.posix(), services.processDescriptors());
    exitWait = new ExitWait(services, exit, waker);
    if (cgroup != null) {
      exit.onCollection(cgroup::leave);
    }
  }

  /** The child was started a moment ago. */
  public void begin(int pid) {
    exit.begin(pid);
    if (mark != null || cgroup != null) {
      tree = newTree();
    }
    services.resume();
  }

  private ProcessTree newTree() {
    ChildIdentity identity = new ChildIdentity(exit.pid(), mark, cgroup, exit::isHeld);
    return ProcessTree.of(services.trees(), identity);
  }

  /** Moves a child that was started a moment ago into its cgroup, if it has one. */
  public void enterCgroup() throws CgroupRefused {
    if (cgroup != null && exit.isHeld()) {
      cgroup.enter(exit.pid());
    }
  }

  /** Ends a child that has no owner, collects it and closes its pipes. */
  public void destroy() {
    try {
      if (cgroup != null) {
        List<ProcessHandle> _ = killTree(Deadline.after(DESTROY_TIME));
      }
    } catch (IOException e) { // the child, at least
    } finally {
      collectAndClose();
    }
  }

  private void collectAndClose() {
    try {
      exit.destroy();
    } finally {
      closePersistently();
    }
  }

  /** Closes it, and again if there was no memory, for about a second. */
  public void closePersistently() {
    for (int tries = 1; ; tries++) {
      try {
        close();
        return;
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      }
    }
  }

  @Override
  public long pid() {
    return exit.pid();
  }

  /** What the environment of the child has, null if what it starts need not be found. */
  public @Nullable TreeMark mark() {
    return mark;
  }

  /** The cgroup of the child, null if it has that of this process. */
  public @Nullable TreeCgroup cgroup() {
    return cgroup;
  }

  /** Our end of the pipe to its stdin, or -1 if there is none. */
  public int stdin() {
    ChildPipe pipe = pipe(StreamKind.STDIN);
    return pipe == null ? -1 : pipe.descriptor();
  }

  /**
   * Sets what runs once: when the exit was collected, or this is closed. At once if the exit was
   * collected.
   *
   * @param action needs no memory, and does not use this child
   */
  public void onRelease(Runnable action) {
    exit.onRelease(action);
  }

  @Override
  public void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException {
    beginStep();
    try {
      stepAlone(events, deadline);
    } finally {
      steps.decrementAndGet();
      if (unattended && !nothingHeld && !closed) {
        run();
      }
    }
  }

  private void beginStep() {
    use.lock();
    try {
      steps.incrementAndGet();
    } finally {
      use.unlock();
    }
  }

  private void stepAlone(ChildEvents events, Deadline deadline)
      throws IOException, InterruptedException {
    if (closed) {
      throw new IllegalStateException("the child is closed");
    }
    // Before core is asked what it wants: a thread that changes that and then wakes is not missed.
    boolean hurry = waker.testAndClear();
    hurry |= closeUnwanted(events);
    Deadline limit = hurry ? Deadline.now() : lookBefore(deadline);
    boolean parks = Thread.currentThread().isVirtual() && !limit.hasPassed();
    if (fruitless > TOLERATED && !waker.park(limit.atMost(backOffNanos()))) {
      return; // another thread steps in our place
    }
    boolean happened = pollAndMove(events, limit, parks, hurry);
    if (parks && !happened && !Thread.currentThread().isInterrupted()) {
      if (!park(events, limit)) {
        return;
      }
      boolean _ = waker.testAndClear();
      boolean _ = closeUnwanted(events);
      boolean _ = pollAndMove(events, Deadline.now(), false, true);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  // A sleep leaves the processor's caches cold: all between the wake-up and the caller is late by
  // what they load. So a long wait ends a little early, and the next step, which does the same
  // again, waits for the rest.
  private static Deadline lookBefore(Deadline deadline) {
    long nanos = deadline.nanosLeft();
    return deadline.isNever() || nanos <= LONG_WAIT_NANOS
        ? deadline
        : deadline.atMost(nanos - LOOK_BEFORE_NANOS);
  }

  // Waits for something to happen, unless the thread is to park, and moves what can be moved then.
  // Whether anything happened.
  private boolean pollAndMove(ChildEvents events, Deadline deadline, boolean parks, boolean hurry)
      throws IOException, InterruptedException {
    PollContext context = services.contexts().take();
    try {
      prepare(context, events);
      if (exitWait.isReported() && context.count() == 0 && !ready && !hurry) {
        throw new IllegalStateException("nothing is wanted and the exit was reported");
      }
      exitWait.prepare(context);
      if (parks) {
        waker.pollNow(context, deadline);
      } else {
        waker.poll(context, ready ? Deadline.now() : exitWait.limit(deadline));
      }
      boolean any = moveReady(context, events);
      return exitWait.report(context, events) || any;
    } finally {
      services.contexts().give(context);
    }
  }

  private void prepare(PollContext context, ChildEvents events) {
    context.clear();
    ready = false;
    for (int i = 0; i < pipes.length; i++) {
      int interest = interest(pipes[i], events);
      if (interest == NOT_WANTED) {
        polled[i] = NOT_POLLED;
      } else if (pipes[i].isReady()) {
        polled[i] = READY;
        ready = true;
      } else {
        polled[i] = context.add(pipes[i].descriptor(), interest);
      }
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
      int bits = polled[i] < 0 ? 0 : exit.checked(context.happened(polled[i]));
      if (bits != 0 || polled[i] == READY) {
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
      armed &= interest == NOT_WANTED || pipe.arm(interest, waker);
    }
    Deadline limit = exitWait.limit(deadline);
    armed &= exitWait.arm();
    return waker.park(armed ? limit : exitWait.pause(limit));
  }

  private boolean closeUnwanted(ChildEvents events) {
    boolean any = false;
    for (ChildPipe pipe : pipes) {
      any |= pipe.closeIfUnwanted(events);
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

  // Best effort: without memory the garbage collector and close() still give everything back.
  @Override
  public void unattended() {
    try {
      services.unwatched().add(this);
      unattended = true;
      run();
    } catch (OutOfMemoryError e) {
      // The next step lists it.
    }
  }

  /** Lists this child for a look soon, once no thread steps it. */
  @Override
  public void run() {
    if (!closed && listed.compareAndSet(false, true)) {
      boolean done = false;
      try {
        services.unwatched().list(this);
        done = true;
      } catch (OutOfMemoryError e) {
        // The next step lists it.
      } finally {
        if (!done) {
          listed.set(false);
        }
      }
    }
  }

  /**
   * Collects the exit of a child that no thread steps, and closes the pipes whose other end is
   * gone.
   *
   * @param arms whether the poller may be asked to report what has not happened yet
   * @return whether to look again; a step that runs lists the child when it ends
   */
  @Override
  public boolean giveBack(PollSet set, boolean arms) {
    if (arms) {
      listed.set(false); // before the steps are counted: one that ends later lists it
    }
    if (use.isHeldByCurrentThread() || !use.tryLock()) {
      return arms; // another thread gives it back, or begins or closes: look again
    }
    try {
      if (closed || nothingHeld || steps.get() > 0) {
        return false;
      }
      boolean willBeReported = hasEnded() ? givesBackPipes(set, arms) : awaitsExit(arms);
      return arms && !willBeReported && !nothingHeld;
    } finally {
      use.unlock();
    }
  }

  private boolean hasEnded() {
    if (!exitSeen) {
      try {
        exitSeen = exit.collect() != null;
      } catch (IOException e) { // a later call reports it
        nothingHeld = ++refusals == MOST_REFUSALS;
        return false;
      }
      if (exitSeen) {
        services.unwatched().gaveBack();
      }
    }
    return exitSeen;
  }

  // Whether the poller lists the child at its exit.
  private boolean awaitsExit(boolean arms) {
    return arms && exit.arm(services.poller(), this);
  }

  // Whether the poller lists the child when more can be given back.
  private boolean givesBackPipes(PollSet set, boolean arms) {
    set.clear();
    for (ChildPipe pipe : pipes) {
      if (pipe.hasDescriptor()) {
        set.add(pipe.descriptor(), pipe.idleEvents());
      }
    }
    if (set.count() > 0 && services.posix().poll(set, 0) < 0) {
      return false;
    }
    boolean armed = true;
    int index = 0;
    boolean held = false;
    for (ChildPipe pipe : pipes) {
      if (pipe.hasDescriptor()) {
        pipe.giveBack(set.happened(index++));
        if (pipe.hasDescriptor()) {
          held = true;
          armed &= arms && pipe.arm(pipe.idleEvents(), this);
        } else {
          services.unwatched().gaveBack();
        }
      }
    }
    nothingHeld = !held;
    return armed;
  }

  @Override
  public boolean signalGroup(int number) throws IOException {
    ProcessTree known = tree;
    if (known != null) {
      known.note(); // the child may end, and its number with it
    }
    return exit.signalGroup(number);
  }

  @Override
  public @Nullable Usage usage() {
    return exit.usage();
  }

  @Override
  public List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    try {
      return treeOrNew().kill(deadline);
    } finally {
      leaveCgroup();
    }
  }

  @Override
  public boolean awaitTree(Deadline deadline) throws IOException, InterruptedException {
    return treeOrNew().await(deadline);
  }

  private void leaveCgroup() {
    if (cgroup != null) {
      cgroup.leave();
    }
  }

  private ProcessTree treeOrNew() {
    ProcessTree known = tree;
    return known == null ? newTree() : known;
  }

  @Override
  public Supplier<Map<StreamKind, List<PipeHolder>>> pipeHolders() {
    PipeHolders holders = new PipeHolders();
    for (ChildPipe pipe : pipes) {
      pipe.noteFor(holders);
    }
    return holders;
  }

  @Override
  public long queued(StreamKind stream) {
    ChildPipe pipe = pipe(stream);
    return pipe == null ? -1 : pipe.queued();
  }

  private @Nullable ChildPipe pipe(StreamKind stream) {
    for (ChildPipe pipe : pipes) {
      if (pipe.kind() == stream) {
        return pipe;
      }
    }
    return null;
  }

  @Override
  public Condition condition() {
    return exit.condition();
  }

  @Override
  public void close() {
    use.lock();
    try {
      closed = true;
      closeFrom(0);
    } finally {
      services.unwatched().remove(this); // now: it tells a thread at a limit to try again
      use.unlock();
    }
  }

  // Again, if it failed: each part is done once. All of them and the exit, even if other code has
  // closed one of them.
  private void closeFrom(int index) {
    if (index == pipes.length) {
      services.resume();
      exit.release();
      exitWait.handOver();
      leaveCgroup();
      return;
    }
    try {
      pipes[index].close();
    } finally {
      closeFrom(index + 1);
    }
  }
}
