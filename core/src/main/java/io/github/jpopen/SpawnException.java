package io.github.jpopen;

import io.github.jpopen.spi.SpawnRefused;

/**
 * A child could not be started. Nothing of it is left behind.
 *
 * <p>Python raises {@code OSError} here, with the program or the directory as its file name; this
 * names the {@link #culprit}.
 */
public final class SpawnException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /** What the system found fault with. */
  public enum Culprit {
    /** The program: missing, not executable, not a program. */
    PROGRAM,
    /** The interpreter named in the first line of a script, or the loader named in a binary. */
    INTERPRETER,
    /** The working directory. */
    WORKING_DIRECTORY,
    /** The file or descriptor of a redirect. */
    REDIRECT,
    /** A limit: descriptors, processes, memory, the size of arguments and environment. */
    RESOURCES,
    /** Anything else. */
    OTHER
  }

  /** See {@link #culprit()}. */
  private final Culprit culprit;

  /** See {@link #call()}. */
  private final String call;

  /** See {@link #errorCode()}. */
  private final int errorCode;

  /** See {@link #errorName()}. */
  private final String errorName;

  // The trace of the refusal leads to the call that failed, and may be that of another thread.
  SpawnException(SpawnRefused refusal) {
    super(refusal.program(), String.valueOf(refusal.getMessage()), refusal);
    this.culprit = Culprit.valueOf(refusal.culprit().name());
    this.call = refusal.call();
    this.errorCode = refusal.errorCode();
    this.errorName = refusal.errorName();
  }

  /**
   * What the system found fault with.
   *
   * @return never null
   */
  public Culprit culprit() {
    return culprit;
  }

  /**
   * The system call that failed.
   *
   * @return its name as in C, for example {@code posix_spawn}, {@code open}, {@code pipe2}
   */
  public String call() {
    return call;
  }

  /**
   * The system's error number.
   *
   * @return errno on POSIX, GetLastError on Windows
   */
  public int errorCode() {
    return errorCode;
  }

  /**
   * The name of {@link #errorCode}.
   *
   * @return as in C, for example {@code ENOENT}; the number if it has no name here
   */
  public String errorName() {
    return errorName;
  }
}
