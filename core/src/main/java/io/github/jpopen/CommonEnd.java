package io.github.jpopen;

import io.github.jpopen.spi.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends several children at once: asks all that have a grace, kills the others, and lets the graces
 * pass side by side. It needs no thread, because a JVM that ends may have none left.
 */
final class CommonEnd {
  /** Together the children are looked at so often; each gets a part of it. */
  private static final long ROUND_NANOS = 20_000_000;

  private static final long SHORTEST_NANOS = 1_000_000;

  private final List<Ender> children;
  private final Duration limit;

  /**
   * Ends nothing yet.
   *
   * @param limit the most that all graces take together
   */
  CommonEnd(List<Ender> children, Duration limit) {
    this.children = List.copyOf(children);
    this.limit = limit;
  }

  void run() {
    Deadline end = Deadline.after(limit);
    Map<Ender, Deadline> asked = new LinkedHashMap<>();
    for (Ender child : children) {
      Duration grace = child.askIfGraceful();
      if (grace.isPositive()) {
        asked.put(child, end.atMost(nanos(grace)));
      }
    }
    for (Ender child : children) {
      if (!asked.containsKey(child)) {
        child.endQuietly();
      }
    }
    try {
      await(asked);
    } catch (InterruptedException e) { // what is left has had less time
      Thread.currentThread().interrupt();
      asked.keySet().forEach(Ender::endQuietly);
    }
  }

  private long nanos(Duration grace) {
    return (grace.compareTo(limit) < 0 ? grace : limit).toNanos();
  }

  // A child that writes its last words must not wait until another one has ended: in turn, the
  // bytes of each are moved.
  private static void await(Map<Ender, Deadline> asked) throws InterruptedException {
    while (!asked.isEmpty()) {
      long part = Math.max(SHORTEST_NANOS, ROUND_NANOS / asked.size());
      for (Map.Entry<Ender, Deadline> child : new ArrayList<>(asked.entrySet())) {
        Deadline turn = child.getValue().atMost(part);
        boolean ended = child.getKey().awaitAsked(turn);
        if (ended || !turn.hasPassed() || child.getValue().hasPassed()) {
          asked.remove(child.getKey());
          child.getKey().endQuietly();
        }
      }
    }
  }
}
