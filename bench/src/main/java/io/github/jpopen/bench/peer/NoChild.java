package io.github.jpopen.bench.peer;

import java.time.Duration;
import java.util.List;

/** Threads that sleep in place of children: what a JVM needs without any. */
final class NoChild implements Peer {
  private static final Duration NAP = Duration.ofMillis(200);

  @Override
  public Captured talk(Job job) throws InterruptedException {
    Thread.sleep(NAP);
    return new Captured("hi\n", null);
  }

  @Override
  public void runWithoutPipes(List<String> command) {}

  @Override
  public long overshoot(List<String> command, Duration timeout) throws InterruptedException {
    long start = System.nanoTime();
    Thread.sleep(timeout);
    return System.nanoTime() - start - timeout.toNanos();
  }
}
