package io.github.jpopen.output;

import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.UnqueuedLock;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Output off the heap, in one piece of any size, in the caller's arena.
 *
 * <p>Consumed bytes are discarded when room is made, once they are at least half of all. So a byte
 * is moved once on average, and a reader that keeps up needs little memory.
 *
 * <p>Growing may move the memory while another thread, without the conversation's lock, copies a
 * snapshot. So this has a lock of its own.
 */
final class OffHeapOutput extends OutputBuffer {
  private static final int COPY = 64 * 1024;

  /** What a snapshot holds on the heap, where it outlives the arena and any thread may read it. */
  private static final int KEPT = 1 << 20;

  private final GrowableBuffer buffer;
  private final MemorySegment probe;
  private final UnqueuedLock moving = new UnqueuedLock();
  private long head; // consumed

  /** What every {@link Prefix} holds: as long as there is one its bytes stay where they are. */
  private WeakReference<Object> pin = new WeakReference<>(null);

  OffHeapOutput(Arena arena, GrowableBuffer buffer) {
    this.buffer = buffer;
    this.probe = arena.allocate(1);
  }

  @Override
  public MemorySegment room() {
    try (var _ = moving.hold()) {
      // Not in consume: a step may be filling the room that it was given.
      if (head > 0 && head >= unconsumed() && pin.refersTo(null)) {
        buffer.discard(head);
        head = 0;
      }
      return buffer.room();
    }
  }

  @Override
  void added(long bytes) {
    buffer.received(bytes);
  }

  @Override
  long unconsumed() {
    return buffer.size() - head;
  }

  /** None: the memory may move, and only some threads may touch it. */
  @Override
  @Nullable Window front(@Nullable Charset text) {
    return null;
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    int n = (int) Math.clamp(unconsumed() - from, 0L, length);
    if (n == 0) {
      return 0; // there may be no such address
    }
    copyFrom(head + from, into, offset, n);
    return n;
  }

  private void copyFrom(long from, byte[] into, int offset, int length) {
    try (var _ = moving.hold()) {
      MemorySegment.copy(buffer.content(), ValueLayout.JAVA_BYTE, from, into, offset, length);
    }
  }

  @Override
  void drop(long bytes) {
    head += bytes;
  }

  @Override
  Snapshot kept() {
    long size = unconsumed();
    if (size <= KEPT && isAccessibleBy(Thread.currentThread())) {
      try {
        return new Copy(join());
      } catch (IllegalStateException _) {
        // another thread has just closed the arena
      }
    }
    Object pinned = pin.get();
    if (pinned == null) {
      pinned = new Object();
      pin = new WeakReference<>(pinned);
    }
    return new Prefix(head, size, pinned);
  }

  /** Everything that is there, alive as long as the arena. */
  MemorySegment finish() {
    try (var _ = moving.hold()) {
      return buffer.finish().asSlice(head);
    }
  }

  @Override
  byte[] joined() {
    byte[] all = new byte[(int) unconsumed()];
    copy(0, all, 0, all.length);
    return all;
  }

  @Override
  public boolean isAccessibleBy(Thread thread) {
    return probe.isAccessibleBy(thread) && probe.scope().isAlive();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Copy(byte[] bytes) implements Snapshot {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(bytes);
    }
  }

  /**
   * While there is one, nothing is discarded and bytes only follow, so it stays as it is. It is
   * looked up anew because the memory may move.
   */
  private final class Prefix implements Snapshot {
    private final long from;
    private final long size;
    private final Object pinned;

    Prefix(long from, long size, Object pinned) {
      this.from = from;
      this.size = size;
      this.pinned = pinned;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] copy = new byte[(int) Math.min(size, COPY)];
      try {
        for (long done = 0; done < size; ) {
          int n = (int) Math.min(size - done, copy.length);
          read(from + done, copy, n);
          out.write(copy, 0, n);
          done += n;
        }
      } finally {
        Reference.reachabilityFence(pinned);
      }
    }

    private void read(long at, byte[] into, int length) {
      try {
        OffHeapOutput.this.copyFrom(at, into, 0, length);
      } catch (IllegalStateException | WrongThreadException e) {
        IllegalStateException inaccessible = inaccessible();
        inaccessible.initCause(e);
        throw inaccessible;
      }
    }
  }
}
