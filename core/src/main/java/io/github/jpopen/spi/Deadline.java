package io.github.jpopen.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * An instant on the monotonic clock ({@link System#nanoTime}), or never. Immutable.
 *
 * <p>Durations of any length are accepted: what does not fit (about 146 years) is never; zero and
 * less mean that it has passed.
 */
public final class Deadline {
  private static final Deadline NEVER = new Deadline(0, true);
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

  private final long nanoTime;
  private final boolean never;

  private Deadline(long nanoTime, boolean never) {
    this.nanoTime = nanoTime;
    this.never = never;
  }

  /**
   * No limit.
   *
   * @return the deadline that never passes
   */
  public static Deadline never() {
    return NEVER;
  }

  /**
   * A deadline that has passed already.
   *
   * @return now
   */
  public static Deadline now() {
    return new Deadline(System.nanoTime(), false);
  }

  /**
   * A deadline that far from now.
   *
   * @param limit any duration; if zero or negative, the deadline has already passed
   * @return the deadline
   */
  public static Deadline after(Duration limit) {
    Objects.requireNonNull(limit, "timeout is null");
    if (limit.compareTo(LONGEST) >= 0) {
      return NEVER;
    }
    return limit.isPositive() ? new Deadline(System.nanoTime() + limit.toNanos(), false) : now();
  }

  /**
   * This deadline, or an earlier one.
   *
   * @param nanos how far from now the deadline may be at most
   * @return the earlier of the two
   */
  public Deadline atMost(long nanos) {
    return nanosLeft() <= nanos ? this : new Deadline(System.nanoTime() + nanos, false);
  }

  /**
   * Whether there is no limit.
   *
   * @return true for {@link #never}
   */
  public boolean isNever() {
    return never;
  }

  /**
   * Whether the instant is behind us.
   *
   * @return false for {@link #never}
   */
  public boolean hasPassed() {
    return nanosLeft() == 0;
  }

  /**
   * The time that is left.
   *
   * @return nanoseconds; 0 if it has passed, {@link Long#MAX_VALUE} for {@link #never}
   */
  public long nanosLeft() {
    return never ? Long.MAX_VALUE : Math.max(0, nanoTime - System.nanoTime());
  }

  /**
   * The time that is left, rounded up so that a wait of that length never ends early.
   *
   * @return milliseconds, at most {@link Integer#MAX_VALUE} (wait again then); 0 if it has passed;
   *     -1 for {@link #never}
   */
  public int millisLeft() {
    if (never) {
      return -1;
    }
    long nanos = nanosLeft();
    long millis = nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1);
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  @Override
  public String toString() {
    return never ? "never" : "in " + TimeUnit.NANOSECONDS.toMillis(nanosLeft()) + " ms";
  }
}
