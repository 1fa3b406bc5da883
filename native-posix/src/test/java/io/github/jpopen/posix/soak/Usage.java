package io.github.jpopen.posix.soak;

import io.github.jpopen.contract.Resources;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this process holds at a moment.
 *
 * @param descriptors how many are open, with those of the JVM
 * @param children their ids and states
 * @param threads how many platform threads of the library live
 * @param rssKib the resident memory
 * @param classes how many are loaded
 * @param anonymous how many descriptors of each kind lead to no file
 */
record Usage(
    int descriptors,
    List<String> children,
    int threads,
    long rssKib,
    long classes,
    Map<String, Integer> anonymous) {
  private static final int SETTLE_ROUNDS = 40;
  private static final int SETTLE_MILLIS = 500;
  private static final int LAST = 5;

  static Usage now() {
    String[] open = new File("/proc/self/fd").list();
    Map<String, Integer> anonymous = new TreeMap<>();
    for (String number : open == null ? new String[0] : open) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString();
        if (target.startsWith("anon_inode:")) {
          anonymous.merge(target, 1, Integer::sum);
        }
      } catch (IOException e) {
        // closed meanwhile
      }
    }
    return new Usage(
        open == null ? 0 : open.length,
        Resources.children(),
        ours(),
        residentKib(),
        loaded(),
        anonymous);
  }

  /** What is held when all that ends by itself has ended: 20 s and as many collections. */
  static Usage settled() throws InterruptedException {
    Usage least = now();
    for (int i = 0; i < SETTLE_ROUNDS; i++) {
      System.gc();
      Thread.sleep(SETTLE_MILLIS);
      Usage now = now();
      if (now.descriptors <= least.descriptors && now.threads <= least.threads) {
        least = now;
      }
    }
    return least;
  }

  private static int ours() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("jpopen-") || name.startsWith("Cleaner-"))
            .count();
  }

  // The module of these tests does not read that of the beans.
  private static long loaded() {
    try {
      Object bean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getClassLoadingMXBean")
              .invoke(null);
      return (int)
          Class.forName("java.lang.management.ClassLoadingMXBean")
              .getMethod("getLoadedClassCount")
              .invoke(bean);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("java.management", e);
    }
  }

  private static long residentKib() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** By how much the memory of the last samples is above that of those after the first fifth. */
  static double growthMib(List<Usage> samples) {
    int first = samples.size() / 5;
    int count = Math.min(LAST, Math.max(1, (samples.size() - first) / 2));
    double early = mean(samples.subList(first, Math.min(samples.size(), first + count)));
    double late = mean(samples.subList(samples.size() - count, samples.size()));
    return (late - early) / 1024;
  }

  private static double mean(List<Usage> samples) {
    return samples.stream().mapToLong(Usage::rssKib).average().orElse(0);
  }
}
