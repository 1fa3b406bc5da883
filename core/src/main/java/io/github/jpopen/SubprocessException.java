package io.github.jpopen;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong with a child. The base of all such failures; an input that cannot be opened,
 * and the streams, throw other {@link IOException}s.
 *
 * <p>Holds what was captured so far, so no failure loses output; after deserialization the captured
 * output is empty. Messages name the program, never its arguments or environment, which may hold
 * secrets.
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
   * The program's name, as given to {@link Command}.
   *
   * @return never null
   */
  public String program() {
    return program;
  }

  /**
   * What had come on stdout by then.
   *
   * @return never null; {@link Captured#isCaptured} is false if stdout was not a pipe
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public Captured stdout() {
    return stdout == null ? Captured.NOTHING : stdout;
  }

  /**
   * What had come on stderr by then.
   *
   * @return never null; {@link Captured#isCaptured} is false if stderr was not a pipe
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public Captured stderr() {
    return stderr == null ? Captured.NOTHING : stderr;
  }
}
