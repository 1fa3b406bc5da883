package io.github.jpopen;

/**
 * The child ended in a way that the caller asked to be told of. Holds its output. Python's {@code
 * CalledProcessError}.
 */
public final class CalledProcessException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /** Kept when serialized; the status is not. */
  private final int returncode;

  private final transient ExitStatus status;

  CalledProcessException(String program, ExitStatus status, Captured stdout, Captured stderr) {
    super(program, message(program, status), null, stdout, stderr);
    this.returncode = status.returncode();
    this.status = status;
  }

  private static String message(String program, ExitStatus status) {
    String how =
        switch (status) {
          case ExitStatus.Exited(int code) when code == 0 ->
              "returned exit status 0, which is not accepted";
          case ExitStatus.Exited(int code) -> "returned exit status " + code;
          case ExitStatus.Signaled(Signal signal, boolean core) ->
              signal.isKnown()
                  ? "was killed by " + signal.name() + " (" + signal.number() + ")"
                  : "was killed by unknown signal " + signal.number();
          case ExitStatus.Unknown() -> "ended with an unknown status";
        };
    return "command \"" + program + "\" " + how;
  }

  /**
   * Python's {@code returncode}.
   *
   * @return as {@link Popen#returncode}
   */
  public int returncode() {
    return returncode;
  }

  /**
   * How the child ended.
   *
   * @return never null; {@link ExitStatus.Unknown} after deserialization
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public ExitStatus status() {
    return status == null ? new ExitStatus.Unknown() : status;
  }
}
