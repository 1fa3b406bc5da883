package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.wait.Operation;
import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Our end of one pipe. It has at most one operation: the stepping thread asks for it and evaluates
 * its result, the port thread issues and completes it.
 *
 * <p>The state is guarded by the lock of {@link StepSignal}. A result is kept until the stepping
 * thread takes it, however many steps later.
 */
public abstract class PipeEnd {
  /** The state of the operation. */
  private enum State {
    /** There is none. */
    IDLE,
    /** The stepping thread asked for it; the port thread has not issued it yet. */
    ASKED,
    /** It is in flight. */
    PENDING,
    /** It has ended; its result has not been taken yet. */
    DONE,
    /** Our end is closed. */
    CLOSED
  }

  /** More than a pipe of ours holds. */
  private static final long MOST_LEFT_OVER = 512 << 10;

  /** Used by the stepping thread only. */
  final Shortage shortage = new Shortage();

  private final TransferBuffers buffers;
  private final StepSignal signal;
  private final StreamKind kind;
  private final Operation operation;
  private State state = State.IDLE;
  private int error;
  private @Nullable String refusal;
  private @Nullable Throwable cause;
  private int transferred;
  private @Nullable MemorySegment buffer;

  /** No step wants the bytes, and they are taken out of the pipe all the same. */
  private boolean draining;

  // What draining has decided, to be done without the lock: it waits for another one.
  private boolean drainAsks;
  private boolean drainCloses;

  /** Our end is closed soon, because there is nothing more in the pipe. */
  private boolean drained;

  private final LeftOver leftOver = new LeftOver();

  /** Closed or about to be, and core does not know it. Used by the stepping thread only. */
  private boolean unheard;

  PipeEnd(
      PortThread port, TransferBuffers buffers, StepSignal signal, StreamKind kind, long handle) {
    this.buffers = buffers;
    this.signal = signal;
    this.kind = kind;
    operation = new Operation(port, handle, kind == StreamKind.STDIN, new Progress());
  }

  /** From now on this owns its handle. */
  public void own() {
    operation.own();
  }

  StreamKind kind() {
    return kind;
  }

  /** How many bytes are in the pipe; -1 if that is not known. Any thread may ask. */
  final long queued() {
    return operation.queued();
  }

  /** The completion key of its packets. */
  public long key() {
    return operation.key();
  }

  /** Whether our end is open. To be called with the lock held, like the next two. */
  boolean isOpen() {
    return state != State.CLOSED;
  }

  boolean isAsked() {
    return state == State.ASKED;
  }

  /** Whether there is something to report. */
  boolean isDone() {
    return state == State.DONE || !leftOver.isEmpty();
  }

  /** Whether there is no operation. */
  final boolean isIdle() {
    return is(State.IDLE);
  }

  private boolean is(State expected) {
    try (var _ = signal.lock.hold()) {
      return state == expected;
    }
  }

  /** What the port thread reports. */
  private final class Progress implements Operation.Progress {
    @Override
    public void issued() {
      try (var _ = signal.lock.hold()) {
        if (state == State.ASKED) {
          state = State.PENDING;
        }
      }
      signal.changed();
    }

    @Override
    public void ended(int result, int bytes) {
      try (var _ = signal.lock.hold()) {
        end(result, bytes);
      }
      drainOn();
    }

    @Override
    public void lost(Throwable error) {
      try (var _ = signal.lock.hold()) {
        buffer = null; // Windows may still use it
        cause = error;
        end(Win32Errors.GEN_FAILURE, 0);
      }
      drainOn();
    }
  }

  // Windows no longer uses the buffer. With the lock held.
  private void end(int result, int bytes) {
    if (state == State.CLOSED) {
      giveBack();
      return;
    }
    error = result;
    transferred = bytes;
    state = State.DONE;
    if (draining) {
      decide();
    }
    signal.changed();
  }

  /**
   * Decides to take the bytes out of the pipe of a child that has ended, and to close our end at
   * its end. No step runs, and {@link #drain} follows.
   */
  final void decideToDrain() {
    try (var _ = signal.lock.hold()) {
      draining = true;
      decide();
    }
  }

  /** Does what was decided. Does not wait for it, and reports nothing: the next step does. */
  final void drain() {
    drainOn();
  }

  /** Whether bytes are being taken out, or our end is about to be closed. */
  final boolean isDraining() {
    try (var _ = signal.lock.hold()) {
      return draining || (drained && !operation.isClosed());
    }
  }

  /** A step begins. An operation in flight is now its own. */
  final void stopDraining() {
    try (var _ = signal.lock.hold()) {
      draining = false;
    }
    drainOn(); // the thread that has decided may get no carrier now
  }

  // With the lock held. Another process may still write, so there is a limit.
  private void decide() {
    try {
      if (state == State.DONE && kind != StreamKind.STDIN && isSuccess(error)) {
        leftOver.add(undelivered(buffer(), transferred));
        giveBack();
        state = State.IDLE;
      }
      if (state == State.DONE && isPeerGone(error)) {
        drainCloses = true;
        drained = true;
      }
      if (state == State.IDLE && kind != StreamKind.STDIN && leftOver.size() < MOST_LEFT_OVER) {
        buffer = take(TransferBuffers.LARGE);
        beginDelivery();
        state = State.ASKED;
        drainAsks = true;
      }
    } catch (OutOfMemoryError e) {
      // The next step, or the garbage collector, gives it back.
    }
    draining = state == State.ASKED || state == State.PENDING;
  }

  // Does what was decided. Does not hold the lock while it waits for that of the port thread.
  private void drainOn() {
    boolean closes;
    MemorySegment memory;
    try (var _ = signal.lock.hold()) {
      closes = drainCloses;
      memory = drainAsks ? buffer : null;
      drainCloses = false;
      drainAsks = false;
    }
    if (closes) {
      operation.closeLater();
    }
    if (memory != null) {
      ask(memory, TransferBuffers.LARGE);
    }
  }

  /** The bytes of an operation that no step has delivered yet. */
  MemorySegment undelivered(MemorySegment memory, int count) {
    return memory.asSlice(0, count);
  }

  /** None of the bytes of the next operation has been delivered. */
  void beginDelivery() {}

  private void giveBack() {
    MemorySegment used = buffer;
    buffer = null;
    if (used != null) {
      buffers.give(used);
    }
  }

  /**
   * Closes our end if core wants that. A report that failed for want of memory is made again.
   *
   * @return whether it did
   */
  final boolean closeIfUnwanted(ChildEvents events) {
    if ((is(State.CLOSED) && !unheard) || !events.closing(kind)) {
      return false;
    }
    unheard = true;
    close();
    events.closed(kind);
    unheard = false;
    return true;
  }

  /** Closes our end and cancels its operation, whose buffer is given back when it has ended. */
  public void close() {
    try (var _ = signal.lock.hold()) {
      if (state == State.CLOSED) {
        return;
      }
      boolean inFlight = state == State.ASKED || state == State.PENDING;
      state = State.CLOSED;
      leftOver.clear();
      if (!inFlight) {
        giveBack();
      }
    }
    operation.close();
  }

  /**
   * Evaluates an operation that has ended and asks for the next one, if core wants it.
   *
   * @return the number of bytes that moved, 1 for any other event, 0 if nothing happened
   */
  public final long move(ChildEvents events, long budget) {
    long moved = leftOver.isEmpty() ? 0 : handOutLeftOver(events, budget);
    if (leftOver.isEmpty() && moved < budget && is(State.DONE)) {
      moved += evaluate(events, error, transferred, budget - moved);
    }
    if (leftOver.isEmpty()
        && isIdle()
        && shortage.pauseNanos() == 0
        && moved < budget
        && events.wants(kind)) {
      ask(events);
    }
    return moved;
  }

  // What was taken out of the pipe comes first.
  private long handOutLeftOver(ChildEvents events, long budget) {
    long moved = 0;
    while (!leftOver.isEmpty() && moved < budget && events.wants(kind)) {
      MemorySegment room = events.room(kind);
      long count;
      try {
        count = leftOver.copyTo(room, budget - moved);
      } catch (RuntimeException e) {
        failed(events, e);
        return 1;
      }
      events.received(kind, count);
      leftOver.discard(count);
      moved += count;
    }
    return moved;
  }

  /** Evaluates an operation that has ended; calls {@link #idle} once all of it is handled. */
  abstract long evaluate(ChildEvents events, int error, int transferred, long budget);

  /** Asks for an operation by {@link #issue}, if there is something to do. */
  abstract void ask(ChildEvents events);

  /** Takes a buffer of at least this size. */
  final MemorySegment take(int bytes) {
    return buffers.take(
        bytes <= TransferBuffers.SMALL ? TransferBuffers.SMALL : TransferBuffers.LARGE);
  }

  /** The buffer of the operation that has ended. */
  final MemorySegment buffer() {
    MemorySegment used = buffer;
    if (used == null) {
      throw new IllegalStateException("no operation has ended");
    }
    return used;
  }

  /** Has an operation issued. */
  final void issue(MemorySegment memory, int bytes) {
    try (var _ = signal.lock.hold()) {
      state = State.ASKED;
      buffer = memory;
    }
    ask(memory, bytes);
  }

  private void ask(MemorySegment memory, int bytes) {
    int refused = operation.ask(memory, bytes);
    if (refused != 0) {
      try (var _ = signal.lock.hold()) {
        refusal = "PostQueuedCompletionStatus";
        end(refused, 0);
      }
      drainOn();
    }
  }

  /** The operation is handled completely. */
  final void idle() {
    try (var _ = signal.lock.hold()) {
      state = State.IDLE;
      refusal = null;
      giveBack();
    }
  }

  final void failed(ChildEvents events, String call, int error) {
    String failing = refusal == null ? call : refusal;
    failed(events, new IOException(kind + ": " + failing + ": " + Win32Errors.name(error), cause));
  }

  /** The memory belongs to a closed arena or to another thread. */
  final void failed(ChildEvents events, RuntimeException e) {
    failed(events, new IOException(kind + ": its memory cannot be accessed", e));
  }

  // Closed only when core has heard of it: a report that fails for want of memory is made again,
  // because the result stays.
  private void failed(ChildEvents events, IOException e) {
    events.failed(kind, e);
    close();
  }

  static boolean isSuccess(int error) {
    return error == 0 || error == Win32Errors.MORE_DATA;
  }

  static boolean isPeerGone(int error) {
    return error == Win32Errors.BROKEN_PIPE
        || error == Win32Errors.NO_DATA
        || error == Win32Errors.PIPE_NOT_CONNECTED;
  }
}
