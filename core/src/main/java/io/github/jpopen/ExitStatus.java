package io.github.jpopen;

import java.util.Objects;

/**
 * How a child ended. There are three cases and there will be no others, so a {@code switch} can be
 * exhaustive.
 *
 * {@snippet file="ChildSnippets.java" region="exitStatus" :
 * ExitStatus status = Command.shell("kill -KILL $$").run().status();
 * String how =
 *     switch (status) {
 *       case ExitStatus.Exited(int code) -> "exit code " + code;
 *       case ExitStatus.Signaled(Signal signal, boolean core) -> "killed by " + signal;
 *       case ExitStatus.Unknown() -> "unknown";
 *     };
 * IO.println(how); // killed by SIGKILL
 * }
 *
 * <p>A non-zero exit code is a result, not an error.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public sealed interface ExitStatus {

  /** The result of {@link #returncode} for {@link Unknown}. */
  int UNKNOWN_RETURNCODE = Integer.MIN_VALUE;

  /**
   * The child ended by itself.
   *
   * @param code 0 to 255 on POSIX; all 32 bits on Windows, so {@code code == 0xC0000005} works as
   *     expected
   * @since 0.1
   */
  record Exited(int code) implements ExitStatus {}

  /**
   * A signal killed the child. POSIX only.
   *
   * @param signal which one
   * @param coreDumped whether the system reports that it wrote a core file
   * @since 0.1
   */
  record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {
    /** Takes the values. */
    public Signaled {
      Objects.requireNonNull(signal, "signal is null");
    }
  }

  /**
   * The child has ended, but the system no longer knows how. Other code in this process has
   * collected its status, or SIGCHLD is ignored. An unknown status is never reported as 0.
   *
   * @since 0.1
   */
  record Unknown() implements ExitStatus {}

  /**
   * Returns the exit code. Python's {@code returncode}.
   *
   * @return the exit code; -N if signal N killed the child; {@link #UNKNOWN_RETURNCODE} if it is
   *     unknown
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
   * Returns whether the child exited with 0.
   *
   * @return false for any other code, a signal, or an unknown status
   */
  default boolean isSuccess() {
    return this instanceof Exited exited && exited.code() == 0;
  }
}
