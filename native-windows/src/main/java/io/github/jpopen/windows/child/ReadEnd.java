package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.wait.PortThread;
import java.lang.foreign.MemorySegment;

/**
 * Our end of the child's stdout or stderr. Bytes that were read but are not wanted yet are kept and
 * delivered first.
 */
public final class ReadEnd extends PipeEnd {
  /** After so many small reads in a row the next buffer is small. */
  private static final int SMALL_READS = 8;

  /** How much of the buffer has been delivered. */
  private int offset;

  private int size = TransferBuffers.SMALL;

  /** How many reads in a row a small buffer would have served. */
  private int smallReads;

  /**
   * Makes an end.
   *
   * @param kind stdout or stderr
   * @param handle overlapped; from now on owned by this end
   */
  public ReadEnd(
      PortThread port, TransferBuffers buffers, StepSignal signal, StreamKind kind, long handle) {
    super(port, buffers, signal, kind, handle);
  }

  @Override
  void ask(ChildEvents events) {
    int bytes = Math.min(size, shortage.most());
    beginDelivery();
    issue(take(bytes), bytes);
  }

  @Override
  void beginDelivery() {
    offset = 0;
  }

  @Override
  MemorySegment undelivered(MemorySegment memory, int count) {
    return memory.asSlice(offset, count - offset);
  }

  @Override
  long evaluate(ChildEvents events, int error, int transferred, long budget) {
    if (isSuccess(error)) {
      return handOver(events, transferred, budget);
    }
    if (shortage.triesAgain(error)) {
      idle();
      return 0;
    }
    if (!events.wants(kind())) {
      return 0; // reported when it is wanted
    }
    if (isPeerGone(error)) {
      events.endOfFile(kind());
      close();
    } else {
      failed(events, "ReadFile", error);
    }
    return 1;
  }

  private long handOver(ChildEvents events, int transferred, long budget) {
    MemorySegment from = buffer();
    long moved = 0;
    while (offset < transferred && moved < budget && events.wants(kind())) {
      try {
        MemorySegment room = events.room(kind());
        int bytes = (int) Math.min(room.byteSize(), transferred - offset);
        MemorySegment.copy(from, offset, room, 0, bytes);
        offset += bytes;
        moved += bytes;
        events.received(kind(), bytes);
      } catch (RuntimeException e) {
        failed(events, e);
        return 1;
      }
    }
    if (offset == transferred) {
      resize(transferred);
      shortage.over();
      idle();
    }
    return moved;
  }

  // A large buffer is locked in memory for as long as the read is in flight.
  private void resize(int transferred) {
    if (transferred == size) {
      size = TransferBuffers.LARGE;
    }
    smallReads = transferred < TransferBuffers.SMALL ? smallReads + 1 : 0;
    if (smallReads == SMALL_READS) {
      size = TransferBuffers.SMALL;
      smallReads = 0;
    }
  }
}
