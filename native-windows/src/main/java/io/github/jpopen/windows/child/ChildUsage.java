package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@code GetProcessTimes} and {@code GetProcessMemoryInfo} report about a process that has
 * ended.
 *
 * @param userNanos the processor time in the program
 * @param systemNanos the processor time in the kernel
 * @param peakBytes the largest working set, or {@link #UNKNOWN}
 */
record ChildUsage(long userNanos, long systemNanos, long peakBytes) implements Usage {
  /** How many times there are, each a FILETIME. */
  static final int TIMES = 4;

  private static final int KERNEL = 2;
  private static final int USER = 3;
  private static final long UNIT_NANOS = 100;

  /**
   * Reads the times.
   *
   * @param peak the largest working set; 0 or an error if that is unknown
   */
  static ChildUsage of(MemorySegment times, long peak) {
    return new ChildUsage(nanos(times, USER), nanos(times, KERNEL), peak > 0 ? peak : UNKNOWN);
  }

  private static long nanos(MemorySegment times, int index) {
    return times.getAtIndex(ValueLayout.JAVA_LONG, index) * UNIT_NANOS;
  }
}
