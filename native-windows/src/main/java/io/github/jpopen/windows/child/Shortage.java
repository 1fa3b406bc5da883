package io.github.jpopen.windows.child;

import io.github.jpopen.windows.win32.Win32Errors;

/**
 * How one pipe copes with a shortage of memory. ReadFile and WriteFile lock their buffer in memory
 * and fail if they cannot, or if too many operations are in flight. A smaller buffer or a later try
 * may succeed.
 */
final class Shortage {
  private static final int SMALLEST = 4 << 10;
  private static final int PAUSES = 6;
  private static final long PAUSE_NANOS = 1_000_000;

  private int most = TransferBuffers.LARGE;
  private int pauses;
  private boolean pausing;
  private long pauseEnd;

  /** The most bytes that one operation may move. */
  int most() {
    return most;
  }

  /**
   * Whether to try a failed operation again, with {@link #most} bytes, once {@link #pauseNanos} has
   * passed: 63 ms in all.
   */
  boolean triesAgain(int error) {
    if (!Win32Errors.isShortageOfTransfers(error)) {
      return false;
    }
    if (most > SMALLEST) {
      most /= 4;
      return true;
    }
    if (pauses == PAUSES) {
      return false;
    }
    pauseEnd = System.nanoTime() + (PAUSE_NANOS << pauses);
    pausing = true;
    pauses++;
    return true;
  }

  /** How long to wait before the next try. The step waits, because it knows the deadline. */
  long pauseNanos() {
    if (!pausing) {
      return 0;
    }
    long left = Math.max(0, pauseEnd - System.nanoTime());
    pausing = left > 0;
    return left;
  }

  /** An operation succeeded. */
  void over() {
    pauses = 0;
    most = Math.min(TransferBuffers.LARGE, 2 * most);
  }
}
