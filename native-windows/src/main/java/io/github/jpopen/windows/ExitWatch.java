package io.github.jpopen.windows;

import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Has one child's exit waited for on another thread, from the first time on that somebody parks.
 */
final class ExitWatch {
  private final ExitWaiters waiters;
  private final ChildExit exit;
  private final Progress progress;

  /** Of the stepping thread. */
  private ExitWaiters.@Nullable Watch watch;

  // Guarded by the lock of progress.
  private boolean over;
  private int error;

  ExitWatch(ExitWaiters waiters, ChildExit exit, Progress progress) {
    this.waiters = waiters;
    this.exit = exit;
    this.progress = progress;
  }

  /**
   * Begins to wait, unless it has begun.
   *
   * @throws IOException if that is not possible, or the last wait failed; the next call begins anew
   */
  void begin() throws IOException {
    int failure;
    progress.lock.lock();
    try {
      failure = error;
      if (over) { // and no exit was there to report
        over = false;
        error = 0;
        watch = null;
      }
    } finally {
      progress.lock.unlock();
    }
    if (failure != 0) {
      throw new IOException("WaitForMultipleObjects: " + Win32Errors.name(failure));
    }
    if (watch == null) {
      watch = exit.watch(waiters, this::ended);
    }
  }

  /** Whether the child ended, or cannot be waited for. Call with the lock held. */
  boolean isOver() {
    return over;
  }

  /** Nobody needs to wait any more. */
  void cancel() {
    ExitWaiters.Watch old = watch;
    watch = null;
    if (old != null) {
      old.cancel();
    }
  }

  // On a waiting thread.
  private void ended(int result) {
    progress.lock.lock();
    try {
      over = true;
      error = result;
      progress.changed.signalAll();
    } finally {
      progress.lock.unlock();
    }
  }
}
