package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The first and the last bytes of an output. */
final class HeadAndTailOutput extends OutputBuffer {
  private final HeadOutput head;
  private final TailOutput tail;

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
    byte[] last = tail.join();
    for (int done = 0; done < last.length; ) {
      MemorySegment room = all.room();
      int n = (int) Math.min(room.byteSize(), last.length - done);
      MemorySegment.copy(last, done, room, ValueLayout.JAVA_BYTE, 0, n);
      all.added(n);
      done += n;
    }
    tail.drop(last.length);
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
    return omitted() == 0 ? Snapshot.NO_GAP : head.size();
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
