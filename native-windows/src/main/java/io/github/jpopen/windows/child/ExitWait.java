package io.github.jpopen.windows.child;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.windows.wait.ExitWaiters;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the steps of one child learn of its exit and report it once. The child is registered at
 * {@link ExitWaiters} when a step first has to wait for the exit.
 */
final class ExitWait {
  private final ExitWaiters waiters;
  private final ChildExit exit;
  private final StepSignal signal;
  private final Runnable ending;
  private final BooleanSupplier giveBack;

  // Used by the thread that steps, or starts the child.
  private ExitWaiters.@Nullable Watch watch;
  private boolean reported;

  // Guarded by the lock of signal.
  private boolean over;
  private int error;

  /**
   * Makes one; nothing is registered.
   *
   * @param ending runs on the waiting thread when the child has ended
   */
  ExitWait(ChildServices services, ChildExit exit, StepSignal signal, Runnable ending) {
    waiters = services.exitWaiters();
    giveBack = services.unwatched()::giveBack;
    this.exit = exit;
    this.signal = signal;
    this.ending = ending;
  }

  /** Whether the exit was reported. */
  boolean isReported() {
    return reported;
  }

  /** Reports the exit if it is there; returns whether it did. */
  boolean report(ChildEvents events) throws IOException {
    if (reported) {
      return false;
    }
    Termination status = exit.collect();
    if (status == null) {
      return false;
    }
    events.exited(status);
    reported = true; // only now: what core had no memory for is reported again
    cancel();
    return true;
  }

  /**
   * Registers the child, unless it is registered.
   *
   * @return false if there is no thread or no memory for it
   * @throws IOException if that is not possible, or the last wait failed; the next call registers
   *     again
   */
  boolean begin() throws IOException {
    int failure;
    try (var _ = signal.lock.hold()) {
      failure = error;
      if (over) { // although the process has not ended
        over = false;
        error = 0;
        watch = null;
      }
    }
    if (failure != 0) {
      throw new IOException("WaitForMultipleObjects: " + Win32Errors.name(failure));
    }
    try {
      if (watch == null) {
        watch = exit.watch(waiters, this::ended, giveBack);
      }
      if (watch == null && exit.isKnown()) { // it was collected at a limit
        try (var _ = signal.lock.hold()) {
          over = true;
        }
      }
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /** Whether the child has ended or the wait has failed. To be called with the lock held. */
  boolean isOver() {
    return over;
  }

  /** Ends the waiting. */
  void cancel() {
    ExitWaiters.Watch old = watch;
    watch = null;
    if (old != null) {
      old.cancel();
    }
  }

  // On a waiting thread.
  private void ended(int result) {
    try (var _ = signal.lock.hold()) {
      over = true;
      error = result;
    }
    signal.changed();
    if (result == 0) {
      ending.run();
    }
  }
}
