package io.github.jpopen.windows;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Our end of one pipe: at most one operation, which the port thread issues and completes and the
 * stepping thread asks for and evaluates.
 *
 * <p>The state is guarded by the lock of {@link Progress}. A completed operation keeps its result
 * until the stepping thread takes it, however many steps later.
 */
abstract sealed class PipeEnd permits ReadEnd, WriteEnd {
  /** Where the operation is. */
  private enum State {
    /** There is none. */
    IDLE,
    /** The port thread has not issued it yet. */
    ASKED,
    /** It is in flight. */
    PENDING,
    /** It ended; its result waits to be taken. */
    DONE,
    /** Our end is closed. */
    CLOSED
  }

  /** Of the stepping thread. */
  final Shortage shortage = new Shortage();

  private final PortThread port;
  private final Progress progress;
  private final StreamKind kind;
  private final Operation operation;
  private State state = State.IDLE;
  private int error;
  private int transferred;
  private @Nullable MemorySegment buffer;

  PipeEnd(PortThread port, Progress progress, StreamKind kind, long handle) {
    this.port = port;
    this.progress = progress;
    this.kind = kind;
    operation = new Operation(port, handle, kind == StreamKind.STDIN, this::issued, this::ended);
  }

  static PipeEnd of(PortThread port, Progress progress, StreamKind kind, long handle) {
    return kind == StreamKind.STDIN
        ? new WriteEnd(port, progress, kind, handle)
        : new ReadEnd(port, progress, kind, handle);
  }

  StreamKind kind() {
    return kind;
  }

  /** The completion key of its packets. */
  long key() {
    return operation.key();
  }

  /** Call with the lock held, as the other questions. */
  boolean isOpen() {
    return state != State.CLOSED;
  }

  boolean isAsked() {
    return state == State.ASKED;
  }

  boolean isDone() {
    return state == State.DONE;
  }

  private boolean is(State expected) {
    progress.lock.lock();
    try {
      return state == expected;
    } finally {
      progress.lock.unlock();
    }
  }

  // On the port thread.
  private void issued() {
    progress.lock.lock();
    try {
      if (state == State.ASKED) {
        state = State.PENDING;
        progress.changed.signalAll();
      }
    } finally {
      progress.lock.unlock();
    }
  }

  // On the port thread; nothing refers to the buffer any more but the operation's owner.
  private void ended(int result, int bytes) {
    progress.lock.lock();
    try {
      if (state == State.CLOSED) {
        giveBack();
        return;
      }
      error = result;
      transferred = bytes;
      state = State.DONE;
      progress.changed.signalAll();
    } finally {
      progress.lock.unlock();
    }
  }

  private void giveBack() {
    MemorySegment used = buffer;
    buffer = null;
    if (used != null) {
      port.buffers().give(used);
    }
  }

  /** Closes our end; what is in flight is cancelled, and its memory given back when that ended. */
  void close() {
    progress.lock.lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      boolean inFlight = state == State.ASKED || state == State.PENDING;
      state = State.CLOSED;
      if (!inFlight) {
        giveBack();
      }
    } finally {
      progress.lock.unlock();
    }
    operation.close();
  }

  /**
   * Evaluates what ended and asks for more, if core wants it.
   *
   * @return how many bytes moved, or 1 if something else happened; 0 if nothing did
   */
  final long move(ChildEvents events, long budget) {
    long moved = is(State.DONE) ? evaluate(events, error, transferred, budget) : 0;
    if (is(State.IDLE) && moved < budget && events.wants(kind)) {
      ask(events);
    }
    return moved;
  }

  /** Evaluates an operation that ended, and calls {@link #idle} when nothing of it is left. */
  abstract long evaluate(ChildEvents events, int error, int transferred, long budget);

  /** Asks for an operation with {@link #issue}, if there is something to do. */
  abstract void ask(ChildEvents events);

  /** Memory for at least so many bytes. */
  final MemorySegment take(int bytes) {
    return port.buffers()
        .take(bytes <= TransferBuffers.SMALL ? TransferBuffers.SMALL : TransferBuffers.LARGE);
  }

  /** The memory of the operation that ended. */
  final MemorySegment buffer() {
    MemorySegment used = buffer;
    if (used == null) {
      throw new IllegalStateException("no operation ended");
    }
    return used;
  }

  /** Has an operation issued. */
  final void issue(ChildEvents events, MemorySegment memory, int bytes) {
    progress.lock.lock();
    try {
      state = State.ASKED;
      buffer = memory;
    } finally {
      progress.lock.unlock();
    }
    int refused = operation.ask(memory, bytes);
    if (refused != 0) {
      state(State.IDLE);
      failed(events, "PostQueuedCompletionStatus", refused);
    }
  }

  private void state(State next) {
    progress.lock.lock();
    try {
      state = next;
      giveBack();
    } finally {
      progress.lock.unlock();
    }
  }

  /** Nothing of the operation is left. */
  final void idle() {
    state(State.IDLE);
  }

  final void failed(ChildEvents events, String call, int error) {
    failed(events, new IOException(kind + ": " + call + ": " + Win32Errors.name(error)));
  }

  /** The memory is of a closed arena, or of another thread. */
  final void failed(ChildEvents events, RuntimeException e) {
    failed(events, new IOException(kind + ": its memory cannot be accessed", e));
  }

  private void failed(ChildEvents events, IOException e) {
    close();
    events.failed(kind, e);
  }

  static boolean isPeerGone(int error) {
    return error == Win32Errors.BROKEN_PIPE
        || error == Win32Errors.NO_DATA
        || error == Win32Errors.PIPE_NOT_CONNECTED;
  }
}
