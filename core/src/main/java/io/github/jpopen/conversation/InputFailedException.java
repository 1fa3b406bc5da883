package io.github.jpopen.conversation;

/** The source of the input failed before its end. The cause says how. */
public final class InputFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InputFailedException(Throwable cause) {
    super(cause);
  }
}
