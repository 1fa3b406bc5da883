package io.github.jpopen.testing.fake;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * A pipe in this process: a bounded queue of bytes that knows how many hold its ends. Guarded by
 * the lock of its {@link Group}.
 */
final class BytePipe {
  /** What Linux gives a pipe. */
  static final int USUAL_CAPACITY = 64 * 1024;

  private static final int PAGE = 4096;

  private final byte[] ring;
  private int head;
  private int size;
  private int writers = 1;
  private int readers = 1;

  /** What Linux makes of a size that was asked for: a power of two, of whole pages. */
  static int capacity(OptionalInt asked) {
    if (asked.isEmpty()) {
      return USUAL_CAPACITY;
    }
    int least = Math.max(PAGE, asked.getAsInt());
    int power = Integer.highestOneBit(least);
    return power == least ? least : 2 * power;
  }

  BytePipe(int capacity) {
    ring = new byte[capacity];
  }

  void addWriter() {
    writers++;
  }

  void addReader() {
    readers++;
  }

  void dropWriter() {
    writers--;
  }

  void dropReader() {
    readers--;
  }

  boolean hasReader() {
    return readers > 0;
  }

  /** Whether there is no byte, and none will come. */
  boolean isAtEnd() {
    return size == 0 && writers <= 0;
  }

  boolean hasRoom() {
    return size < ring.length;
  }

  int size() {
    return size;
  }

  /** Takes what there is room for; returns how many bytes. */
  int write(MemorySegment from) {
    int taken = 0;
    int count = (int) Math.min(from.byteSize(), ring.length - size);
    while (taken < count) {
      int tail = (head + size) % ring.length;
      int piece = Math.min(count - taken, ring.length - tail);
      MemorySegment.copy(from, taken, MemorySegment.ofArray(ring), tail, piece);
      size += piece;
      taken += piece;
    }
    return count;
  }

  /** Gives what there is; returns how many bytes. */
  int read(MemorySegment into) {
    int given = 0;
    int count = (int) Math.min(into.byteSize(), size);
    while (given < count) {
      int piece = Math.min(count - given, ring.length - head);
      MemorySegment.copy(MemorySegment.ofArray(ring), head, into, given, piece);
      head = (head + piece) % ring.length;
      size -= piece;
      given += piece;
    }
    return count;
  }
}
