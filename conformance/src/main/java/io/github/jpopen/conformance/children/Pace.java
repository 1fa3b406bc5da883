package io.github.jpopen.conformance.children;

import java.time.Duration;

/**
 * How long the rules wait.
 *
 * @param enough a limit that no call reaches
 * @param shortly a limit that passes, and after which a child has written what it writes first
 * @param late by so much a timeout is not on time
 * @param settle by then, what must happen by itself has happened
 * @param hang longer than any rule takes
 * @param many how many children show that something is left behind
 */
public record Pace(
    Duration enough, Duration shortly, Duration late, Duration settle, Duration hang, int many) {
  private static final String PATIENCE = "io.github.jpopen.conformance.patience";

  /**
   * As the system properties say.
   *
   * @param children the faster they start, the shorter
   * @return the same at every call
   */
  public static Pace here(Children children) {
    long patience = Math.max(Long.getLong(PATIENCE, 1), 1);
    boolean shells = children == Children.SHELLS;
    return new Pace(
        Duration.ofSeconds(15).multipliedBy(patience),
        Duration.ofMillis(shells ? 300 : 2_000).multipliedBy(patience),
        Duration.ofMillis(1_000).multipliedBy(patience),
        Duration.ofSeconds(5).multipliedBy(patience),
        Duration.ofSeconds(40).multipliedBy(patience),
        shells ? 20 : 6);
  }
}
