package io.github.jpopen.bench.crowd;

import io.github.jpopen.Command;
import io.github.jpopen.Redirect;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** A child that never stops writing, beside virtual threads that sleep a millisecond at a time. */
final class Busy {
  private static final int SLEEPERS = 10;
  private static final long MILLIS = 3000;

  private Busy() {}

  static boolean run() throws IOException, InterruptedException {
    AtomicLong turns = new AtomicLong();
    for (int i = 0; i < SLEEPERS; i++) {
      Thread.ofVirtual().start(() -> sleep(turns));
    }
    Thread.sleep(MILLIS);
    long alone = turns.get();
    long bytes;
    try (var child = Command.of("cat", "/dev/zero").stdout(Redirect.PIPE).start()) {
      AtomicLong moved = new AtomicLong();
      Thread reader = Thread.ofVirtual().start(() -> read(child, moved));
      Thread.sleep(MILLIS);
      child.kill();
      reader.join();
      bytes = moved.get();
    }
    long beside = turns.get() - alone;
    System.out.printf(
        "%d sleepers of 1 ms: %,d turns a second alone, %,d beside a child that writes %,d MiB a"
            + " second (parallelism %s)%n",
        SLEEPERS,
        alone * 1000 / MILLIS,
        beside * 1000 / MILLIS,
        (bytes * 1000 / MILLIS) >> 20,
        System.getProperty("jdk.virtualThreadScheduler.parallelism", "as it is"));
    return true;
  }

  private static void sleep(AtomicLong turns) {
    try {
      while (true) {
        Thread.sleep(1);
        turns.incrementAndGet();
      }
    } catch (InterruptedException e) {
      // the program ends
    }
  }

  private static void read(io.github.jpopen.Popen<byte[]> child, AtomicLong moved) {
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = child.stdout().read(buffer); n >= 0; n = child.stdout().read(buffer)) {
        moved.addAndGet(n);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
