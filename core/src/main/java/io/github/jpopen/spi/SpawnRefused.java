package io.github.jpopen.spi;

import java.io.IOException;

/** The system refused to start a child. Nothing of the child is left behind. */
public final class SpawnRefused extends IOException {
  private static final long serialVersionUID = 1L;

  /** What caused the failure. */
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

  /** See {@link #program()}. */
  private final String program;

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
   * @param program the name of the program
   * @param message what the user reads; names files, but neither arguments nor variables
   * @param culprit what caused the failure
   * @param call the system call that failed, as in C
   * @param errorCode errno on POSIX, GetLastError on Windows
   * @param errorName its name as in C, for example {@code ENOENT}
   */
  public SpawnRefused(
      String program,
      String message,
      Culprit culprit,
      String call,
      int errorCode,
      String errorName) {
    super(message);
    this.program = program;
    this.culprit = culprit;
    this.call = call;
    this.errorCode = errorCode;
    this.errorName = errorName;
  }

  /**
   * The name of the program.
   *
   * @return the file that was to be executed; the shell, if the command is a script
   */
  public String program() {
    return program;
  }

  /**
   * What caused the failure.
   *
   * @return never null
   */
  public Culprit culprit() {
    return culprit;
  }

  /**
   * The system call that failed.
   *
   * @return its name as in C, for example {@code posix_spawn}
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
   * @return as in C, for example {@code ENOENT}; the number if it has no name
   */
  public String errorName() {
    return errorName;
  }
}
