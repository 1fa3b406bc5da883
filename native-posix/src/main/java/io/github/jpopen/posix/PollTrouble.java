package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Numbers;
import java.io.IOException;

/** What to do when {@code poll} itself fails: wait a little for the kernel's memory, or give up. */
final class PollTrouble {
  private static final long LONGEST_PAUSE_MILLIS = 10;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Numbers numbers;
  private final boolean limited;
  private final long end;
  private long pauseMillis = 1;

  /**
   * A poll failed for the first time.
   *
   * @param nanos how long it may take; negative is for ever
   */
  PollTrouble(Numbers numbers, long nanos) {
    this.numbers = numbers;
    limited = nanos >= 0;
    end = System.nanoTime() + (limited ? nanos : PATIENCE_NANOS);
  }

  /**
   * Pauses if the error may pass; nothing has happened to any descriptor yet.
   *
   * @return false if the time is over
   * @throws IOException if it will not pass, or has not for long though there was no limit
   */
  boolean mayPass(int error) throws IOException, InterruptedException {
    boolean passes = error == numbers.EAGAIN() || error == numbers.ENOMEM();
    boolean over = end - System.nanoTime() <= 0;
    if (!passes || (over && !limited)) {
      String why =
          error == numbers.EINVAL()
              ? " (RLIMIT_NOFILE is lower than the number of open descriptors)"
              : "";
      throw new IOException("poll: " + numbers.errorName(error) + why);
    }
    if (!over) {
      Thread.sleep(pauseMillis);
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }
    return !over;
  }
}
