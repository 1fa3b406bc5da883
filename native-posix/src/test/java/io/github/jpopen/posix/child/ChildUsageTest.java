package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.spi.Usage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Whose peak of memory the kernel reports for a child that began in the memory of this JVM. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "/proc shows what this JVM has used")
final class ChildUsageTest extends PosixTest {
  private static final PosixConstants NUMBERS = HOST.constants();
  private static final long KIBIBYTE = 1 << 10;
  private static final long MEBIBYTE = 1 << 20;
  private static final long GIBIBYTE = 1 << 30;

  @Test
  void peakFarAboveOursIsTheChilds() throws Exception {
    long peak = ownPeak() + GIBIBYTE;
    assertThat(peakOf(peak)).isEqualTo(peak);
  }

  @Test
  void peakJustAboveOursSaysNothing() throws Exception {
    assertThat(peakOf(ownPeak() + 2 * MEBIBYTE)).isEqualTo(Usage.UNKNOWN);
  }

  @Test
  void peakBelowOursSaysNothing() throws Exception {
    assertThat(peakOf(MEBIBYTE)).isEqualTo(Usage.UNKNOWN);
  }

  private static long peakOf(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment usage = arena.allocate(NUMBERS.sizeOfUsage(), Long.BYTES);
      usage.set(ValueLayout.JAVA_LONG, NUMBERS.offsetOfPeakMemory(), bytes / KIBIBYTE);
      return ChildUsage.of(NUMBERS, usage).peakBytes();
    }
  }

  private static long ownPeak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
        .findFirst()
        .orElseThrow();
  }
}
