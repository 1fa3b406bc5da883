package io.github.jpopen.posix;

import io.github.jpopen.posix.spawn.SpawnTier;
import java.time.Duration;
import java.util.Locale;

/**
 * What can be switched off, for tests and for systems that misbehave.
 *
 * @param tier the best way to spawn that may be used
 * @param pidfd whether process descriptors may be used
 * @param epoll whether epoll may be used
 * @param idle after which time without work a background thread ends
 */
public record Settings(SpawnTier tier, boolean pidfd, boolean epoll, Duration idle) {
  /** The system property that names the best {@link SpawnTier} to use, in lower case. */
  static final String TIER = "io.github.jpopen.posix.spawnTier";

  /** The system property that switches process descriptors off when it is {@code false}. */
  static final String PIDFD = "io.github.jpopen.posix.pidfd";

  /** The system property that switches epoll off when it is {@code false}. */
  static final String EPOLL = "io.github.jpopen.posix.epoll";

  /**
   * The system property that, when it is {@code macos}, keeps Linux to the calls that macOS has.
   */
  static final String CALLS = "io.github.jpopen.posix.calls";

  /** The system property for the time after which an idle thread ends, in milliseconds. */
  static final String IDLE = "io.github.jpopen.posix.idleMillis";

  private static final long USUAL_IDLE_MILLIS = 10_000;

  /** The longest wait of {@code epoll_wait}, and short enough to be counted in nanoseconds. */
  private static final long LONGEST_IDLE_MILLIS = Integer.MAX_VALUE;

  /** Settings with the usual time after which an idle thread ends. */
  public Settings(SpawnTier tier, boolean pidfd, boolean epoll) {
    this(tier, pidfd, epoll, Duration.ofMillis(USUAL_IDLE_MILLIS));
  }

  static boolean likeMac() {
    return "macos".equals(System.getProperty(CALLS));
  }

  public static Settings ofSystemProperties() {
    String tier = System.getProperty(TIER);
    return new Settings(
        tier == null ? SpawnTier.CLOEXEC_DEFAULT : SpawnTier.valueOf(tier.toUpperCase(Locale.ROOT)),
        isWanted(PIDFD),
        isWanted(EPOLL),
        Duration.ofMillis(
            Math.clamp(Long.getLong(IDLE, USUAL_IDLE_MILLIS), 0, LONGEST_IDLE_MILLIS)));
  }

  private static boolean isWanted(String property) {
    return !"false".equals(System.getProperty(property));
  }
}
