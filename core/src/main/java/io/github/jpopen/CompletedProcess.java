package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.command.VisibleText;
import io.github.jpopen.spi.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
  private final CommandLabel label;
  private final ExitStatus status;
  private final SignalLog signals;
  private final @Nullable Usage usage;
  private final Output<T> output;
  private final Captured capturedStdout;
  private final Captured capturedStderr;

  CompletedProcess(
      CommandLabel label,
      ExitStatus status,
      SignalLog signals,
      @Nullable Usage usage,
      Output<T> output,
      Captured capturedStdout,
      Captured capturedStderr) {
    this.label = label;
    this.status = status;
    this.signals = signals;
    this.usage = usage;
    this.output = output;
    this.capturedStdout = capturedStdout;
    this.capturedStderr = capturedStderr;
  }

  CommandLabel label() {
    return label;
  }

  Captured capturedStdout() {
    return capturedStdout;
  }

  Captured capturedStderr() {
    return capturedStderr;
  }

  /** The same with another stdout. */
  CompletedProcess<T> withStdout(T text) {
    return new CompletedProcess<>(
        label, status, signals, usage, output.withStdout(text), capturedStdout, capturedStderr);
  }

  /**
   * Returns the program and its arguments, for display only.
   *
   * @return the list of {@link Command#argv}; immutable
   */
  public List<String> args() {
    return label.args();
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
   * Returns what ended the child.
   *
   * @return after {@link Command#run} {@code ITSELF}, or {@code OTHER} if a signal killed it: a
   *     one-shot call that ends the child throws. A stage of a {@link RunningPipeline} may have any
   *     other cause
   */
  public Ending ending() {
    return signals.ending(status);
  }

  /**
   * Returns what the child has used. Python: {@code os.wait4} in place of {@code Popen.wait}.
   *
   * @return empty if other code of this process collected the exit, or the system does not tell
   */
  public Optional<ResourceUsage> usage() {
    return Optional.ofNullable(usage).map(ResourceUsage::of);
  }

  /**
   * Returns what the child wrote to stdout.
   *
   * <p>An array or memory is not copied. Modifying it also modifies the contents of the exception
   * that {@link #checkReturncode} throws later.
   *
   * @return always the same object; empty if nothing was received
   * @throws IllegalStateException if stdout was not a pipe, went to consumers only, or is in a
   *     file, see {@link #stdoutFile}
   */
  public T stdout() {
    return output.stdout();
  }

  /**
   * Returns what the child wrote to stderr.
   *
   * <p>An array or memory is not copied. Modifying it also modifies the contents of the exception
   * that {@link #checkReturncode} throws later.
   *
   * @return always the same object; empty if nothing was received
   * @throws IllegalStateException if stderr was not a pipe, went to consumers only, or is in a
   *     file, see {@link #stderrFile}
   */
  public T stderr() {
    return output.stderr();
  }

  /**
   * Returns whether {@link #stdout} has a result, see {@link Output#hasStdout}.
   *
   * @return true even if nothing was received
   */
  public boolean hasStdout() {
    return output.hasStdout();
  }

  /**
   * Returns whether {@link #stderr} has a result, see {@link Output#hasStderr}.
   *
   * @return true even if nothing was received
   */
  public boolean hasStderr() {
    return output.hasStderr();
  }

  /**
   * Returns whether both outputs were read to their end.
   *
   * @return false if {@link Command#drain} was set, and another process still held an output when
   *     that limit passed; or if {@link Redirect#closeAfter} closed the pipe
   */
  public boolean isComplete() {
    return output.isComplete();
  }

  /**
   * Returns whether stdout was read to its end, see {@link #isComplete}.
   *
   * @return true if stdout was not a pipe
   */
  public boolean isStdoutComplete() {
    return output.isStdoutComplete();
  }

  /**
   * Returns whether stderr was read to its end, see {@link #isComplete}.
   *
   * @return true if stderr was not a pipe
   */
  public boolean isStderrComplete() {
    return output.isStderrComplete();
  }

  /**
   * Returns how much of stdout was not kept, see {@link Output#stdoutOmitted}.
   *
   * @return bytes, usually 0
   */
  public long stdoutOmitted() {
    return output.stdoutOmitted();
  }

  /**
   * Returns how much of stderr was not kept, see {@link Output#stdoutOmitted}.
   *
   * @return bytes, usually 0
   */
  public long stderrOmitted() {
    return output.stderrOmitted();
  }

  /**
   * Returns the file that has all of stdout, see {@link Redirect#spillTo}.
   *
   * @return empty if stdout is in memory
   */
  public Optional<Path> stdoutFile() {
    return output.stdoutFile();
  }

  /**
   * Returns the file that has all of stderr, see {@link Redirect#spillTo}.
   *
   * @return empty if stderr is in memory
   */
  public Optional<Path> stderrFile() {
    return output.stderrFile();
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
    throw new CalledProcessException(label, status, capturedStdout, capturedStderr);
  }

  /**
   * Describes the result without the content of its outputs.
   *
   * @return the program, the exit code and the sizes
   */
  @Override
  public String toString() {
    return "CompletedProcess["
        + VisibleText.of(label.name())
        + ", returncode: "
        + returncode()
        + ", "
        + output.sizes()
        + "]";
  }
}
