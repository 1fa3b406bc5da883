package io.github.jpopen;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Popen#communicate()} gives back: Python's pair {@code (stdout, stderr)}.
 *
 * @param <T> {@code byte[]}, {@code String} or {@code MemorySegment}
 */
public final class Output<T> {
  private final @Nullable T stdout;
  private final @Nullable T stderr;

  Output(@Nullable T stdout, @Nullable T stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /**
   * All that the child wrote to stdout.
   *
   * @return empty if nothing came; always the same object
   * @throws IllegalStateException if stdout was not a pipe
   */
  public T stdout() {
    return captured(stdout, "stdout");
  }

  /**
   * All that the child wrote to stderr.
   *
   * @return empty if nothing came; always the same object
   * @throws IllegalStateException if stderr was not a pipe
   */
  public T stderr() {
    return captured(stderr, "stderr");
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
      case byte[] bytes -> bytes.length + " bytes";
      case String text -> text.length() + " characters";
      case MemorySegment memory -> memory.byteSize() + " bytes";
      default -> "captured";
    };
  }

  /**
   * The sizes, never the content.
   *
   * @return for people
   */
  @Override
  public String toString() {
    return "Output[stdout: " + describe(stdout) + ", stderr: " + describe(stderr) + "]";
  }
}
