package io.github.jpopen.conversation;

import io.github.jpopen.spi.GrowableBuffer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Output off the heap, in one piece of any size, in the caller's arena.
 *
 * <p>Growing may move the memory, while a snapshot is copied by a thread that knows nothing of the
 * conversation: so it has a lock of its own.
 */
final class OffHeapOutput extends OutputBuffer {
  private static final int COPY = 64 * 1024;

  private final GrowableBuffer buffer;
  private final MemorySegment probe;
  private final ReentrantLock moving = new ReentrantLock();
  private long head; // consumed

  OffHeapOutput(Arena arena, GrowableBuffer buffer) {
    this.buffer = buffer;
    this.probe = arena.allocate(1);
  }

  @Override
  MemorySegment room() {
    moving.lock();
    try {
      return buffer.room();
    } finally {
      moving.unlock();
    }
  }

  @Override
  void added(long bytes) {
    buffer.received(bytes);
  }

  @Override
  public long size() {
    return buffer.size() - head;
  }

  @Override
  int peek(long from, byte[] into, int offset, int length) {
    int n = (int) Math.clamp(size() - from, 0L, length);
    if (n == 0) {
      return 0; // there may be no such address
    }
    copy(head + from, into, offset, n);
    return n;
  }

  private void copy(long from, byte[] into, int offset, int length) {
    moving.lock();
    try {
      MemorySegment.copy(buffer.content(), ValueLayout.JAVA_BYTE, from, into, offset, length);
    } finally {
      moving.unlock();
    }
  }

  @Override
  void drop(long bytes) {
    head += bytes;
  }

  @Override
  Snapshot snapshot() {
    return new Prefix(head, size());
  }

  /** Everything that is there, alive as long as the arena. */
  MemorySegment finish() {
    moving.lock();
    try {
      return buffer.finish().asSlice(head);
    } finally {
      moving.unlock();
    }
  }

  @Override
  public byte[] join() {
    if (size() > LARGEST_ARRAY) {
      throw new OutOfMemoryError(size() + " bytes are more than one array holds");
    }
    byte[] all = new byte[(int) size()];
    peek(0, all, 0, all.length);
    return all;
  }

  @Override
  boolean isAccessibleBy(Thread thread) {
    return probe.isAccessibleBy(thread) && probe.scope().isAlive();
  }

  /**
   * Bytes only ever follow, so a prefix stays as it is; it is looked up anew because the memory may
   * move.
   */
  private final class Prefix implements Snapshot {
    private final long from;
    private final long size;

    Prefix(long from, long size) {
      this.from = from;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] copy = new byte[(int) Math.min(size, COPY)];
      for (long done = 0; done < size; ) {
        int n = (int) Math.min(size - done, copy.length);
        OffHeapOutput.this.copy(from + done, copy, 0, n);
        out.write(copy, 0, n);
        done += n;
      }
    }
  }
}
