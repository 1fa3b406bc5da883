package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The first and the last bytes of an output. */
final class HeadAndTailOutput extends OutputBuffer {
  private static final int PIECE = 64 * 1024;

  private final HeadOutput head;
  private final TailOutput tail;
  private long joinedAt = Snapshot.NO_GAP; // where the tail begins in the head, once it is there

  HeadAndTailOutput(HeadOutput head, TailOutput tail) {
    this.head = head;
    this.tail = tail;
  }

  @Override
  public boolean isStreamable() {
    return false;
  }

  private OutputBuffer last() {
    return head.isHeadFull() || tail.size() > 0 ? tail : head;
  }

  @Override
  @Nullable Window front(@Nullable Charset text) {
    return null;
  }

  @Override
  public MemorySegment room() {
    return last().room();
  }

  @Override
  void added(long bytes) {
    last().added(bytes);
  }

  @Override
  long unconsumed() {
    return head.size() + tail.size();
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    int first = from < head.size() ? head.copy(from, into, offset, length) : 0;
    long skip = Math.max(0, from - head.size());
    return first + tail.copy(skip, into, offset + first, length - first);
  }

  @Override
  void drop(long bytes) {
    long first = Math.min(bytes, head.size());
    head.drop(first);
    tail.drop(bytes - first);
  }

  @Override
  Snapshot kept() {
    Snapshot both = new Both(head.snapshot(), tail.snapshot());
    return new CutSnapshot(both, gap(), omitted(), position(), null);
  }

  @Override
  byte[] joined() {
    byte[] all = new byte[Math.toIntExact(size())];
    copy(0, all, 0, all.length);
    return all;
  }

  @Override
  OutputBuffer whole() {
    OutputBuffer all = head.whole();
    if (joinedAt == Snapshot.NO_GAP) {
      joinedAt = head.size();
    }
    byte[] piece = new byte[(int) Math.min(tail.size(), PIECE)];
    while (tail.size() > 0) { // it may be more than an array can hold
      MemorySegment room = all.room();
      int n = tail.copy(0, piece, 0, (int) Math.min(room.byteSize(), piece.length));
      MemorySegment.copy(piece, 0, room, ValueLayout.JAVA_BYTE, 0, n);
      all.added(n);
      tail.drop(n);
    }
    return all;
  }

  @Override
  public void discard() {
    head.discard();
    tail.discard();
  }

  @Override
  public boolean isAccessibleBy(Thread thread) {
    return head.isAccessibleBy(thread) && tail.isAccessibleBy(thread);
  }

  @Override
  public long omitted() {
    return tail.omitted();
  }

  @Override
  public long gap() {
    long end = joinedAt == Snapshot.NO_GAP ? head.size() : joinedAt;
    return omitted() == 0 ? Snapshot.NO_GAP : end;
  }

  private record Both(Snapshot head, Snapshot tail) implements Snapshot {
    @Override
    public long size() {
      return head.size() + tail.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      head.writeTo(out);
      tail.writeTo(out);
    }
  }
}
