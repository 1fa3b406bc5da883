package io.github.jpopen.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An instant on the monotonic clock ({@link System#nanoTime}), or never. Immutable, except for the
 * flag of {@link #orOnce}.
 *
 * <p>Durations of any length are accepted: what does not fit (about 146 years) is never; zero and
 * less mean that it has passed.
 */
public final class Deadline {
  private static final Deadline NEVER = new Deadline(0, true, null, "");
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

  private final long nanoTime;
  private final boolean never;
  private final @Nullable AtomicBoolean passed;
  private final String name;

  private Deadline(long nanoTime, boolean never, @Nullable AtomicBoolean passed, String name) {
    this.nanoTime = nanoTime;
    this.never = never;
    this.passed = passed;
    this.name = name;
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
    return new Deadline(System.nanoTime(), false, null, "");
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
    return limit.isPositive()
        ? new Deadline(System.nanoTime() + limit.toNanos(), false, null, "")
        : now();
  }

  /**
   * This deadline, or an earlier one.
   *
   * @param nanos how far from now the deadline may be at most
   * @return the earlier of the two
   */
  public Deadline atMost(long nanos) {
    return nanosLeft() <= nanos
        ? this
        : new Deadline(System.nanoTime() + nanos, false, passed, name);
  }

  /**
   * This deadline, which also passes as soon as a flag is set. What waits for it must be woken: it
   * does not look at the flag meanwhile.
   *
   * @param flag never reset
   * @return the earlier of the two
   */
  public Deadline orOnce(AtomicBoolean flag) {
    return new Deadline(nanoTime, never, flag, name);
  }

  /**
   * The same deadline with a name, for people.
   *
   * @param what what it limits
   * @return the deadline
   */
  public Deadline named(String what) {
    return new Deadline(nanoTime, never, passed, what);
  }

  /**
   * What it limits, for people.
   *
   * @return empty if it has no name of its own: then it is the time limit of a call
   */
  public String name() {
    return name;
  }

  /**
   * Whether it has passed because the flag of {@link #orOnce} was set.
   *
   * @return false without a flag
   */
  public boolean isCutShort() {
    return isFlagged();
  }

  private boolean isFlagged() {
    return passed != null && passed.get();
  }

  /**
   * Which of two passes first, even if both have passed. The flag of {@link #orOnce} does not
   * count.
   *
   * @param other another deadline
   * @return false if both pass at the same time
   */
  public boolean isBefore(Deadline other) {
    return !never && (other.never || nanoTime - other.nanoTime < 0);
  }

  /**
   * Whether there is no limit.
   *
   * @return true for {@link #never}
   */
  public boolean isNever() {
    return never && !isFlagged();
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
    if (isFlagged()) {
      return 0;
    }
    return never ? Long.MAX_VALUE : Math.max(0, nanoTime - System.nanoTime());
  }

  /**
   * The time that is left, rounded up so that a wait of that length never ends early.
   *
   * @return milliseconds, at most {@link Integer#MAX_VALUE} (wait again then); 0 if it has passed;
   *     -1 for {@link #never}
   */
  public int millisLeft() {
    if (isNever()) {
      return -1;
    }
    long nanos = nanosLeft();
    long millis = nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1);
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  @Override
  public String toString() {
    return isNever() ? "never" : "in " + TimeUnit.NANOSECONDS.toMillis(nanosLeft()) + " ms";
  }
}
