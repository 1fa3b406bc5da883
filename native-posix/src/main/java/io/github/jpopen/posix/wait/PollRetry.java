package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.time.Duration;

/** What to do when {@code poll} itself fails: wait a little for the kernel's memory, or give up. */
final class PollRetry {
  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 10_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final PosixConstants constants;
  private final boolean limited;
  private final Deadline end;
  private long pauseNanos = FIRST_PAUSE_NANOS;

  /**
   * A poll failed for the first time.
   *
   * @param deadline how long to try again
   */
  PollRetry(PosixConstants constants, Deadline deadline) {
    this.constants = constants;
    limited = !deadline.isNever();
    end = limited ? deadline : Deadline.after(PATIENCE);
  }

  /**
   * Pauses if the error may pass; nothing has happened to any descriptor yet.
   *
   * @return false if the deadline has passed
   * @throws IOException if the error does not pass, or has not passed for long without a deadline
   */
  boolean mayPass(int error) throws IOException, InterruptedException {
    boolean passes = error == constants.EAGAIN() || error == constants.ENOMEM();
    long left = end.nanosLeft();
    if (!passes || (left == 0 && !limited)) {
      String why =
          error == constants.EINVAL()
              ? " (RLIMIT_NOFILE is lower than the number of open descriptors)"
              : "";
      throw new IOException("poll: " + constants.errorName(error) + why);
    }
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(Math.min(left, pauseNanos)));
      pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
    }
    return left > 0;
  }
}
