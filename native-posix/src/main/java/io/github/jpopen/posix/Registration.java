package io.github.jpopen.posix;

import org.jspecify.annotations.Nullable;

/**
 * One descriptor of a child, as far as the poller knows it.
 *
 * <p>Owned by whoever owns the descriptor, and used by one thread at a time but for {@link #fired}.
 */
final class Registration {
  private static final int NOTHING = -1;

  private final Poller poller;
  private final long token;
  private volatile @Nullable Runnable ready;
  private volatile int armed = NOTHING;
  private boolean known;

  /** Made by the poller only. */
  Registration(Poller poller, long token) {
    this.poller = poller;
    this.token = token;
  }

  long token() {
    return token;
  }

  boolean isKnown() {
    return known;
  }

  /**
   * Has something be run once when something happens to the descriptor. What was asked for before
   * and has not happened yet may still happen, for no reason.
   *
   * @param events as for {@code poll}
   * @param action runs on the poller's thread; must not block
   * @return false if that is not possible now
   */
  boolean arm(int descriptor, int events, Runnable action) {
    ready = action;
    if (armed == events) {
      return true;
    }
    armed = events; // first: it may happen before the call returns
    if (poller.arm(this, descriptor, events)) {
      known = true;
      return true;
    }
    armed = NOTHING;
    return false;
  }

  /** Takes the descriptor out; to be called before it is closed. */
  void remove(int descriptor) {
    poller.remove(this, descriptor);
    known = false;
    armed = NOTHING;
    ready = null;
  }

  /** Something happened. */
  void fired() {
    armed = NOTHING;
    Runnable action = ready;
    if (action != null) {
      action.run();
    }
  }
}
