package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong with a child. The base class of the failures that hold its output.
 *
 * {@snippet file="FailureSnippets.java" region="subprocess" :
 * Command<String> ls = Command.of("ls", "/no/such/folder").text().captureOutput();
 * try {
 *   IO.print(ls.timeout(Duration.ofSeconds(10)).checkOutput());
 * } catch (SubprocessException e) { // not started, a bad exit code, a timeout, an I/O error
 *   IO.println(e.getMessage());
 *   IO.print(e.stderr().text()); // what "ls" wrote before that
 * }
 * }
 *
 * <ul>
 *   <li>It holds the output received so far, so no failure loses output. After deserialization the
 *       output is empty.
 *   <li>Its message names the program, or what {@link Command#named} set. Arguments and environment
 *       may be secret and are never part of it. {@link #args} has the arguments.
 *   <li>The message ends with the last lines of a captured stderr after a failed check, a timeout
 *       or a failed {@link Popen#awaitLine awaitLine}. {@link Command#stderrInMessages} turns that
 *       off.
 *   <li>If a one-shot call could not kill the child, because the system refused, the message says
 *       so. The exception of the refusal is suppressed.
 *   <li>An input that cannot be opened, and the streams of {@link Popen}, throw other {@link
 *       IOException}s.
 * </ul>
 *
 * <p>Immutable and thread-safe, like any {@link Throwable} apart from its stack trace and its
 * suppressed exceptions. For the output see {@link Captured}.
 *
 * @since 0.1
 */
public class SubprocessException extends IOException {
  private static final long serialVersionUID = 1L;

  /** See {@link #program()}. */
  private final String program;

  /** See {@link #args()}. */
  @SuppressWarnings("serial") // an immutable list of the JDK, of strings
  private final List<String> args;

  /** The last lines of stderr, once they were looked for. Kept when serialized. */
  private @Nullable String lastLines;

  /** What could not be killed, as the end of the message; empty if all was. */
  private String refusedKill = "";

  private final transient boolean showsStderr;
  private transient List<PipelineStage> stages = List.of();
  private transient Captured stdout;
  private transient Captured stderr;

  /** Without output. */
  SubprocessException(CommandLabel label, String message, @Nullable Throwable cause) {
    this(label, message, cause, Captured.NOTHING, Captured.NOTHING);
  }

  SubprocessException(
      CommandLabel label,
      String message,
      @Nullable Throwable cause,
      Captured stdout,
      Captured stderr) {
    super(message);
    if (cause != null) { // else it may be set once
      initCause(cause);
    }
    this.program = label.program();
    this.args = label.args();
    this.showsStderr = label.showsStderr();
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /**
   * Notes in the failure of a one-shot call that the system refused to kill the child.
   *
   * @param who what lives on
   */
  static void notKilled(Throwable failure, String who, UncheckedIOException refused) {
    failure.addSuppressed(refused);
    if (failure instanceof SubprocessException known) {
      String reason = Objects.requireNonNull(refused.getCause()).getMessage();
      known.refusedKill = "; " + who + " could not be killed: " + reason;
    }
  }

  /** What could not be killed, as a part of the message; empty if all was. */
  final String refusedKill() {
    return refusedKill;
  }

  /**
   * Describes the failure.
   *
   * @return what went wrong; and if a one-shot call could not kill the child, why not
   */
  @Override
  public String getMessage() {
    return super.getMessage() + refusedKill;
  }

  /** A message, followed by the last lines of stderr if the command shows them. */
  final String withLastLines(String message) {
    if (lastLines == null) {
      lastLines = showsStderr ? LastLines.of(stderr()) : "";
    }
    return lastLines.isEmpty() ? message : message + ", and wrote to stderr:" + lastLines;
  }

  /** Takes what the stages of the pipeline did, before this is thrown. */
  final void update(List<PipelineStage> allStages) {
    stages = List.copyOf(allStages);
  }

  /** Takes the output that came after this was made, before this is thrown. */
  final void update(Captured newStdout, Captured newStderr) {
    stdout = newStdout;
    stderr = newStderr;
    lastLines = null;
  }

  /**
   * Keeps the last lines of stderr, which the copy can no longer look for.
   *
   * @serialData the fields, after the message was made
   * @param out where to
   * @throws IOException if {@code out} throws it
   */
  private void writeObject(ObjectOutputStream out) throws IOException {
    String _ = getMessage(); // finds the last lines while there is an output
    out.defaultWriteObject();
  }

  /**
   * Returns the program's name, as it was given to {@link Command}.
   *
   * @return never null; the shell for {@link Command#shell}
   */
  public String program() {
    return program;
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
   * Returns what each stage of the pipeline had done.
   *
   * @return in the order of the pipeline; empty if this is not about a {@link Pipeline}, if a stage
   *     could not be started, and after deserialization; immutable
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public List<PipelineStage> stages() {
    return stages == null ? List.of() : stages;
  }

  /**
   * Returns what was received on stdout before the failure.
   *
   * @return never null; {@link Captured#isCaptured} is false if stdout was not a pipe
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public Captured stdout() {
    return stdout == null ? Captured.NOTHING : stdout;
  }

  /**
   * Returns what was received on stderr before the failure.
   *
   * @return never null; {@link Captured#isCaptured} is false if stderr was not a pipe
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public Captured stderr() {
    return stderr == null ? Captured.NOTHING : stderr;
  }
}
