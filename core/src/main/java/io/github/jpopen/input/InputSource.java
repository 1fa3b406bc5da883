package io.github.jpopen.input;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way to the child's stdin, in order. Guarded by the lock of the conversation that
 * sends them.
 */
public abstract class InputSource {
  /** For {@link #pending} while there is nothing to send. */
  public static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  /** For subclasses. */
  protected InputSource() {}

  /**
   * The bytes to send next.
   *
   * @return empty if there are none now
   */
  public abstract MemorySegment pending();

  /**
   * The child's pipe took the first bytes of {@link #pending}.
   *
   * @param bytes how many
   */
  public abstract void accepted(long bytes);

  /**
   * Whether all of it was sent.
   *
   * @return true at the end, false after a failure
   */
  public abstract boolean isExhausted();

  /**
   * How many bytes are left to be sent, as far as that is known. For people.
   *
   * @return bytes
   */
  public long unsent() {
    return pending().byteSize();
  }

  /**
   * Whether more may come than {@link #unsent} counts.
   *
   * @return true while another thread reads the source
   */
  public boolean awaitsMore() {
    return false;
  }

  /**
   * Why the source failed before its end.
   *
   * @return null if it did not
   */
  public @Nullable Throwable failure() {
    return null;
  }

  /**
   * Whether a thread may touch the memory behind this input.
   *
   * @param thread which
   * @return false for memory confined to another thread
   */
  public boolean isAccessibleBy(Thread thread) {
    return true;
  }

  /**
   * Throws unless a thread may touch the memory behind this input.
   *
   * @param thread which
   * @throws IllegalStateException for memory confined to another thread
   */
  public final void checkAccess(Thread thread) {
    if (!isAccessibleBy(thread)) {
      throw new IllegalStateException(
          "the input lies in an arena that is confined to another thread");
    }
  }

  /**
   * Called once, when the conversation takes this over.
   *
   * @param arrival to be run, on any thread, after bytes, the end or a failure have come
   */
  public void begin(Runnable arrival) {}

  /** Called once, when no more of it will be sent. Does not block. */
  public void close() {}

  /** The source failed before its end. The cause says how. */
  public static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure to throw.
     *
     * @param cause how the source failed
     */
    public FailedException(Throwable cause) {
      super(cause);
    }
  }
}
