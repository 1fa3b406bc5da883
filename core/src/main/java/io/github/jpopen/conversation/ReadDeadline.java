package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.InterruptedIOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deadline for the reads of one thread from the streams of one child. It ends each wait. Once it
 * has passed, it also ends each read that wants more than what had come then. So a child that never
 * stops writing cannot hide it.
 */
public final class ReadDeadline {
  private static final ReadDeadline NONE = new ReadDeadline(null, Deadline.never(), null);
  private static final ScopedValue<ReadDeadline> CURRENT = ScopedValue.newInstance();

  private final @Nullable Object child; // its conversation
  private final Deadline deadline;
  private final @Nullable ReadDeadline outer;

  /**
   * How much of each stream had come when it was first seen that the deadline has passed. Guarded
   * by the lock of the conversation.
   */
  private final Map<StreamKind, Long> came = new EnumMap<>(StreamKind.class);

  private ReadDeadline(@Nullable Object child, Deadline deadline, @Nullable ReadDeadline outer) {
    this.child = child;
    this.deadline = deadline;
    this.outer = outer;
  }

  /**
   * A deadline, in addition to those that this thread has already.
   *
   * @param child the conversation whose streams are read
   * @param deadline for all that {@link #call} runs
   * @return not in force yet
   */
  public static ReadDeadline of(Object child, Deadline deadline) {
    return new ReadDeadline(child, deadline, CURRENT.isBound() ? CURRENT.get() : null);
  }

  /** The deadline has passed. No byte was consumed by the read that throws this. */
  public static final class PassedException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // which one it was does not matter elsewhere
    private final transient Deadline passed; // does not keep the conversation in memory

    PassedException(Deadline passed) {
      super("the time limit of a read has passed: no bytes were consumed");
      this.passed = passed;
    }
  }

  /**
   * Reads under the deadline.
   *
   * @param <R> what it returns
   * @param <X> what it throws
   * @param read runs on this thread
   * @return what it returns
   * @throws X what it throws; often a {@link PassedException}, or one that is caused by it
   */
  public <R extends @Nullable Object, X extends Throwable> R call(
      ScopedValue.CallableOp<? extends R, X> read) throws X {
    return ScopedValue.where(CURRENT, this).call(read);
  }

  /**
   * Whether this deadline ended what threw an exception.
   *
   * @param thrown by {@link #call}
   * @return whether it is a {@link PassedException} of this deadline, or was caused by one
   */
  public boolean hasEnded(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 100; depth++) { // it may be its own cause
      if (cause instanceof PassedException e && deadline.equals(e.passed)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Runs something to which the deadlines of this thread do not apply. */
  static void suspended(Runnable action) {
    if (CURRENT.isBound()) {
      ScopedValue.where(CURRENT, NONE).run(action);
    } else {
      action.run();
    }
  }

  /** The earliest that this thread has for the streams of this child. */
  static ReadDeadline current(Object child) {
    ReadDeadline earliest = NONE;
    for (ReadDeadline one = CURRENT.isBound() ? CURRENT.get() : null;
        one != null;
        one = one.outer) {
      if (child.equals(one.child) && one.deadline.isBefore(earliest.deadline)) {
        earliest = one;
      }
    }
    return earliest;
  }

  /**
   * When it is over.
   *
   * @return the end of each wait
   */
  public Deadline deadline() {
    return deadline;
  }

  /**
   * What a wait throws that it has ended.
   *
   * @return a new exception
   */
  public PassedException passed() {
    return new PassedException(deadline);
  }

  /**
   * Throws if a read wants bytes that had not come when the deadline passed.
   *
   * @param received how much has come so far
   * @param seen how much of that the read has seen already
   */
  void check(StreamKind stream, long received, long seen) throws PassedException {
    if (deadline.isNever() || !deadline.hasPassed()) {
      return;
    }
    Long known = came.putIfAbsent(stream, received);
    if (seen >= (known == null ? received : known)) {
      throw passed();
    }
  }
}
