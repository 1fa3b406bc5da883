package io.github.jpopen.spi;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pipe that was made for one child, kept open for those that are started after it.
 *
 * <p>The platform keeps an end here, and core closes it once the last of these children was
 * started, or could not be started. Thread-safe.
 */
public final class PipeLink implements AutoCloseable {
  private long end;
  private @Nullable LongConsumer closer; // null if there is no end to close

  /** Makes one without an end. */
  public PipeLink() {}

  /**
   * Takes over an end. Needs no memory.
   *
   * @param open the descriptor or handle
   * @param closes closes it; called once
   */
  public synchronized void keep(long open, LongConsumer closes) {
    end = open;
    closer = closes;
  }

  /**
   * Whether there is an end.
   *
   * @return false before {@link #keep} and after {@link #close}
   */
  public synchronized boolean isOpen() {
    return closer != null;
  }

  /**
   * The end, which stays here.
   *
   * @return the descriptor or handle
   * @throws IllegalStateException if there is none
   */
  public synchronized long end() {
    if (closer == null) {
      throw new IllegalStateException("this link has no end of a pipe");
    }
    return end;
  }

  /** Closes the end, if there is one. Idempotent. */
  @Override
  public synchronized void close() {
    LongConsumer closes = closer;
    closer = null;
    if (closes != null) {
      closes.accept(end);
    }
  }
}
