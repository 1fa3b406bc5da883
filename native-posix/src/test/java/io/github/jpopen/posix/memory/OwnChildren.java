package io.github.jpopen.posix.memory;

import io.github.jpopen.contract.Resources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Looks at the children of this process and at its threads, and waits for them. */
final class OwnChildren {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private OwnChildren() {}

  static boolean isDead(long pid) {
    return Resources.isDead(pid);
  }

  static int children() {
    return pids().size();
  }

  static long living() {
    return pids().stream().filter(pid -> !isDead(pid)).count();
  }

  // The kernel lists children by the thread that started them; that is faster than to look at every
  // process.
  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        String list = Files.readString(task.resolve("children"));
        list.lines()
            .flatMap(line -> Stream.of(line.split(" ", -1)))
            .filter(pid -> !pid.isEmpty())
            .map(Long::valueOf)
            .forEach(pids::add);
      }
      return pids;
    } catch (IOException e) { // a thread has ended, or this kernel has no such list
      return Resources.children().stream()
          .map(child -> Long.valueOf(child.substring(0, child.indexOf(':'))))
          .toList();
    }
  }

  static boolean waits(Thread thread) {
    StackTraceElement[] trace = thread.getStackTrace();
    return Arrays.stream(trace)
        .anyMatch(
            frame ->
                frame.getMethodName().equals("park")
                    || frame.getMethodName().equals("ppoll")
                    || frame.getMethodName().equals("poll"));
  }

  static void await(String what, BooleanSupplier condition) {
    if (!holds(condition)) {
      throw new AssertionError("never: " + what);
    }
  }

  static boolean holds(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        return false;
      }
      LockSupport.parkNanos(500_000);
    }
    return true;
  }
}
