package io.github.jpopen;

import io.github.jpopen.command.VisibleText;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
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
  private final @Nullable Cut cut;

  Output(@Nullable T stdout, @Nullable T stderr, boolean stdoutComplete, boolean stderrComplete) {
    this(stdout, stderr, stdoutComplete, stderrComplete, null);
  }

  /** With what is not in the result; null if all is. */
  Output(
      @Nullable T stdout,
      @Nullable T stderr,
      boolean stdoutComplete,
      boolean stderrComplete,
      @Nullable Cut cut) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.stdoutComplete = stdoutComplete;
    this.stderrComplete = stderrComplete;
    this.cut = cut;
  }

  /**
   * What is not in the result.
   *
   * @param stdoutOmitted how many bytes were not kept
   * @param stdoutFile where they all are; null if they are the result
   * @param stderrOmitted of the other output
   * @param stderrFile of the other output
   */
  record Cut(
      long stdoutOmitted,
      @Nullable Path stdoutFile,
      long stderrOmitted,
      @Nullable Path stderrFile) {}

  /**
   * Returns what the child wrote to stdout.
   *
   * @return always the same object, which is not a copy; empty if nothing was received
   * @throws IllegalStateException if stdout was not a pipe, went to consumers only, or is in a
   *     file, see {@link #stdoutFile}
   */
  public T stdout() {
    checkInMemory("stdout", stdoutFile());
    return captured(stdout, "stdout");
  }

  /**
   * Returns what the child wrote to stderr.
   *
   * @return always the same object, which is not a copy; empty if nothing was received
   * @throws IllegalStateException if stderr was not a pipe, went to consumers only, or is in a
   *     file, see {@link #stderrFile}
   */
  public T stderr() {
    checkInMemory("stderr", stderrFile());
    return captured(stderr, "stderr");
  }

  /**
   * Returns whether {@link #stdout} has a result.
   *
   * @return true even if nothing was received; false if stdout was not a pipe, went to consumers
   *     only, or is in a file
   */
  public boolean hasStdout() {
    return stdout != null;
  }

  /**
   * Returns whether {@link #stderr} has a result.
   *
   * @return true even if nothing was received; false if stderr was not a pipe, went to consumers
   *     only, or is in a file
   */
  public boolean hasStderr() {
    return stderr != null;
  }

  /**
   * Returns whether both outputs were read to their end. There are three reasons why one was not:
   *
   * <ul>
   *   <li>{@link Command#drain} passed while another process still held it.
   *   <li>{@link Redirect#closeAfter} closed its pipe.
   *   <li>{@link Popen#stdout} or {@link Popen#stderr} was closed before the end.
   * </ul>
   *
   * @return false if at least one was not
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

  /**
   * Returns how much of stdout was not kept, see {@link Redirect#head}, {@link Redirect#tail} and
   * {@link Redirect#headAndTail}.
   *
   * @return bytes, usually 0
   */
  public long stdoutOmitted() {
    return cut == null ? 0 : cut.stdoutOmitted;
  }

  /**
   * Returns how much of stderr was not kept, see {@link #stdoutOmitted}.
   *
   * @return bytes, usually 0
   */
  public long stderrOmitted() {
    return cut == null ? 0 : cut.stderrOmitted;
  }

  /**
   * Returns the file that has all of stdout, see {@link Redirect#spillTo}.
   *
   * @return empty if stdout is in memory
   */
  public Optional<Path> stdoutFile() {
    return cut == null ? Optional.empty() : Optional.ofNullable(cut.stdoutFile);
  }

  /**
   * Returns the file that has all of stderr, see {@link Redirect#spillTo}.
   *
   * @return empty if stderr is in memory
   */
  public Optional<Path> stderrFile() {
    return cut == null ? Optional.empty() : Optional.ofNullable(cut.stderrFile);
  }

  private static void checkInMemory(String stream, Optional<Path> file) {
    if (file.isPresent()) {
      throw new IllegalStateException(
          stream + " is in a file: use " + stream + "File(), " + shown(file.get()));
    }
  }

  /** The same with another stdout. */
  Output<T> withStdout(T text) {
    return new Output<>(text, stderr, stdoutComplete, stderrComplete, cut);
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
    return "Output[" + sizes() + "]";
  }

  /** Describes both, without their content. */
  String sizes() {
    return "stdout: "
        + describe(stdout, stdoutFile(), stdoutOmitted())
        + ", stderr: "
        + describe(stderr, stderrFile(), stderrOmitted());
  }

  private static String describe(@Nullable Object value, Optional<Path> file, long omitted) {
    String kept = file.isPresent() ? "in " + shown(file.get()) : describe(value);
    return omitted == 0 ? kept : kept + " and " + count(omitted, "byte") + " omitted";
  }

  private static String shown(Path file) {
    return VisibleText.of(file.toString());
  }
}
