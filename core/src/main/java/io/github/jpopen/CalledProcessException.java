package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;

/**
 * The child exited with a code that was not accepted, or was killed by a signal. Holds its output.
 * Python's {@code CalledProcessError}.
 *
 * {@snippet file="FailureSnippets.java" region="called" :
 * Command<String> grep = Command.of("grep", "x", "/no/such/file").text().captureOutput();
 * try {
 *   IO.print(grep.check(0, 1).run().stdout()); // 1 only means that no line was found
 * } catch (CalledProcessException e) {
 *   IO.println("grep exited with " + e.returncode()); // 2
 *   IO.print(e.stderr().text());
 * }
 * }
 *
 * @since 0.1
 */
public final class CalledProcessException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /** Kept when serialized; the status is not. */
  private final int returncode;

  private final transient ExitStatus status;

  CalledProcessException(CommandLabel label, ExitStatus status, Captured stdout, Captured stderr) {
    super(label, label.command() + " " + refused(status), null, stdout, stderr);
    this.returncode = status.returncode();
    this.status = status;
  }

  private static String refused(ExitStatus status) {
    return describe(status) + (status.isSuccess() ? ", which is not accepted" : "");
  }

  /** How a child ended, as the end of a sentence. */
  static String describe(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Exited(int code) -> "returned exit status " + code;
      case ExitStatus.Signaled(Signal signal, boolean core) ->
          signal.isKnown()
              ? "was killed by " + signal.name() + " (" + signal.number() + ")"
              : "was killed by unknown signal " + signal.number();
      case ExitStatus.Unknown() -> "ended with an unknown status";
    };
  }

  /**
   * Describes how the child ended.
   *
   * @return the name of the command, the exit code or the signal, and the last lines of stderr if
   *     it was captured, see {@link Command#stderrInMessages}
   */
  @Override
  public String getMessage() {
    return withLastLines(String.valueOf(super.getMessage()));
  }

  /**
   * Returns the exit code. Python's {@code returncode}.
   *
   * @return the exit code; -N if signal N killed the child; {@link ExitStatus#UNKNOWN_RETURNCODE}
   *     if it is unknown
   */
  public int returncode() {
    return returncode;
  }

  /**
   * Returns how the child ended.
   *
   * @return never null; {@link ExitStatus.Unknown} after deserialization
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public ExitStatus status() {
    return status == null ? new ExitStatus.Unknown() : status;
  }
}
