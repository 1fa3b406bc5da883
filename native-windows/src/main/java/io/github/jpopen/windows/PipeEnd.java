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
final class PipeEnd {
  /** Where the operation is. */
  enum State {
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

  private final PortThread port;
  private final Progress progress;
  private final StreamKind kind;
  private final Operation operation;
  private State state = State.IDLE;
  private int error;
  private int transferred;

  /** What is evaluated already of what was read, or 0. */
  private int offset;

  private int size = TransferBuffers.SMALL;
  private @Nullable MemorySegment buffer;

  PipeEnd(PortThread port, Progress progress, StreamKind kind, long handle) {
    this.port = port;
    this.progress = progress;
    this.kind = kind;
    operation = new Operation(port, handle, kind == StreamKind.STDIN, this::issued, this::ended);
  }

  StreamKind kind() {
    return kind;
  }

  Operation operation() {
    return operation;
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

  private boolean isIdle() {
    progress.lock.lock();
    try {
      return state == State.IDLE;
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
      offset = 0;
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
    boolean inFlight;
    progress.lock.lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      inFlight = state == State.ASKED || state == State.PENDING;
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
  long move(ChildEvents events, long budget) {
    boolean done;
    progress.lock.lock();
    try {
      done = state == State.DONE;
    } finally {
      progress.lock.unlock();
    }
    long moved = 0;
    if (done) {
      moved = kind == StreamKind.STDIN ? evaluateWrite(events) : evaluateRead(events, budget);
    }
    if (isIdle() && moved < budget && events.wants(kind)) {
      ask(events);
    }
    return moved;
  }

  private void ask(ChildEvents events) {
    MemorySegment memory;
    int bytes;
    if (kind == StreamKind.STDIN) {
      try {
        MemorySegment input = events.pendingInput();
        bytes = (int) Math.min(TransferBuffers.LARGE, input.byteSize());
        if (bytes == 0) {
          return; // never a write of nothing: the child would read an end of file
        }
        memory =
            port.buffers()
                .take(
                    bytes <= TransferBuffers.SMALL ? TransferBuffers.SMALL : TransferBuffers.LARGE);
        MemorySegment.copy(input, 0, memory, 0, bytes);
      } catch (RuntimeException e) { // the memory is of a closed arena, or of another thread
        failed(events, new IOException(kind + ": its memory cannot be accessed", e));
        return;
      }
    } else {
      memory = port.buffers().take(size);
      bytes = size;
    }
    progress.lock.lock();
    try {
      state = State.ASKED;
      buffer = memory;
    } finally {
      progress.lock.unlock();
    }
    operation.ask(memory, bytes);
  }

  private long evaluateWrite(ChildEvents events) {
    if (error == 0) {
      int bytes = transferred;
      idle();
      events.accepted(bytes);
      return bytes;
    }
    close();
    if (isPeerGone(error)) {
      events.inputRefused();
    } else {
      events.failed(kind, problem("WriteFile"));
    }
    return 1;
  }

  private long evaluateRead(ChildEvents events, long budget) {
    if (error != 0 && error != Win32Errors.MORE_DATA) {
      if (!events.wants(kind)) {
        return 0; // told when it is asked for
      }
      close();
      if (isPeerGone(error)) {
        events.endOfFile(kind);
      } else {
        events.failed(kind, problem("ReadFile"));
      }
      return 1;
    }
    MemorySegment from = buffer;
    if (from == null) {
      throw new IllegalStateException("no buffer");
    }
    long moved = 0;
    while (offset < transferred && moved < budget && events.wants(kind)) {
      try {
        MemorySegment room = events.room(kind);
        int bytes = (int) Math.min(room.byteSize(), transferred - offset);
        MemorySegment.copy(from, offset, room, 0, bytes);
        offset += bytes;
        moved += bytes;
        events.received(kind, bytes);
      } catch (RuntimeException e) { // the memory is of a closed arena, or of another thread
        failed(events, new IOException(kind + ": its memory cannot be accessed", e));
        return 1;
      }
    }
    if (offset == transferred) {
      if (transferred == size && size < TransferBuffers.LARGE) {
        size = TransferBuffers.LARGE;
      }
      idle();
    }
    return moved;
  }

  private void failed(ChildEvents events, IOException e) {
    close();
    events.failed(kind, e);
  }

  private void idle() {
    progress.lock.lock();
    try {
      if (state == State.DONE) {
        state = State.IDLE;
        giveBack();
      }
    } finally {
      progress.lock.unlock();
    }
  }

  private IOException problem(String call) {
    return new IOException(kind + ": " + call + ": " + Win32Errors.name(error));
  }

  private static boolean isPeerGone(int error) {
    return error == Win32Errors.BROKEN_PIPE
        || error == Win32Errors.NO_DATA
        || error == Win32Errors.PIPE_NOT_CONNECTED;
  }
}
