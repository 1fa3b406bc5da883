package io.github.jpopen.concurrent;

import io.github.jpopen.spi.OwnThreads;

/**
 * Finds out whether virtual threads run at the moment. They do not while all carriers compute or
 * are pinned, be it by the thread that asks. Used by one thread.
 */
public final class CarrierProbe {
  private volatile boolean answered;
  private boolean asked;

  /** Starts the first virtual thread. */
  public CarrierProbe() {
    ask();
  }

  /**
   * Whether a virtual thread that was started at the last call, or at the first, has run.
   *
   * @return false while it has not
   */
  public boolean areFree() {
    boolean free = answered;
    if (free || !asked) {
      ask();
    }
    return free;
  }

  private void ask() {
    answered = false;
    asked = false;
    try {
      OwnThreads.start(OwnThreads.virtual("jpopen-probe", () -> answered = true));
      asked = true;
    } catch (OutOfMemoryError e) {
      // No carrier, which is an answer as well.
    }
  }
}
