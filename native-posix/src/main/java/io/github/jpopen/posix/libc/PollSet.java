package io.github.jpopen.posix.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An array of {@code struct pollfd} and the time to wait. Used by one thread at a time.
 *
 * <p>The struct is an int and two shorts on every POSIX system. It is accessed as two ints, with
 * the events in the lower half of the second. The reason is that the first use of each kind of
 * memory access is slow in a JVM.
 */
public final class PollSet {
  private static final int SIZE = 8;
  private static final int EVENTS = 4;
  private static final int HALF = 16;
  private static final long NANOS_A_MILLI = 1_000_000;

  private final MemorySegment timespec;
  private MemorySegment structs;
  private int count;

  /**
   * Makes an empty set.
   *
   * @param capacity the initial number of descriptors
   */
  public PollSet(int capacity) {
    timespec = Arena.ofAuto().allocate(2L * Long.BYTES, Long.BYTES);
    structs = allocate(capacity);
  }

  /** Removes all descriptors. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds a descriptor.
   *
   * @param descriptor the descriptor to wait for
   * @param events {@code POLLIN}, {@code POLLOUT}
   * @return its index
   */
  public int add(int descriptor, int events) {
    if ((long) count * SIZE == structs.byteSize()) {
      structs = allocate(2 * count).copyFrom(structs);
    }
    long offset = (long) count * SIZE;
    structs.set(ValueLayout.JAVA_INT, offset, descriptor);
    structs.set(ValueLayout.JAVA_INT, offset + EVENTS, events);
    return count++;
  }

  /**
   * The events of a descriptor.
   *
   * @param index the index of the descriptor
   * @return the bits of {@code revents}, including those that are always reported
   */
  public int happened(int index) {
    return structs.get(ValueLayout.JAVA_INT, (long) index * SIZE + EVENTS) >>> HALF;
  }

  /** The number of descriptors. */
  public int count() {
    return count;
  }

  long structs() {
    return structs.address();
  }

  /** The address of {@code nanos} as a {@code struct timespec}. */
  long timespec(long nanos) {
    timespec.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000);
    timespec.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % 1_000_000_000);
    return timespec.address();
  }

  /** The time to wait in milliseconds, rounded up so that no wait ends early. */
  static int millis(long nanos) {
    return nanos < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(nanos, NANOS_A_MILLI));
  }

  private static MemorySegment allocate(int capacity) {
    return Arena.ofAuto().allocate((long) capacity * SIZE, Long.BYTES);
  }
}
