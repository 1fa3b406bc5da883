package io.github.jpopen;

import java.io.IOException;
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
 *   <li>Its message names the program, but never its arguments or environment, which may be secret.
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

  private final transient Captured stdout;
  private final transient Captured stderr;

  /** Without output. */
  SubprocessException(String program, String message, @Nullable Throwable cause) {
    this(program, message, cause, Captured.NOTHING, Captured.NOTHING);
  }

  SubprocessException(
      String program, String message, @Nullable Throwable cause, Captured stdout, Captured stderr) {
    super(message, cause);
    this.program = program;
    this.stdout = stdout;
    this.stderr = stderr;
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
