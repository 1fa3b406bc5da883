package io.github.jpopen;

import org.jspecify.annotations.Nullable;

/**
 * A child could not be started. Nothing of it is left behind.
 *
 * {@snippet file="FailureSnippets.java" region="spawn" :
 * try {
 *   Command.of("no-such-program").cwd(folder).checkCall();
 * } catch (SpawnException e) {
 *   switch (e.culprit()) {
 *     case PROGRAM, INTERPRETER -> IO.println("please install it: " + e.getMessage());
 *     case WORKING_DIRECTORY -> IO.println("please create it: " + folder);
 *     default -> throw e;
 *   }
 * }
 * }
 *
 * <p>Python raises an {@code OSError} here, whose file name is that of the program or the
 * directory. This exception names the {@link #culprit}, the system call and its error.
 *
 * @since 0.1
 */
public final class SpawnException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /**
   * What caused the failure.
   *
   * @since 0.1
   */
  public enum Culprit {
    /** The program: missing, not executable, or not a program. */
    PROGRAM,
    /** The interpreter named in the first line of a script, or the loader named in a binary. */
    INTERPRETER,
    /** The working directory. */
    WORKING_DIRECTORY,
    /** The file or descriptor of a redirect. */
    REDIRECT,
    /** A limit: descriptors, processes, memory, or the size of arguments and environment. */
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
   * Returns what caused the failure.
   *
   * @return never null
   */
  public Culprit culprit() {
    return culprit;
  }

  /**
   * Returns the system call that failed.
   *
   * @return its name as in C, for example {@code posix_spawn}, {@code open} or {@code
   *     CreateProcessW}
   */
  public String call() {
    return call;
  }

  /**
   * Returns the system's error number.
   *
   * @return {@code errno} on POSIX, {@code GetLastError} on Windows
   */
  public int errorCode() {
    return errorCode;
  }

  /**
   * Returns the name of {@link #errorCode}.
   *
   * @return its name as in C, for example {@code ENOENT}; the number if the name is not known
   */
  public String errorName() {
    return errorName;
  }
}
