package io.github.jpopen;

import org.jspecify.annotations.Nullable;

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

  /**
   * Makes an exception.
   *
   * @param program the program's name as given
   * @param message for people
   * @param culprit what the system found fault with
   * @param call the system call that failed, as in C
   * @param errorCode errno on POSIX, GetLastError on Windows
   * @param errorName its name as in C, for example {@code ENOENT}
   * @param cause what is behind it, or null
   */
  public SpawnException(
      String program,
      String message,
      Culprit culprit,
      String call,
      int errorCode,
      String errorName,
      @Nullable Throwable cause) {
    super(program, message, cause);
    this.culprit = culprit;
    this.call = call;
    this.errorCode = errorCode;
    this.errorName = errorName;
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
