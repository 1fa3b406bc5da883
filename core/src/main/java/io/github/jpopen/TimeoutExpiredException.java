package io.github.jpopen;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * The time was up before the child had ended. Holds the output received so far. Python's {@code
 * TimeoutExpired}.
 *
 * {@snippet file="FailureSnippets.java" region="timeout" :
 * Command<String> stubborn = Command.shell("trap '' TERM; echo working; exec sleep 60").text();
 * try (Popen<String> child = stubborn.stdout(PIPE).start()) {
 *   try {
 *     IO.print(child.communicate(Duration.ofMillis(500)).stdout());
 *   } catch (TimeoutExpiredException e) { // the child still runs, and its output is kept
 *     child.terminate();
 *     if (child.poll(Duration.ofMillis(100)).isEmpty()) {
 *       child.kill();
 *     }
 *     IO.print(child.communicate().stdout()); // working
 *   }
 * }
 * }
 *
 * <ul>
 *   <li>When a method of {@link Popen} throws it, the child lives on and nothing is lost.
 *       Communicate again, or end the child. {@link Popen#close} kills it if neither happens.
 *   <li>When a one-shot call of {@link Command} throws it, the child has been killed.
 * </ul>
 *
 * @since 0.1
 */
public final class TimeoutExpiredException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /** See {@link #timeout()}. */
  private final Duration timeout;

  TimeoutExpiredException(String program, Duration timeout, Captured stdout, Captured stderr) {
    super(program, "", null, stdout, stderr);
    this.timeout = timeout;
  }

  /**
   * Describes the timeout.
   *
   * @return the program and the timeout in seconds
   */
  @Override
  public String getMessage() {
    // Made here and not in the constructor: a thread that waits for a timeout gets it sooner.
    String seconds = seconds(timeout);
    return "command \""
        + program()
        + "\" timed out after "
        + seconds
        + (seconds.equals("1") ? " second" : " seconds");
  }

  private static String seconds(Duration timeout) {
    BigDecimal seconds =
        BigDecimal.valueOf(timeout.getSeconds()).add(BigDecimal.valueOf(timeout.getNano(), 9));
    return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
  }

  /**
   * Returns the timeout as it was given, not what was left of it.
   *
   * @return may be zero or negative
   */
  public Duration timeout() {
    return timeout;
  }
}
