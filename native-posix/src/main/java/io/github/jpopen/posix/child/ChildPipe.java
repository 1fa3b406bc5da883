package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.Closing;
import io.github.jpopen.posix.wait.Registration;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Our end of one pipe, non-blocking. Used by one thread at a time: the one that steps, or the one
 * that gives back what an unwatched child holds. Only {@link #queued} and {@link #noteFor} are for
 * any thread.
 *
 * <p>A pipe whose other end is gone may be {@linkplain #giveBack given back} between steps. It
 * stays open until a step has reported its end.
 */
public final class ChildPipe {
  private static final int CLOSED = -1;

  /** What one step moves at most, so that a busy child cannot hide a deadline. */
  private static final long BUDGET = 1 << 20;

  private final ChildServices services;
  private final Posix posix;
  private final StreamKind kind;
  private final PipeGrowth growth;
  private volatile int descriptor; // no longer here when it is being closed
  private boolean unheard; // closed or about to be, and core does not know it
  private @Nullable Registration registration;

  /** What was in the pipe when it was given back; null before that. */
  private @Nullable LeftOver leftOver;

  private boolean ended;

  /**
   * Takes over a descriptor.
   *
   * @param descriptor our end of the pipe, non-blocking
   * @param mayGrow whether the size of the pipe is left to us
   */
  public ChildPipe(ChildServices services, StreamKind kind, int descriptor, boolean mayGrow) {
    this.services = services;
    this.posix = services.posix();
    this.kind = kind;
    this.descriptor = descriptor;
    growth = new PipeGrowth(posix, services.growthsLeft(), mayGrow);
  }

  StreamKind kind() {
    return kind;
  }

  /** Whether a step has still something to report. */
  public boolean isOpen() {
    return descriptor != CLOSED || ended;
  }

  boolean hasDescriptor() {
    return descriptor != CLOSED;
  }

  /** Whether it can be moved or reported at once, without a look at the descriptor. */
  boolean isReady() {
    return ended || leftOver != null;
  }

  /** Our end, or -1 once it is closed. */
  public int descriptor() {
    return descriptor;
  }

  /**
   * How many bytes are in the pipe. Any thread may ask.
   *
   * @return -1 if it is closed, or that is not known
   */
  long queued() {
    int asked = descriptor;
    if (asked == CLOSED || (kind == StreamKind.STDIN && !posix.countsWhatIsUnread())) {
      return -1;
    }
    int bytes = posix.queued(asked);
    return bytes < 0 || descriptor != asked ? -1 : bytes; // the number may be another file's by now
  }

  /** Notes which pipe this is, unless it is closed. Any thread may ask. */
  void noteFor(PipeHolders holders) {
    int asked = descriptor;
    Path pipe = asked == CLOSED ? null : PipeHolders.pipe(asked);
    if (pipe != null && descriptor == asked) {
      holders.add(kind, pipe);
    }
  }

  /** What to ask {@code poll} for. */
  int events() {
    return kind == StreamKind.STDIN ? posix.constants().POLLOUT() : posix.constants().POLLIN();
  }

  /**
   * What to ask for while there is nothing to move, to learn that the last reader is gone. Linux
   * reports {@code POLLERR} unasked; macOS reports {@code POLLHUP} only when asked.
   */
  public int idleEvents() {
    return posix.constants().POLLHUP();
  }

  /**
   * Lets the poller run an action when something happens.
   *
   * @param events as for {@code poll}
   * @return false if it cannot
   */
  boolean arm(int events, Runnable action) {
    if (registration == null) {
      registration = services.poller().register();
    }
    return registration.arm(descriptor, events, action);
  }

  /**
   * Closes our end if core wants that. A report that failed for want of memory is made again.
   *
   * @return whether it did
   */
  boolean closeIfUnwanted(ChildEvents events) {
    if ((!isOpen() && !unheard) || !events.closing(kind)) {
      return false;
    }
    unheard = true;
    close();
    events.closed(kind);
    unheard = false;
    return true;
  }

  void close() {
    ended = false;
    leftOver = null;
    closeDescriptor();
  }

  /**
   * Closes the descriptor if the other end is gone. What is in the pipe is kept for the next step,
   * and the end as well.
   *
   * @param bits as {@code poll} reported them
   */
  void giveBack(int bits) {
    if ((bits & (posix.constants().POLLERR() | posix.constants().POLLHUP())) == 0
        || (kind != StreamKind.STDIN && !takeOut())) {
      return;
    }
    ended = true;
    closeDescriptor();
  }

  // Whether the pipe has ended. It has not if a writer has come back, through /proc; an error is
  // left to the next step.
  private boolean takeOut() {
    LeftOver taken = leftOver == null ? new LeftOver(services.buffers()) : leftOver;
    leftOver = taken; // it may have bytes even if an error ends this
    int result = taken.fill(posix, descriptor);
    if (taken.isEmpty()) {
      leftOver = null;
    }
    return result == 0;
  }

  private void closeDescriptor() {
    if (hasDescriptor()) {
      int closing = descriptor;
      descriptor = CLOSED;
      growth.release();
      try {
        if (registration != null) {
          registration.remove(closing);
        }
      } finally {
        Closing.close(posix, closing);
      }
    }
  }

  /**
   * Moves bytes, or learns that the input has no reader, even if there is none to send.
   *
   * @return whether it got anywhere: a pipe may be reported ready and then say EAGAIN
   */
  public boolean happened(int bits, ChildEvents events) {
    if (kind == StreamKind.STDIN
        && (ended
            || ((bits & (posix.constants().POLLERR() | posix.constants().POLLHUP())) != 0
                && !events.wants(kind)))) {
      events.inputRefused();
      close();
      return true;
    }
    return move(events);
  }

  // Moves bytes until the pipe has no more, or no more room, or the budget is used up. Whether it
  // got anywhere.
  private boolean move(ChildEvents events) {
    long left = BUDGET - handOut(events, BUDGET);
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
        broke(events, e);
        return true;
      }
      if (moved <= 0) {
        return stopped(events, (int) -moved) || left < BUDGET;
      }
      if (kind == StreamKind.STDIN) {
        events.accepted(moved);
      } else {
        events.received(kind, moved);
      }
      growth.moved(descriptor, moved);
      if (moved < asked) {
        return true; // the pipe is empty, or full: the next attempt would say so
      }
      left -= moved;
    }
    return left < BUDGET;
  }

  // What was taken out of the pipe comes first. How many bytes that were.
  private long handOut(ChildEvents events, long most) {
    long left = most;
    while (leftOver != null && left > 0 && events.wants(kind)) {
      MemorySegment room = events.room(kind);
      long moved;
      try {
        moved = leftOver.copyTo(room, left);
      } catch (RuntimeException e) {
        broke(events, e);
        return most;
      }
      events.received(kind, moved);
      leftOver.discard(moved);
      left -= moved;
      if (leftOver.isEmpty()) {
        leftOver = null;
      }
    }
    return most - left;
  }

  private void broke(ChildEvents events, RuntimeException e) {
    events.failed(kind, new IOException(kind + ": its memory cannot be accessed", e));
    close();
  }

  // Whether the pipe has ended. Closed only when core has heard of it: a report that fails for want
  // of memory is made again, because the next call on the pipe says the same.
  private boolean stopped(ChildEvents events, int error) {
    if (error == posix.constants().EAGAIN()) {
      return false;
    }
    reportEnd(events, error);
    close();
    return true;
  }

  private void reportEnd(ChildEvents events, int error) {
    if (error == 0) {
      events.endOfFile(kind);
    } else if (kind == StreamKind.STDIN && error == posix.constants().EPIPE()) {
      events.inputRefused();
    } else {
      String call = kind == StreamKind.STDIN ? "write" : "read";
      events.failed(
          kind, new IOException(kind + ": " + call + ": " + posix.constants().errorName(error)));
    }
  }

  private long read(MemorySegment room, long bytes) {
    if (ended) {
      return 0; // given back at its end
    }
    if (room.isNative() || growth.isBusy()) { // to the heap without a copy, see Posix.read
      return posix.read(descriptor, room, bytes);
    }
    MemorySegment buffer = services.buffers().take();
    try {
      long result = posix.read(descriptor, buffer, bytes);
      if (result > 0) {
        MemorySegment.copy(buffer, 0, room, 0, result);
      }
      return result;
    } finally {
      services.buffers().give(buffer);
    }
  }

  private long write(MemorySegment input, long bytes) {
    if (input.isNative() || growth.isBusy()) {
      return posix.write(descriptor, input, bytes);
    }
    MemorySegment buffer = services.buffers().take();
    try {
      MemorySegment.copy(input, 0, buffer, 0, bytes);
      return posix.write(descriptor, buffer, bytes);
    } finally {
      services.buffers().give(buffer);
    }
  }
}
