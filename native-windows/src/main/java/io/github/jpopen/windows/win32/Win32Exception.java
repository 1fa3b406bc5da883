package io.github.jpopen.windows.win32;

/** A call failed that is a part of another one. */
public final class Win32Exception extends Exception {
  private static final long serialVersionUID = 1L;

  /** The call that failed. */
  private final String call;

  /** What it said. */
  private final int error;

  /** Makes the exception. */
  public Win32Exception(String call, int error) {
    super(call + ": " + error);
    this.call = call;
    this.error = error;
  }

  /** The call that failed. */
  public String call() {
    return call;
  }

  /** What GetLastError said. */
  public int error() {
    return error;
  }
}
