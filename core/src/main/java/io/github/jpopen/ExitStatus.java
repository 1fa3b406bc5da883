package io.github.jpopen;

/**
 * How a child ended. Closed for good at three cases, so a {@code switch} over it may be exhaustive.
 *
 * <p>A non-zero code is a result, not an error. Immutable.
 */
public sealed interface ExitStatus {

  /** What {@link #returncode} answers for {@link Unknown}. */
  int UNKNOWN_RETURNCODE = Integer.MIN_VALUE;

  /**
   * The child ended by itself.
   *
   * @param code 0 to 255 on POSIX; on Windows all 32 bits, so {@code code == 0xC0000005} compares
   *     as expected
   */
  record Exited(int code) implements ExitStatus {}

  /**
   * A signal ended the child; POSIX only.
   *
   * @param signal which
   * @param coreDumped whether the system says that it wrote a core file
   */
  record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {}

  /**
   * The child has ended, but the system no longer knows how: someone else in this process collected
   * its status, or SIGCHLD is ignored. Never made up as 0.
   */
  record Unknown() implements ExitStatus {}

  /**
   * Python's {@code returncode}.
   *
   * @return the exit code; -N if signal N ended the child; {@link #UNKNOWN_RETURNCODE} if unknown
   */
  default int returncode() {
    // No switch: its bootstrap method would cost a fresh JVM's first conversation several
    // milliseconds.
    if (this instanceof Exited exited) {
      return exited.code();
    }
    return this instanceof Signaled signaled ? -signaled.signal().number() : UNKNOWN_RETURNCODE;
  }

  /**
   * Whether the child exited with 0.
   *
   * @return false for any other code, a signal, or an unknown status
   */
  default boolean isSuccess() {
    return this instanceof Exited exited && exited.code() == 0;
  }
}
