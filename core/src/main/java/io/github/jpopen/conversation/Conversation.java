package io.github.jpopen.conversation;

import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.Snapshot;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be done with one running child, in terms of bytes and deadlines. Thread-safe.
 *
 * <p>{@code Popen} adds types, exceptions and streams; the operating system is behind {@link
 * ChildProcess}.
 */
public final class Conversation {
  /** How long to try to get the lock for a look. */
  private static final long LOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LOCK_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ChildProcess child;
  private final ChildState state;
  private final Stepper stepper;
  private final LeakCleaner leakCleaner;
  private volatile @Nullable Consumer<@Nullable Conversation> onEnd;
  private final CommunicateGate gate;
  private final @Nullable Delivery delivery; // null if no output has consumers
  private final CloseRule closeRule;

  // Made here: a kill and the end must not need memory.
  private final BooleanSupplier hasExited;
  private final Runnable release;
  private volatile boolean sealed; // changed with the lock held
  private volatile @Nullable Runnable onRelease;

  /**
   * Takes over a child that was just started.
   *
   * @param program its name, for the log
   * @param child owned by this conversation from now on
   * @param stdin whether stdin is a pipe
   * @param outputs where the bytes of stdout and stderr go, for those that are pipes
   * @param closeRule hears of the use of streams
   * @param turn if other conversations share the consumers of the outputs; null if none does
   */
  public Conversation(
      String program,
      ChildProcess child,
      boolean stdin,
      Map<StreamKind, OutputBuffer> outputs,
      CloseRule closeRule,
      @Nullable Turn turn) {
    this.child = child;
    this.state = new ChildState(child, stdin, outputs);
    this.stepper = state.stepper;
    this.gate = new CommunicateGate(stepper.lock);
    this.closeRule = closeRule;
    ChildState known = state;
    this.hasExited = () -> known.status() != null;
    this.release = this::giveBack;
    this.delivery = hasConsumers(outputs) ? new Delivery(stepper, state, outputs, turn) : null;
    this.leakCleaner = LeakCleaner.watch(this, program, child, state);
  }

  private static boolean hasConsumers(Map<StreamKind, OutputBuffer> outputs) {
    for (OutputBuffer output : outputs.values()) {
      if (output.isTapped()) {
        return true;
      }
    }
    return false;
  }

  /** As {@link Stepper#until}; consumers get what comes meanwhile, and what they throw ends it. */
  boolean until(BooleanSupplier done, Deadline deadline, Role role)
      throws IOException, InterruptedException {
    boolean is =
        delivery == null
            ? stepper.until(done, deadline, role)
            : delivery.until(done, deadline, role);
    reportEnd(false);
    return is;
  }

  /** As {@link #until}, for a mover; what a consumer throws is kept for the next call. */
  private boolean untilQuietly(BooleanSupplier done, Deadline deadline)
      throws IOException, InterruptedException {
    return delivery == null
        ? stepper.until(done, deadline, Role.MOVER)
        : delivery.untilQuietly(done, deadline);
  }

  /**
   * The process id.
   *
   * @return the system's
   */
  public long pid() {
    return child.pid();
  }

  /** The child is handed to a user. The user may never ask for it again. */
  public void handOut() {
    child.unattended();
  }

  /**
   * Whether a stream is a pipe.
   *
   * @param stream which
   * @return true even after it was closed
   */
  public boolean isPipe(StreamKind stream) {
    return state.isPipe(stream);
  }

  /**
   * How the child ended, as far as seen.
   *
   * @return null if its exit was not seen yet
   */
  public @Nullable Termination status() {
    try (var _ = stepper.lock.hold()) {
      return state.status();
    }
  }

  /**
   * What the child has used.
   *
   * @return null if its exit was not seen yet, or the system did not tell
   */
  public @Nullable Usage usage() {
    return status() == null ? null : child.usage();
  }

  /**
   * Whether the resources were given back.
   *
   * @return true after the end, or {@link #abandon}
   */
  public boolean isReleased() {
    try (var _ = stepper.lock.hold()) {
      return stepper.isReleased();
    }
  }

  /**
   * Sets what runs once, when the resources are given back.
   *
   * @param action runs with the lock of the conversation held
   */
  public void onRelease(Runnable action) {
    onRelease = action;
  }

  /**
   * Sets what runs when the end of the child is known, or will not be known any longer. It may run
   * more than once.
   *
   * @param action gets this, or null if this was forgotten; must not refer to it. Runs without the
   *     lock
   */
  public void onEnd(Consumer<@Nullable Conversation> action) {
    onEnd = action;
    leakCleaner.onForgotten(() -> action.accept(null));
  }

  private void reportEnd(boolean over) {
    Consumer<@Nullable Conversation> action = onEnd;
    if (action != null && (over || status() != null)) {
      action.accept(this);
    }
  }

  /**
   * What decides how this child is closed.
   *
   * @return the one given to the constructor
   */
  public CloseRule closeRule() {
    return closeRule;
  }

  // The one thread in communicate.

  /**
   * Enters communicate.
   *
   * @return to be ended by the caller, whatever happens
   * @throws IllegalStateException if another thread is in it, and was not given up
   */
  public CommunicateGate.Turn enter() {
    return gate.enter();
  }

  /**
   * Whether communicate has begun: the streams cannot be used any longer, and the input is fixed.
   *
   * @return true after {@link #seal}
   */
  public boolean isSealed() {
    return sealed;
  }

  /**
   * Throws if a thread could not move the bytes, because it may not touch their memory.
   *
   * @param thread which
   * @param more input that is to follow, or null for none
   */
  public void checkMemory(Thread thread, @Nullable InputSource more) {
    try (var _ = stepper.lock.hold()) {
      state.checkMemory(thread);
      ChildState.checkInput(thread, more);
    }
  }

  /** Begins communicate: seals the streams. A write comes before the seal as a whole, or fails. */
  public void seal() {
    try (var _ = stepper.lock.hold()) {
      sealed = true;
      state.closeWindows();
    }
  }

  /**
   * Fixes the input, which is first what was written to stdin and not sent, then that of the
   * caller.
   *
   * @param unsent what was written and not sent when the streams had been {@linkplain #seal
   *     sealed}, or null for nothing
   * @param input from the caller, or null for none
   */
  public void begin(@Nullable InputSource unsent, @Nullable InputSource input) {
    try (var _ = stepper.lock.hold()) {
      if (unsent != null) {
        state.send(unsent);
      }
      if (input != null) {
        state.send(input);
      }
      state.closeAfterInput();
    }
    stepper.interestChanged(); // readers and writers of the streams see the seal
  }

  /**
   * Sends the input, reads the outputs to their end and waits for the exit.
   *
   * @param deadline when to give up; nothing is lost then
   * @param limits when to give up earlier
   * @return whether it is complete, or which limit passed first
   * @throws InputSource.FailedException if the source of the input fails before its end; reported
   *     once, stdin stays open
   * @throws OutputFailedException if an output has passed its limit or its file cannot be written,
   *     reported by each call; or if a consumer threw, reported once
   */
  public Outcome untilComplete(Deadline deadline, Limits limits)
      throws IOException, InterruptedException {
    Outcome outcome = new Completion(stepper, state, hasExited, deadline, limits, delivery).await();
    if (outcome == Outcome.DRAINED) {
      try (var _ = stepper.lock.hold()) {
        state.cutShort();
      }
      awaitClosed(StreamKind.values());
      deliverDrained();
    }
    releaseIfOver();
    return outcome;
  }

  private void deliverDrained() throws IOException, InterruptedException {
    if (delivery != null) {
      delivery.until(delivery::isComplete, Deadline.never(), Role.MOVER);
    }
  }

  /**
   * Waits for the exit, and moves bytes meanwhile: a child that writes must not wait for a reader.
   *
   * @param deadline when to give up; everything is looked at once in any case
   * @return false if the deadline passed first
   */
  public boolean awaitExitMoving(Deadline deadline) throws IOException, InterruptedException {
    boolean exited = untilQuietly(hasExited, deadline);
    releaseIfOver();
    return exited;
  }

  /**
   * Waits for the exit and the end of both outputs, and moves bytes meanwhile.
   *
   * @param deadline when to give up; everything is looked at once in any case
   * @return false if the deadline passed first
   */
  public boolean awaitAllMoving(Deadline deadline) throws IOException, InterruptedException {
    boolean ended = untilQuietly(this::hasNothingToMove, deadline);
    releaseIfOver();
    return ended;
  }

  /** Lets every thread that waits for this child look at its deadline again. */
  public void lookAgain() {
    stepper.interestChanged();
  }

  /**
   * Waits for the exit. Sends first what was written to stdin, and moves no other byte.
   *
   * @param deadline when to give up; the child is looked at once in any case
   * @return false if the deadline passed first
   */
  public boolean awaitExit(Deadline deadline) throws IOException, InterruptedException {
    boolean exited = stepper.until(hasExited, deadline, Role.WATCHER);
    releaseIfOver();
    return exited;
  }

  /**
   * Looks once whether the child has ended. Waits for nothing, and leaves an interrupt pending.
   *
   * @throws IOException if looking failed
   */
  public void look() throws IOException {
    stepper.poll(hasExited, Role.WATCHER);
    releaseIfOver();
  }

  /**
   * The first stream that broke since the last call.
   *
   * @return null if none did
   */
  public @Nullable IOException takeBroken() {
    try (var _ = stepper.lock.hold()) {
      return state.takeBroken();
    }
  }

  /**
   * The bytes of an output, to be changed only by the one thread that finished {@link
   * #untilComplete}.
   *
   * @param stream stdout or stderr
   * @return its buffer
   */
  public OutputBuffer output(StreamKind stream) {
    return state.output(stream).destination();
  }

  /**
   * Whether an output goes to consumers.
   *
   * @param stream stdout or stderr
   * @return true if its stream cannot be read
   */
  public boolean isTapped(StreamKind stream) {
    return state.output(stream).isTapped();
  }

  /**
   * Whether an output can be read as a stream.
   *
   * @param stream stdout or stderr
   * @return false if it goes to consumers, or if only a part of it is kept
   */
  public boolean isStreamable(StreamKind stream) {
    return state.output(stream).isStreamable();
  }

  /**
   * Throws if the calling thread is in a consumer of an output. It would wait for itself: only the
   * thread that calls a consumer calls it again.
   */
  public void checkNotConsuming() {
    if (delivery != null) {
      try (var _ = stepper.lock.hold()) {
        if (Thread.currentThread().equals(delivery.deliverer())) {
          throw new IllegalStateException(
              "a consumer of the output cannot call communicate, which waits for the consumer");
        }
      }
    }
  }

  /** Hands out one piece of each output to its consumers, if no other thread does. */
  void deliverNow() {
    if (delivery != null) {
      delivery.deliverQuietly();
    }
  }

  /**
   * Lets the consumers have what came before a call failed.
   *
   * @param failure gets what a consumer throws as suppressed
   */
  public void deliverRest(Throwable failure) {
    if (delivery != null) {
      delivery.finish(failure);
    }
  }

  /** No consumer is called from now on. */
  public void stopDelivery() {
    if (delivery != null) {
      delivery.stop();
    }
  }

  /** Discards what the child wrote: it was handed out, and no exception will hold it. */
  public void discardOutput() {
    try (var _ = stepper.lock.hold()) {
      state.discardOutput();
    }
  }

  /**
   * Whether the end of a stream was seen: nothing more can come.
   *
   * @param stream stdout or stderr
   * @return true as well if it is not a pipe
   */
  public boolean hasEnded(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return !state.isOpen(stream) && !state.isCutShort(stream);
    }
  }

  /**
   * Whether an output was read to its end, or is not a pipe.
   *
   * @param stream stdout or stderr
   * @return false as well if our end was closed before the end was seen
   */
  public boolean wasReadToEnd(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return !state.isOpen(stream) && !state.isCutShort(stream) && !state.isCutOff(stream);
    }
  }

  /**
   * Whether our end of a stream was closed before the other was, and its bytes were dropped.
   *
   * @return true if it is so for any of them
   */
  public boolean isCutOff() {
    try (var _ = stepper.lock.hold()) {
      return state.isCutOff(StreamKind.STDIN)
          || state.isCutOff(StreamKind.STDOUT)
          || state.isCutOff(StreamKind.STDERR);
    }
  }

  /**
   * How many bytes of an output came, those that were consumed or left out included.
   *
   * @param stream stdout or stderr
   * @return bytes
   */
  public long bytesReceived(StreamKind stream) {
    try (var _ = stepper.lock.hold()) {
      return state.output(stream).came();
    }
  }

  /**
   * How much input the child's stdin has taken.
   *
   * @return bytes
   */
  public long bytesSent() {
    try (var _ = stepper.lock.hold()) {
      return state.sent();
    }
  }

  /**
   * Finds out which processes hold the other ends of the open pipes, where the system tells.
   *
   * @return looks when it is asked, once for all pipes, even after our ends were closed
   */
  public Supplier<Map<StreamKind, List<PipeHolder>>> pipeHolders() {
    return child.pipeHolders();
  }

  /**
   * What is known at this moment, for people. Changes nothing. It waits a moment for the lock of
   * the conversation, which a slow disk may keep.
   *
   * @return null if the lock was not free in that time
   */
  public @Nullable Situation situation() {
    if (!tryHoldBriefly()) {
      return null;
    }
    try (var _ = stepper.lock) {
      List<Situation.Call> calls = stepper.calls();
      Thread consuming = delivery == null ? null : delivery.deliverer();
      if (consuming != null) {
        calls.add(new Situation.Call(consuming, Situation.Activity.CONSUMES, null));
      }
      return state.situation(calls);
    }
  }

  // An interrupt does not count, and stays pending.
  private boolean tryHoldBriefly() {
    long begun = System.nanoTime();
    boolean held = stepper.lock.tryHold();
    while (!held && System.nanoTime() - begun < LOCK_NANOS) {
      LockSupport.parkNanos(LOCK_PAUSE_NANOS);
      held = stepper.lock.tryHold();
    }
    return held;
  }

  /**
   * What the child is doing, as the system shows it.
   *
   * @return never that of another process
   */
  public Condition condition() {
    return child.condition();
  }

  /**
   * How many bytes are in a pipe.
   *
   * @param stream which
   * @return -1 if that is not known
   */
  public long queued(StreamKind stream) {
    return child.queued(stream);
  }

  /**
   * What has come on a stream and was not consumed.
   *
   * @param stream stdout or stderr
   * @return null if it is not a pipe, or goes to consumers only
   */
  public @Nullable Snapshot snapshot(StreamKind stream) {
    if (!isPipe(stream)) {
      return null;
    }
    try (var _ = stepper.lock.hold()) {
      OutputBuffer output = state.output(stream).destination();
      return output.isKept() ? output.snapshot() : null;
    }
  }

  /**
   * Signals the child unless it is known to have ended. If the platform needs no memory for that,
   * this needs none.
   *
   * @param number a signal of this system
   * @return false if it had ended
   * @throws IOException if the system refused
   */
  public boolean signal(int number) throws IOException {
    return !isKnownToHaveEnded() && child.signal(number);
  }

  /**
   * Whether the child is known to have ended. Looks if no thread steps, and never waits.
   *
   * @return false as well if looking failed
   */
  public boolean isKnownToHaveEnded() {
    try {
      stepper.tryStep(hasExited);
    } catch (IOException | RuntimeException | Error e) {
      // No reason to spare the child: the platform knows whether it may signal it.
    }
    return status() != null;
  }

  /**
   * Signals the process group that the child leads, unless its exit was collected.
   *
   * @param number a signal of this system
   * @return false if there is no such group any longer
   * @throws IOException if the system refused
   */
  public boolean signalGroup(int number) throws IOException {
    return status() == null && child.signalGroup(number);
  }

  /**
   * Kills the child and every process that it has started.
   *
   * @param deadline when to stop looking and waiting
   * @return those that are known to have survived
   * @throws IOException if they could not be looked for
   */
  public List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    return child.killTree(deadline);
  }

  /**
   * Waits until the child, and every process that it has started, has ended. Moves bytes for as
   * long as an output is open: one that writes its last words must not wait for a reader.
   *
   * @param deadline when to give up
   * @return false if the deadline passed first, or if it cannot be known
   */
  public boolean awaitTreeMoving(Deadline deadline) throws IOException, InterruptedException {
    return awaitAllMoving(deadline) && child.awaitTree(deadline);
  }

  private boolean hasNothingToMove() {
    return state.status() != null
        && !state.isOpen(StreamKind.STDOUT)
        && !state.isOpen(StreamKind.STDERR);
  }

  // The streams, and the end.

  /** Throws if the streams cannot be used any longer, because communicate was called. */
  public void checkNotSealed() {
    if (isSealed()) {
      throw new IllegalStateException("communicate was called: the streams can no longer be used");
    }
  }

  /**
   * Sends what was written to stdin before any thread waits for the child, which may need it.
   *
   * @param written lets the steps that follow send it; does not wait
   */
  void sendBeforeWaiting(Runnable written) {
    stepper.beforeWaiting(written);
  }

  /** A thread that waits for this child, if there is one, looks again for what was written. */
  void written() {
    stepper.written();
  }

  /** What was written to stdin and not flushed is not sent before a wait any longer. */
  public void keepUnsent() {
    stepper.beforeWaiting(null);
  }

  /** Lets the steps that follow send what was written to stdin. Does not wait. */
  public void sendUnsent() {
    stepper.sendUnsent();
  }

  /** What the streams send to and read from. */
  ChildState state() {
    return state;
  }

  /**
   * Closes our ends of pipes; what was not sent or not read is dropped.
   *
   * @param streams which; no byte of any of them is moved from now on, even if closing one fails
   */
  public void close(StreamKind... streams) throws IOException {
    boolean closed;
    try (var _ = stepper.lock.hold()) {
      for (StreamKind stream : streams) {
        state.requestClose(stream);
      }
      closed = state.areClosed(streams);
    }
    if (!closed) {
      awaitClosed(streams);
    }
    releaseIfOver();
  }

  private void awaitClosed(StreamKind... streams) throws IOException {
    stepper.poll(() -> stepper.isReleased() || state.areClosed(streams), Role.MOVER);
  }

  /**
   * Whether all our ends of pipes are closed.
   *
   * @return false as well if a close was requested and has not been done
   */
  public boolean hasNoOpenPipe() {
    try (var _ = stepper.lock.hold()) {
      return state.isClosed(StreamKind.STDIN)
          && state.isClosed(StreamKind.STDOUT)
          && state.isClosed(StreamKind.STDERR);
    }
  }

  /**
   * Gives everything back without waiting; a child that lives goes to the reaper, and is not
   * killed. Idempotent.
   */
  public void abandon() {
    stepper.release(release);
    reportEnd(true);
  }

  private void giveBack() {
    leakCleaner.release();
    Runnable action = onRelease;
    if (action != null) {
      action.run();
    }
  }

  private void releaseIfOver() {
    boolean over;
    try (var _ = stepper.lock.hold()) {
      over = state.isOver();
    }
    if (over) {
      abandon();
    } else {
      reportEnd(false);
    }
  }
}
