package io.github.jpopen.windows;

import java.time.Duration;

/**
 * Switches for tests and for systems that misbehave.
 *
 * @param unnamedPipes whether pipes without a name may be used
 * @param noWindow whether CREATE_NO_WINDOW may be set if no console would be seen
 * @param poison whether a buffer is overwritten while no operation uses it, and checked when it is
 *     used again
 * @param idle how long a thread stays that has nothing to do
 */
record Settings(boolean unnamedPipes, boolean noWindow, boolean poison, Duration idle) {
  /** The system property that, if {@code false}, gives every pipe a name. */
  static final String UNNAMED_PIPES = "io.github.jpopen.windows.unnamedPipes";

  /** The system property that, if {@code false}, keeps CREATE_NO_WINDOW from being set. */
  static final String NO_WINDOW = "io.github.jpopen.windows.noWindow";

  /** The system property that, if {@code true}, poisons buffers. */
  static final String POISON = "io.github.jpopen.windows.poison";

  /** The system property that sets how long an idle thread stays, in milliseconds. */
  static final String IDLE = "io.github.jpopen.windows.idleMillis";

  private static final long USUAL_IDLE_MILLIS = 10_000;

  /** It is the longest wait as well, and a thread that is used must not look all the time. */
  private static final long SHORTEST_IDLE_MILLIS = 50;

  /** The most that an int holds, and short enough to be counted in nanoseconds. */
  private static final long LONGEST_IDLE_MILLIS = Integer.MAX_VALUE;

  Settings(boolean unnamedPipes, boolean noWindow, boolean poison) {
    this(unnamedPipes, noWindow, poison, Duration.ofMillis(USUAL_IDLE_MILLIS));
  }

  static Settings ofSystemProperties() {
    return new Settings(
        !"false".equals(System.getProperty(UNNAMED_PIPES)),
        !"false".equals(System.getProperty(NO_WINDOW)),
        "true".equals(System.getProperty(POISON)),
        Duration.ofMillis(
            Math.clamp(
                Long.getLong(IDLE, USUAL_IDLE_MILLIS), SHORTEST_IDLE_MILLIS, LONGEST_IDLE_MILLIS)));
  }
}
