package io.github.jpopen;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Both outputs of a child: the result of {@link Popen#communicate()}, and Python's pair {@code
 * (stdout, stderr)}.
 *
 * <p>How the child ended is in {@link Popen#status}. {@link Command#run} returns both in one
 * object, a {@link CompletedProcess}.
 *
 * <p>Immutable and thread-safe, except for the content of the arrays and the memory that it
 * returns.
 *
 * @param <T> {@code byte[]}, {@code String} or {@code MemorySegment}
 * @since 0.1
 */
public final class Output<T> {
  private final @Nullable T stdout;
  private final @Nullable T stderr;
  private final boolean stdoutComplete;
  private final boolean stderrComplete;

  Output(@Nullable T stdout, @Nullable T stderr, boolean stdoutComplete, boolean stderrComplete) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.stdoutComplete = stdoutComplete;
    this.stderrComplete = stderrComplete;
  }

  /**
   * Returns what the child wrote to stdout.
   *
   * @return always the same object, which is not a copy; empty if nothing was received
   * @throws IllegalStateException if stdout was not a pipe
   */
  public T stdout() {
    return captured(stdout, "stdout");
  }

  /**
   * Returns what the child wrote to stderr.
   *
   * @return always the same object, which is not a copy; empty if nothing was received
   * @throws IllegalStateException if stderr was not a pipe
   */
  public T stderr() {
    return captured(stderr, "stderr");
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
   * Returns whether both outputs were read to their end.
   *
   * @return false only if {@link Command#drain} was set, and another process still held an output
   *     when that limit passed
   */
  public boolean isComplete() {
    return stdoutComplete && stderrComplete;
  }

  /**
   * Returns whether stdout was read to its end, see {@link #isComplete}.
   *
   * @return true if stdout was not a pipe
   */
  public boolean isStdoutComplete() {
    return stdoutComplete;
  }

  /**
   * Returns whether stderr was read to its end, see {@link #isComplete}.
   *
   * @return true if stderr was not a pipe
   */
  public boolean isStderrComplete() {
    return stderrComplete;
  }

  /** The same with another stdout. */
  Output<T> withStdout(T text) {
    return new Output<>(text, stderr, stdoutComplete, stderrComplete);
  }

  @Nullable T stdoutOrNull() {
    return stdout;
  }

  @Nullable T stderrOrNull() {
    return stderr;
  }

  static <T> T captured(@Nullable T value, String stream) {
    if (value == null) {
      throw new IllegalStateException(
          stream + " was not captured: use captureOutput() or " + stream + "(PIPE)");
    }
    return value;
  }

  static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "not captured";
      case byte[] bytes -> count(bytes.length, "byte");
      case String text -> count(text.length(), "character");
      case MemorySegment memory -> count(memory.byteSize(), "byte");
      default -> "captured";
    };
  }

  static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }

  /**
   * Describes the outputs without their content.
   *
   * @return the sizes
   */
  @Override
  public String toString() {
    return "Output[stdout: " + describe(stdout) + ", stderr: " + describe(stderr) + "]";
  }
}
