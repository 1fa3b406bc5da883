package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@code GetProcessTimes} reports about a process that has ended.
 *
 * @param userNanos the processor time in the program
 * @param systemNanos the processor time in the kernel
 */
record ChildUsage(long userNanos, long systemNanos) implements Usage {
  /** How many times there are, each a FILETIME. */
  static final int TIMES = 4;

  private static final int KERNEL = 2;
  private static final int USER = 3;
  private static final long UNIT_NANOS = 100;

  static ChildUsage of(MemorySegment times) {
    return new ChildUsage(nanos(times, USER), nanos(times, KERNEL));
  }

  private static long nanos(MemorySegment times, int index) {
    return times.getAtIndex(ValueLayout.JAVA_LONG, index) * UNIT_NANOS;
  }

  @Override
  public long peakBytes() {
    return UNKNOWN;
  }
}
