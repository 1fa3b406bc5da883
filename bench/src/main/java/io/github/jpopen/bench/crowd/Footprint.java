package io.github.jpopen.bench.crowd;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this JVM takes at one moment.
 *
 * @param heap bytes used after a collection
 * @param resident bytes, {@code VmRSS} of {@code /proc/self/status}
 * @param threads platform threads of the system, {@code Threads} of the same file
 */
record Footprint(long heap, long resident, int threads) {
  static Footprint now() {
    System.gc();
    return new Footprint(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        1024 * status("VmRSS"),
        (int) status("Threads"));
  }

  private static long status(String name) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(name + ":")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    throw new IllegalStateException(name);
  }

  String perChild(Footprint before, int children) {
    return String.format(
        "%.1f KiB of heap and %.1f KiB resident a child, %d threads more",
        (heap - before.heap) / 1024.0 / children,
        (resident - before.resident) / 1024.0 / children,
        threads - before.threads);
  }

  @Override
  public String toString() {
    return String.format(
        "%d MiB of heap, %d MiB resident, %d threads", heap >> 20, resident >> 20, threads);
  }
}
