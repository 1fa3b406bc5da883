package io.github.jpopen;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A child that has ended: what {@link Command#run} gives back.
 *
 * @param <T> {@code byte[]}, {@code String} or {@code MemorySegment}
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
   * The command, for display.
   *
   * @return as {@link Command#argv}
   */
  public List<String> args() {
    return args;
  }

  /**
   * Python's {@code returncode}.
   *
   * @return the exit code; -N if signal N ended the child; {@link ExitStatus#UNKNOWN_RETURNCODE} if
   *     unknown
   */
  public int returncode() {
    return status.returncode();
  }

  /**
   * How the child ended.
   *
   * @return never null
   */
  public ExitStatus status() {
    return status;
  }

  /**
   * All that the child wrote to stdout.
   *
   * @return empty if nothing came; always the same object. An array or memory is not copied: who
   *     changes it changes what the exception of a later {@link #checkReturncode} holds
   * @throws IllegalStateException if stdout was not a pipe
   */
  public T stdout() {
    return Output.captured(stdout, "stdout");
  }

  /**
   * All that the child wrote to stderr.
   *
   * @return empty if nothing came; always the same object. An array or memory is not copied: who
   *     changes it changes what the exception of a later {@link #checkReturncode} holds
   * @throws IllegalStateException if stderr was not a pipe
   */
  public T stderr() {
    return Output.captured(stderr, "stderr");
  }

  /**
   * Whether stdout was a pipe.
   *
   * @return true also if nothing came
   */
  public boolean hasStdout() {
    return stdout != null;
  }

  /**
   * Whether stderr was a pipe.
   *
   * @return true also if nothing came
   */
  public boolean hasStderr() {
    return stderr != null;
  }

  /**
   * Throws unless the child exited with 0.
   *
   * @return this
   * @throws CalledProcessException if it did not; its output is {@link #stdout} and {@link
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
   * The program, how it ended and the sizes, never the content.
   *
   * @return for people
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
