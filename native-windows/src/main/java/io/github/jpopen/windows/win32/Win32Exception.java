package io.github.jpopen.windows.win32;

/** One of the several calls that a method makes has failed. */
public final class Win32Exception extends Exception {
  private static final long serialVersionUID = 1L;

  /** The call that failed. */
  private final String call;

  /** Its error. */
  private final int error;

  /** Makes an exception. */
  public Win32Exception(String call, int error) {
    super(call + ": " + error);
    this.call = call;
    this.error = error;
  }

  /** The call that failed. */
  public String call() {
    return call;
  }

  /** The error of GetLastError. */
  public int error() {
    return error;
  }
}
