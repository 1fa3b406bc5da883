package io.github.jpopen;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * The time was up before the child was done. Python's {@code TimeoutExpired}.
 *
 * <p>The child lives on and nothing is lost: call {@code communicate} again, or kill the child.
 * Holds what had come by then.
 */
public final class TimeoutExpiredException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /** See {@link #timeout()}. */
  private final Duration timeout;

  TimeoutExpiredException(String program, Duration timeout, Captured stdout, Captured stderr) {
    super(program, "", null, stdout, stderr);
    this.timeout = timeout;
  }

  // Made when somebody asks: whoever waits for a timeout is to have it at once.
  @Override
  public String getMessage() {
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
   * The timeout as it was given, not what was left of it.
   *
   * @return may be zero or negative
   */
  public Duration timeout() {
    return timeout;
  }
}
