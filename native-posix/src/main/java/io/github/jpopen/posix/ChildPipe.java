package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Our end of one pipe, non-blocking. Used by the stepping thread only. */
final class ChildPipe {
  private static final int CLOSED = -1;

  /** What one step moves at most, so that a busy child cannot hide a deadline. */
  private static final long BUDGET = 1 << 20;

  private final PosixRuntime runtime;
  private final Posix posix;
  private final StreamKind kind;
  private final PipeGrowth growth;
  private int descriptor;
  private @Nullable Registration registration;

  ChildPipe(PosixRuntime runtime, StreamKind kind, int descriptor, boolean mayGrow) {
    this.runtime = runtime;
    this.posix = runtime.posix();
    this.kind = kind;
    this.descriptor = descriptor;
    growth = new PipeGrowth(posix, runtime.growthsLeft(), mayGrow);
  }

  StreamKind kind() {
    return kind;
  }

  boolean isOpen() {
    return descriptor != CLOSED;
  }

  int descriptor() {
    return descriptor;
  }

  /** What to ask {@code poll} for. */
  int events() {
    return kind == StreamKind.STDIN ? posix.numbers().POLLOUT() : posix.numbers().POLLIN();
  }

  /**
   * What to ask for while there is nothing to move, to learn that nobody reads: {@code POLLERR} on
   * Linux, which comes unasked, and {@code POLLHUP} on macOS, which does not.
   */
  int idleEvents() {
    return posix.numbers().POLLHUP();
  }

  /**
   * Lets the poller run something when something happens.
   *
   * @param events as for {@code poll}
   * @return false if it cannot
   */
  boolean arm(int events, Runnable action) {
    if (registration == null) {
      registration = runtime.poller().register();
    }
    return registration.arm(descriptor, events, action);
  }

  void close() {
    if (isOpen()) {
      int closing = descriptor;
      descriptor = CLOSED;
      growth.release();
      if (registration != null) {
        registration.remove(closing);
      }
      Descriptors.close(posix, closing);
    }
  }

  /** Moves bytes, or learns that nobody reads the input, also while there is none to send. */
  void happened(int bits, ChildEvents events) {
    if (kind == StreamKind.STDIN
        && (bits & (posix.numbers().POLLERR() | posix.numbers().POLLHUP())) != 0
        && !events.wants(kind)) {
      close();
      events.inputRefused();
    } else {
      move(events);
    }
  }

  /** Moves bytes until the pipe has no more, or no more room, or the budget is used up. */
  private void move(ChildEvents events) {
    long left = BUDGET;
    while (left > 0 && isOpen() && events.wants(kind)) {
      MemorySegment memory = kind == StreamKind.STDIN ? events.pendingInput() : events.room(kind);
      long asked = Math.min(left, memory.byteSize());
      if (!memory.isNative()) {
        // What does not fit into the pipe would be copied for nothing.
        asked = Math.min(asked, kind == StreamKind.STDIN ? growth.size() : TransferBuffers.SIZE);
      }
      long moved;
      try {
        moved = kind == StreamKind.STDIN ? write(memory, asked) : read(memory, asked);
      } catch (RuntimeException e) { // the memory is of a closed arena, or of another thread
        close();
        events.failed(kind, new IOException(kind + ": its memory cannot be accessed", e));
        return;
      }
      if (moved <= 0) {
        stopped(events, (int) -moved);
        return;
      }
      if (kind == StreamKind.STDIN) {
        events.accepted(moved);
      } else {
        events.received(kind, moved);
      }
      growth.moved(descriptor, moved);
      if (moved < asked) {
        return; // the pipe is empty, or full: the next attempt would say so
      }
      left -= moved;
    }
  }

  private void stopped(ChildEvents events, int error) {
    if (error == posix.numbers().EAGAIN()) {
      return;
    }
    close();
    if (error == 0) {
      events.endOfFile(kind);
    } else if (kind == StreamKind.STDIN && error == posix.numbers().EPIPE()) {
      events.inputRefused();
    } else {
      String call = kind == StreamKind.STDIN ? "write" : "read";
      events.failed(
          kind, new IOException(kind + ": " + call + ": " + posix.numbers().errorName(error)));
    }
  }

  private long read(MemorySegment room, long bytes) {
    if (room.isNative() || growth.isBusy()) { // to the heap without a copy, see Posix.read
      return posix.read(descriptor, room, bytes);
    }
    MemorySegment buffer = runtime.buffers().take();
    try {
      long result = posix.read(descriptor, buffer, bytes);
      if (result > 0) {
        MemorySegment.copy(buffer, 0, room, 0, result);
      }
      return result;
    } finally {
      runtime.buffers().give(buffer);
    }
  }

  private long write(MemorySegment input, long bytes) {
    if (input.isNative() || growth.isBusy()) {
      return posix.write(descriptor, input, bytes);
    }
    MemorySegment buffer = runtime.buffers().take();
    try {
      MemorySegment.copy(input, 0, buffer, 0, bytes);
      return posix.write(descriptor, buffer, bytes);
    } finally {
      runtime.buffers().give(buffer);
    }
  }
}
