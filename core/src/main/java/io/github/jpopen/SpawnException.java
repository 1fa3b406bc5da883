package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.command.VisibleText;
import io.github.jpopen.spi.SpawnRefused;

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

  // The trace of the refusal leads to the call that failed, and may be that of another thread.
  SpawnException(CommandLabel label, SpawnRefused refusal) {
    // A directory or a file may have any name.
    super(
        label,
        label.at(VisibleText.of(String.valueOf(refusal.getMessage()))),
        withVisibleMessage(refusal));
    this.culprit = Culprit.valueOf(refusal.culprit().name());
    this.call = refusal.call();
    this.errorCode = refusal.errorCode();
    this.errorName = refusal.errorName();
  }

  /** A printed trace shows the message of the cause as well. */
  private static SpawnRefused withVisibleMessage(SpawnRefused refusal) {
    String message = String.valueOf(refusal.getMessage());
    String visible = VisibleText.of(message);
    if (visible.equals(message)) {
      return refusal;
    }
    SpawnRefused shown =
        new SpawnRefused(
            refusal.program(),
            visible,
            refusal.culprit(),
            refusal.call(),
            refusal.errorCode(),
            refusal.errorName());
    shown.setStackTrace(refusal.getStackTrace());
    for (Throwable suppressed : refusal.getSuppressed()) {
      shown.addSuppressed(suppressed);
    }
    return shown;
  }

  /** As its superclass: to verify a caller that throws this class, the JVM would load it. */
  static SubprocessException of(CommandLabel label, SpawnRefused refusal) {
    return new SpawnException(label, refusal);
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
