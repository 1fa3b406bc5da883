package io.github.jpopen.conversation;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be done with one running child, in terms of bytes and deadlines. Thread-safe.
 *
 * <p>{@code Popen} puts words and types around it; the operating system is behind {@link
 * ChildProcess}.
 */
public final class Conversation {
  private final ChildProcess child;
  private final ChildState state;
  private final Stepper stepper;
  private final Forgotten forgotten;
  private final Turns turns;
  private final LastTimeout lastTimeout = new LastTimeout();
  private boolean sealed;

  /**
   * Takes over a child that was just started.
   *
   * @param program its name, for the log
   * @param child owned by this conversation from now on
   * @param stdin whether stdin is a pipe
   * @param outputs where the bytes of stdout and stderr go, for those that are pipes
   */
  public Conversation(
      String program, ChildProcess child, boolean stdin, Map<StreamKind, OutputBuffer> outputs) {
    this.child = child;
    this.state = new ChildState(child, stdin, outputs);
    this.stepper = state.stepper;
    this.turns = new Turns(stepper.lock);
    this.forgotten = Forgotten.watch(this, program, child, state::dropInput);
  }

  /**
   * The process id.
   *
   * @return the system's
   */
  public long pid() {
    return child.pid();
  }

  /**
   * Whether a stream is a pipe.
   *
   * @param stream which
   * @return true also after it was closed
   */
  public boolean isPipe(StreamKind stream) {
    return state.isPipe(stream);
  }

  /**
   * How the child ended, as far as seen.
   *
   * @return null if its exit was not seen yet
   */
  public @Nullable ExitStatus status() {
    stepper.lock.lock();
    try {
      return state.status();
    } finally {
      stepper.lock.unlock();
    }
  }

  /**
   * Whether the resources were given back.
   *
   * @return true after the end, or {@link #abandon}
   */
  public boolean isReleased() {
    return locked(stepper::isReleased);
  }

  /**
   * What became of the last timeout.
   *
   * @return always the same
   */
  public LastTimeout lastTimeout() {
    return lastTimeout;
  }

  // The one thread in communicate.

  /**
   * Enters communicate.
   *
   * @return to be ended by the caller, whatever happens
   * @throws IllegalStateException if another thread is in it, and was not given up
   */
  public Turns.Turn enter() {
    return turns.enter();
  }

  /**
   * Whether communicate has begun: the streams cannot be used any more, and the input is fixed.
   *
   * @return true after {@link #begin}
   */
  public boolean isSealed() {
    stepper.lock.lock();
    try {
      return sealed;
    } finally {
      stepper.lock.unlock();
    }
  }

  /**
   * Throws if this thread could not move the bytes, because it may not touch their memory.
   *
   * @param thread which
   * @param more input that is to follow, or null for none
   */
  public void checkMemory(Thread thread, @Nullable InputSource more) {
    locked(
        () -> {
          state.checkMemory(thread);
          ChildState.checkInput(thread, more);
          return true;
        });
  }

  /** Communicate begins: from now on the streams accept nothing and give nothing away. */
  public void seal() {
    locked(
        () -> {
          sealed = true;
          return true;
        });
  }

  /**
   * Seals the streams, if {@link #seal} has not, and fixes the input: first what was written to the
   * stream and not sent, then this.
   *
   * @param unsent from the stream
   * @param input from the caller, or null for none
   */
  public void begin(@Nullable InputSource unsent, @Nullable InputSource input) {
    stepper.lock.lock();
    try {
      sealed = true;
      if (unsent != null) {
        state.send(unsent);
      }
      if (input != null) {
        state.send(input);
      }
      state.closeAfterInput();
    } finally {
      stepper.lock.unlock();
    }
    stepper.interestChanged(); // readers and writers of the streams see the seal
  }

  /**
   * Sends the input, reads the outputs to their end and waits for the exit.
   *
   * @param deadline when to give up; nothing is lost then
   * @return false if the deadline passed first
   * @throws InputFailedException if no more input can be had although it had not ended; reported
   *     once, stdin stays open
   */
  public boolean talk(Deadline deadline) throws IOException, InterruptedException {
    BooleanSupplier talkedOut =
        () -> {
          state.reportInputFailure();
          state.checkMemory(Thread.currentThread());
          return state.isTalkedOut();
        };
    return stepper.until(talkedOut, deadline, Role.MOVER) && awaitExit(deadline);
  }

  /**
   * Waits for the exit. Moves no byte.
   *
   * @param deadline when to give up; the child is looked at once in any case
   * @return false if the deadline passed first
   */
  public boolean awaitExit(Deadline deadline) throws IOException, InterruptedException {
    boolean exited = stepper.until(() -> state.status() != null, deadline, Role.WATCHER);
    releaseIfOver();
    return exited;
  }

  /**
   * Looks once whether the child has ended. Waits for nothing, and leaves an interrupt pending.
   *
   * @throws IOException if looking failed
   */
  public void look() throws IOException {
    untilNow(() -> state.status() != null, Role.WATCHER);
    releaseIfOver();
  }

  /**
   * The first stream that broke since this was last asked.
   *
   * @return null if none did
   */
  public @Nullable IOException takeBroken() {
    stepper.lock.lock();
    try {
      return state.takeBroken();
    } finally {
      stepper.lock.unlock();
    }
  }

  /**
   * The bytes of an output, to be changed only by the one thread that finished {@link #talk}.
   *
   * @param stream stdout or stderr
   * @return its buffer
   */
  public OutputBuffer output(StreamKind stream) {
    return state.output(stream);
  }

  /** Nobody will ask for what the child wrote any more. */
  public void letGoOfOutput() {
    locked(
        () -> {
          state.letGoOfOutput();
          return true;
        });
  }

  /**
   * Whether nothing more will come on a stream.
   *
   * @param stream stdout or stderr
   * @return true also if it is not a pipe
   */
  public boolean hasEnded(StreamKind stream) {
    return !isOpen(stream);
  }

  /**
   * What has come on a stream and was not consumed.
   *
   * @param stream stdout or stderr
   * @return null if it is not a pipe
   */
  public @Nullable Snapshot snapshot(StreamKind stream) {
    if (!isPipe(stream)) {
      return null;
    }
    stepper.lock.lock();
    try {
      return state.output(stream).snapshot();
    } finally {
      stepper.lock.unlock();
    }
  }

  /**
   * Signals the child unless it is known to have ended.
   *
   * @param number a signal of this system
   * @return false if it had ended
   * @throws IOException if the system refused
   */
  public boolean signal(int number) throws IOException {
    try {
      stepper.tryLook(() -> state.status() != null);
    } catch (IOException e) {
      // No reason to spare the child: the platform knows by itself whom it may signal.
    }
    return status() == null && child.signal(number);
  }

  // The streams.

  /** Throws if the streams cannot be used any more, because communicate was called. */
  public void checkNotSealed() {
    if (isSealed()) {
      throw new IllegalStateException("communicate was called: the streams can no longer be used");
    }
  }

  /** Puts bytes behind what is still to be sent, sealed or not. Does not wait. */
  void send(InputSource source) {
    locked(
        () -> {
          state.send(source);
          return true;
        });
  }

  /** Closes stdin as soon as everything was sent. Does not wait. */
  void closeAfterInput() {
    locked(
        () -> {
          state.closeAfterInput();
          return true;
        });
    stepper.interestChanged();
  }

  /**
   * Waits until the child's pipe took what {@link #send} was given. An interrupt leaves it to the
   * next call, of whatever moves bytes.
   */
  void awaitSent(InputSource source) throws IOException, InterruptedException {
    stepper.until(() -> !isOnItsWay(source), Deadline.never(), Role.MOVER);
    checkSent(source);
  }

  /** As {@link #awaitSent}, without waiting; false if something is left. */
  boolean sendNow(InputSource source) throws IOException {
    untilNow(() -> !isOnItsWay(source), Role.MOVER);
    if (locked(() -> isOnItsWay(source))) {
      return false;
    }
    checkSent(source);
    return true;
  }

  private boolean isOnItsWay(InputSource source) {
    return state.isSending(source) && state.isOpen(StreamKind.STDIN);
  }

  private void checkSent(InputSource source) throws IOException {
    if (!locked(source::isExhausted)) {
      throwIfBroken(StreamKind.STDIN);
      throw new IOException(
          locked(state::isInputRefused)
              ? "broken pipe: the child's stdin has no reader"
              : "stdin is closed");
    }
  }

  /** Waits until more than that many unconsumed bytes are there; false if the end came first. */
  boolean awaitOutput(StreamKind stream, int moreThan) throws IOException, InterruptedException {
    OutputBuffer buffer = state.output(stream);
    boolean open = true;
    boolean more = false;
    while (open && !more) { // half a line feed may be dropped as soon as its other half comes
      stepper.until(
          () -> {
            checkNotSealed();
            state.checkOutput(Thread.currentThread(), stream);
            return buffer.size() > moreThan || !state.isOpen(stream);
          },
          Deadline.never(),
          Role.MOVER);
      stepper.lock.lock();
      try {
        open = state.isOpen(stream);
        more = buffer.size() > moreThan;
      } finally {
        stepper.lock.unlock();
      }
      if (!open) { // what broke is closed as well
        throwIfBroken(stream);
      }
    }
    if (!more && isCutOff(stream)) {
      throw new IOException(stream.name().toLowerCase(Locale.ROOT) + " is closed");
    }
    return more;
  }

  /** Looks once, without waiting, unless more than that many unconsumed bytes are there. */
  void lookForOutput(StreamKind stream, int moreThan) throws IOException {
    OutputBuffer buffer = state.output(stream);
    untilNow(
        () -> {
          checkNotSealed();
          state.checkOutput(Thread.currentThread(), stream);
          return stepper.isReleased() || buffer.size() > moreThan || !state.isOpen(stream);
        },
        Role.MOVER);
  }

  private void throwIfBroken(StreamKind stream) throws IOException {
    IOException e = locked(() -> state.takeBroken(stream));
    if (e != null) {
      throw e;
    }
  }

  boolean isOpen(StreamKind stream) {
    return locked(() -> state.isOpen(stream));
  }

  /** Whether our end was closed before the other was. */
  boolean isCutOff(StreamKind stream) {
    return locked(() -> state.isCutOff(stream));
  }

  int available(StreamKind stream) {
    return locked(() -> (int) Math.min(Integer.MAX_VALUE, state.output(stream).size()));
  }

  long position(StreamKind stream) {
    return state.output(stream).position();
  }

  int peek(StreamKind stream, int from, byte[] into, int length) {
    return locked(() -> state.output(stream).peek(from, into, 0, length));
  }

  int take(StreamKind stream, byte[] into, int offset, int length) {
    return locked(
        () -> {
          checkNotSealed();
          OutputBuffer buffer = state.output(stream);
          int n = buffer.peek(0, into, offset, length);
          if (n > 0) {
            buffer.consume(n);
          }
          return n;
        });
  }

  void consume(StreamKind stream, int bytes, byte[] next) {
    locked(
        () -> {
          checkNotSealed(); // what was looked at before belongs to communicate now
          OutputBuffer buffer = state.output(stream);
          buffer.consume(Math.min(bytes, buffer.size()), next); // close may have dropped them
          return true;
        });
  }

  /**
   * Closes our ends of pipes; what was not sent or not read is dropped.
   *
   * @param streams which; no byte of any of them is moved any more, also if closing one fails
   */
  public void close(StreamKind... streams) throws IOException {
    locked(
        () -> {
          for (StreamKind stream : streams) {
            state.requestClose(stream);
          }
          return true;
        });
    untilNow(
        () -> stepper.isReleased() || Stream.of(streams).allMatch(state::isClosed), Role.MOVER);
    releaseIfOver();
  }

  /**
   * Gives everything back without waiting; a child that lives goes to the reaper, and is not
   * killed. Idempotent.
   */
  public void abandon() {
    stepper.release(forgotten::release);
  }

  /** Looks once; an interrupt stays pending and changes nothing. */
  private void untilNow(BooleanSupplier done, Role role) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          stepper.until(done, Deadline.now(), role);
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

  private void releaseIfOver() {
    boolean over;
    stepper.lock.lock();
    try {
      over = state.isOver();
    } finally {
      stepper.lock.unlock();
    }
    if (over) {
      abandon();
    }
  }

  private <V extends @Nullable Object> V locked(Supplier<V> what) {
    stepper.lock.lock();
    try {
      return what.get();
    } finally {
      stepper.lock.unlock();
    }
  }
}
