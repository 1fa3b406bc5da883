package io.github.jpopen;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A child that has ended: the result of {@link Command#run}.
 *
 * {@snippet file="ChildSnippets.java" region="completed" :
 * CompletedProcess<String> ls = Command.of("ls", "/").text().captureOutput().run();
 * if (!ls.stderr().isEmpty()) {
 *   IO.print("warnings: " + ls.stderr());
 * }
 * String names = ls.checkReturncode().stdout(); // CalledProcessException unless it is 0
 * }
 *
 * <p>An {@link Output} holds the outputs only; this also holds how the child ended, and can check
 * it.
 *
 * <p>Immutable and thread-safe, except for the content of the arrays and the memory that it
 * returns.
 *
 * @param <T> {@code byte[]}, {@code String} or {@code MemorySegment}
 * @since 0.1
 */
public final class CompletedProcess<T> {
  private final String program;
  private final List<String> args;
  private final ExitStatus status;
  private final @Nullable T stdout;
  private final @Nullable T stderr;
  private final Captured capturedStdout;
  private final Captured capturedStderr;

  CompletedProcess(
      String program,
      List<String> args,
      ExitStatus status,
      @Nullable T stdout,
      @Nullable T stderr,
      Captured capturedStdout,
      Captured capturedStderr) {
    this.program = program;
    this.args = args;
    this.status = status;
    this.stdout = stdout;
    this.stderr = stderr;
    this.capturedStdout = capturedStdout;
    this.capturedStderr = capturedStderr;
  }

  /** The same with another stdout. */
  CompletedProcess<T> withStdout(T text) {
    return new CompletedProcess<>(
        program, args, status, text, stderr, capturedStdout, capturedStderr);
  }

  /**
   * Returns the program and its arguments, for display only.
   *
   * @return the list of {@link Command#argv}; immutable
   */
  public List<String> args() {
    return args;
  }

  /**
   * Returns the exit code. Python's {@code returncode}.
   *
   * @return the exit code; on POSIX, -N if signal N killed the child; {@link
   *     ExitStatus#UNKNOWN_RETURNCODE} if it is unknown
   */
  public int returncode() {
    return status.returncode();
  }

  /**
   * Returns how the child ended.
   *
   * @return never null
   */
  public ExitStatus status() {
    return status;
  }

  /**
   * Returns what the child wrote to stdout.
   *
   * <p>An array or memory is not copied. Modifying it also modifies the contents of the exception
   * that {@link #checkReturncode} throws later.
   *
   * @return always the same object; empty if nothing was received
   * @throws IllegalStateException if stdout was not a pipe
   */
  public T stdout() {
    return Output.captured(stdout, "stdout");
  }

  /**
   * Returns what the child wrote to stderr.
   *
   * <p>An array or memory is not copied. Modifying it also modifies the contents of the exception
   * that {@link #checkReturncode} throws later.
   *
   * @return always the same object; empty if nothing was received
   * @throws IllegalStateException if stderr was not a pipe
   */
  public T stderr() {
    return Output.captured(stderr, "stderr");
  }

  /**
   * Returns whether stdout was a pipe.
   *
   * @return true even if nothing was received
   */
  public boolean hasStdout() {
    return stdout != null;
  }

  /**
   * Returns whether stderr was a pipe.
   *
   * @return true even if nothing was received
   */
  public boolean hasStderr() {
    return stderr != null;
  }

  /**
   * Throws an exception unless the exit code is 0. Python's {@code check_returncode}.
   *
   * @return this
   * @throws CalledProcessException if the exit code is not 0; it holds {@link #stdout} and {@link
   *     #stderr}, not copies of them
   */
  public CompletedProcess<T> checkReturncode() throws CalledProcessException {
    return checkReturncode(0);
  }

  CompletedProcess<T> checkReturncode(int... accepted) throws CalledProcessException {
    int returncode = returncode();
    for (int code : accepted) {
      if (code == returncode) {
        return this;
      }
    }
    throw new CalledProcessException(program, status, capturedStdout, capturedStderr);
  }

  /**
   * Describes the result without the content of its outputs.
   *
   * @return the program, the exit code and the sizes
   */
  @Override
  public String toString() {
    return "CompletedProcess["
        + program
        + ", returncode: "
        + returncode()
        + ", stdout: "
        + Output.describe(stdout)
        + ", stderr: "
        + Output.describe(stderr)
        + "]";
  }
}
