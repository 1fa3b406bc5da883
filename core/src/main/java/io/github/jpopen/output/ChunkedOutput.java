package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output on the heap, in a list of arrays that are filled once and never moved. */
public final class ChunkedOutput extends OutputBuffer {
  // An array header of 16 bytes takes an exact power of two over the border of a heap region. G1
  // leaves an array of more than half a region where it is; smaller ones are copied while they
  // live, which needs room for both. Regions are of 1 to 4 MiB in heaps of up to 8 GiB.
  private static final int LARGEST_CHUNK = 4 * 1024 * 1024 - 16;
  private static final int SMALLEST_CHUNK = 1024 - 16;

  /** Chunks for bytes that are consumed as they come need not be larger than the largest pipe. */
  private static final int LARGEST_CHUNK_OF_A_STREAM = 256 * 1024 - 16;

  /** All but the last are full. */
  private List<byte[]> chunks = new ArrayList<>();

  private int head; // consumed bytes of the first chunk
  private int tail; // filled bytes of the last chunk
  private long size;
  private boolean joined; // the first chunk is what join gave

  @Override
  public MemorySegment room() {
    byte[] last = chunks.isEmpty() ? null : chunks.getLast();
    if (last == null || tail == last.length) {
      last = new byte[last == null ? SMALLEST_CHUNK : length(last.length)];
      chunks.add(last);
      tail = 0;
    }
    return MemorySegment.ofArray(last).asSlice(tail);
  }

  // Twice the last one, but no larger than what is there and not consumed.
  private int length(int last) {
    long limit = Math.clamp(size, LARGEST_CHUNK_OF_A_STREAM, LARGEST_CHUNK);
    return (int) Math.clamp(2L * last, SMALLEST_CHUNK, limit);
  }

  @Override
  void added(long bytes) {
    tail += (int) bytes;
    size += bytes;
  }

  @Override
  long unconsumed() {
    return size;
  }

  @Override
  Window front(@Nullable Charset text) {
    byte[] first = chunks.getFirst();
    return new Window(first, head, chunks.size() == 1 ? tail : first.length, text);
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    int wanted = (int) Math.clamp(size - from, 0L, length);
    long skip = head + from;
    int done = 0;
    for (int i = 0; done < wanted; i++) {
      byte[] chunk = chunks.get(i);
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      int n = Math.min(chunk.length - (int) skip, wanted - done);
      System.arraycopy(chunk, (int) skip, into, offset + done, n);
      done += n;
      skip = 0;
    }
    return wanted;
  }

  @Override
  void drop(long bytes) {
    size -= bytes;
    long rest = head + bytes;
    while (chunks.size() > 1 && rest >= chunks.getFirst().length) { // needs no memory
      rest -= chunks.removeFirst().length;
      joined = false;
    }
    head = (int) rest;
  }

  @Override
  Snapshot kept() {
    return new Chunks(List.copyOf(chunks), head, size);
  }

  @Override
  byte[] joined() {
    if (joined && head == 0 && chunks.getFirst().length == size) {
      return chunks.getFirst();
    }
    // Never a chunk itself: a snapshot may hold it, and the caller may change what it gets.
    byte[] all = new byte[(int) size];
    copy(0, all, 0, all.length);
    chunks = new ArrayList<>(List.of(all));
    head = 0;
    tail = all.length;
    joined = true;
    return all;
  }

  @Override
  public void discard() {
    chunks = new ArrayList<>();
    head = 0;
    tail = 0;
    size = 0;
    joined = false;
  }

  private record Chunks(List<byte[]> chunks, int head, long size) implements Snapshot {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      long left = size;
      int from = head;
      for (byte[] chunk : chunks) {
        int n = (int) Math.min(chunk.length - from, left);
        out.write(chunk, from, n);
        left -= n;
        from = 0;
      }
    }
  }
}
