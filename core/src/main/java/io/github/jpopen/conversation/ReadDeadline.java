package io.github.jpopen.conversation;

import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** A deadline for the reads of one thread from the streams of children. */
public final class ReadDeadline {
  private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

  private ReadDeadline() {}

  /** The deadline has passed. No byte was consumed by the read that throws this. */
  public static final class PassedException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    PassedException() {
      super("the deadline of a read has passed");
    }
  }

  /** Something that reads. */
  @FunctionalInterface
  public interface Read {
    /**
     * Reads.
     *
     * @return what was read; null at the end
     * @throws IOException what a read throws
     */
    @Nullable String get() throws IOException;
  }

  /**
   * Reads until a deadline.
   *
   * @param deadline for each wait of the read
   * @param read runs on this thread
   * @return what it returns
   * @throws PassedException if the deadline passes while it waits
   * @throws IOException what it throws
   */
  public static @Nullable String within(Deadline deadline, Read read) throws IOException {
    return ScopedValue.where(CURRENT, deadline).call(read::get);
  }

  /** Runs what is none of the reads that the deadline of this thread is for. */
  static void suspended(Runnable action) {
    if (CURRENT.isBound()) {
      ScopedValue.where(CURRENT, Deadline.never()).run(action);
    } else {
      action.run();
    }
  }

  /** The deadline of this thread; never if it has none. */
  static Deadline current() {
    return CURRENT.isBound() ? CURRENT.get() : Deadline.never();
  }
}
