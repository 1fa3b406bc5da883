package io.github.jpopen.posix.child;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.spi.Usage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel reports in {@code struct rusage} about a child that was collected. */
final class ChildUsage implements Usage {
  private static final Path OWN_STATUS = Path.of("/proc/self/status");
  private static final String OWN_PEAK = "VmHWM:";
  private static final long SECOND = 1_000_000_000;
  private static final long MICROSECOND = 1_000;
  private static final long NOT_ASKED = -2;
  private static final long LEAST_DOUBT = 4 << 20;
  private static final int DOUBT_FRACTION = 64;

  private final long userNanos;
  private final long systemNanos;
  private final long reportedPeak;
  private final boolean includesStarter;
  private volatile long peak = NOT_ASKED;

  private ChildUsage(long userNanos, long systemNanos, long reportedPeak, boolean includesStarter) {
    this.userNanos = userNanos;
    this.systemNanos = systemNanos;
    this.reportedPeak = reportedPeak;
    this.includesStarter = includesStarter;
  }

  /** Reads a {@code struct rusage}. */
  static ChildUsage of(PosixConstants constants, MemorySegment usage) {
    long maxRss = usage.get(ValueLayout.JAVA_LONG, constants.offsetOfPeakMemory());
    return new ChildUsage(
        nanos(usage, constants.offsetOfUserTime()),
        nanos(usage, constants.offsetOfSystemTime()),
        constants.peakMemory(maxRss),
        constants.peakIncludesStarter());
  }

  // struct timeval: a long, then microseconds, a long or an int of a system with little endians.
  private static long nanos(MemorySegment usage, int offset) {
    return usage.get(ValueLayout.JAVA_LONG, offset) * SECOND
        + usage.get(ValueLayout.JAVA_INT, offset + Long.BYTES) * MICROSECOND;
  }

  @Override
  public long userNanos() {
    return userNanos;
  }

  @Override
  public long systemNanos() {
    return systemNanos;
  }

  // Where our memory counts as the child's, a peak that is not above ours says nothing. Nor does
  // one that is just above: Linux counts the pages of each processor apart, and adds them up later.
  @Override
  public long peakBytes() {
    long known = peak;
    if (known == NOT_ASKED) {
      known = !includesStarter || isAbove(ownPeak()) ? reportedPeak : UNKNOWN;
      peak = known;
    }
    return known;
  }

  private boolean isAbove(long ownPeak) {
    return reportedPeak - ownPeak > Math.max(LEAST_DOUBT, ownPeak / DOUBT_FRACTION);
  }

  /** The most memory that this JVM had in use; more than any child if that cannot be known. */
  private static long ownPeak() {
    try {
      List<String> lines = Files.readAllLines(OWN_STATUS);
      return lines.stream()
          .filter(line -> line.startsWith(OWN_PEAK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10) // "kB"
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException | NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
