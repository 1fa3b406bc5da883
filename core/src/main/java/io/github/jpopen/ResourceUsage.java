package io.github.jpopen;

import io.github.jpopen.spi.Usage;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a child has used: processor time, and memory where the system tells the truth.
 *
 * {@snippet file="ChildSnippets.java" region="usage" :
 * CompletedProcess<byte[]> sort = Command.of("sort", "/etc/passwd").captureOutput().run();
 * ResourceUsage usage = sort.usage().orElseThrow();
 * IO.println(usage.cpuTime().toMillis() < 10_000); // true
 * usage.peakMemory().ifPresent(bytes -> IO.println("peak: " + bytes + " bytes"));
 * }
 *
 * <p>On POSIX the times include those of the child's own children that it has waited for, as in
 * Python's {@code os.wait4}. On Windows they do not.
 *
 * @param userTime the processor time that the program itself took
 * @param systemTime the processor time that the kernel took on its behalf
 * @param peakMemory the most memory that the child had in use at one time, in bytes. POSIX systems
 *     report {@code ru_maxrss} of getrusage(2), and Windows {@code PeakWorkingSetSize} of {@code
 *     GetProcessMemoryInfo}. Empty where the system does not tell. Linux counts the memory of this
 *     JVM, in which a child begins, as the child's. So there only a peak well above that of this
 *     JVM is known to be the child's own
 * @since 0.1
 */
public record ResourceUsage(Duration userTime, Duration systemTime, OptionalLong peakMemory) {
  /**
   * Checks the components.
   *
   * @param userTime not null
   * @param systemTime not null
   * @param peakMemory not null
   */
  public ResourceUsage {
    Objects.requireNonNull(userTime, "userTime is null");
    Objects.requireNonNull(systemTime, "systemTime is null");
    Objects.requireNonNull(peakMemory, "peakMemory is null");
  }

  static ResourceUsage of(Usage usage) {
    long peak = usage.peakBytes();
    return new ResourceUsage(
        Duration.ofNanos(usage.userNanos()),
        Duration.ofNanos(usage.systemNanos()),
        peak == Usage.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(peak));
  }

  /**
   * Returns the processor time in all.
   *
   * @return {@link #userTime} and {@link #systemTime} together
   */
  public Duration cpuTime() {
    return userTime.plus(systemTime);
  }
}
