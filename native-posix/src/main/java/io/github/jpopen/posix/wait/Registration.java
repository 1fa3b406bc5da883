package io.github.jpopen.posix.wait;

import org.jspecify.annotations.Nullable;

/**
 * One descriptor of a child, as far as the poller knows it.
 *
 * <p>Its owner is the owner of the descriptor. One thread at a time uses it, except for {@link
 * #fired}.
 */
public final class Registration {
  /** What waits for the descriptors of many registrations: the poller. */
  interface Registrar {
    /** Starts to wait for a descriptor; false if that is not possible now. */
    boolean arm(Registration registration, int descriptor, int events);

    /** Stops waiting for a descriptor. */
    void remove(Registration registration, int descriptor);

    /** Forgets a descriptor that is not open any longer, without touching it in the kernel. */
    void lose(Registration registration, int descriptor);
  }

  private static final int NOTHING = -1;

  private final Registrar registrar;
  private final Long token; // boxed once: taking it out must not need memory
  private volatile @Nullable Runnable ready;
  private volatile int armed = NOTHING;

  /** Where the descriptor is known, or null. */
  private @Nullable PollerSession session;

  /** Made by the poller only. */
  Registration(Registrar registrar, long token) {
    this.registrar = registrar;
    this.token = token;
  }

  Long token() {
    return token;
  }

  @Nullable PollerSession session() {
    return session;
  }

  void setSession(@Nullable PollerSession session) {
    this.session = session;
  }

  /**
   * Runs an action once when something happens to the descriptor. An earlier request that has not
   * fired yet may still fire, for no reason.
   *
   * @param events as for {@code poll}
   * @param action runs on the poller's thread; must not block
   * @return false if that is not possible now
   */
  public boolean arm(int descriptor, int events, Runnable action) {
    ready = action;
    if (armed == events) {
      return true;
    }
    armed = events; // first: it may happen before the call returns
    boolean done = false;
    try {
      done = registrar.arm(this, descriptor, events);
    } finally {
      if (!done) {
        armed = NOTHING; // or the next caller would wait for what nothing waits for
      }
    }
    return done;
  }

  /** Takes the descriptor out. Call it before the descriptor is closed. */
  public void remove(int descriptor) {
    registrar.remove(this, descriptor);
    armed = NOTHING;
    ready = null;
  }

  /**
   * Forgets a descriptor that other code has closed. Its number may be another file's by now.
   *
   * @return what waits for it and must look in another way; null if nothing does
   */
  public @Nullable Runnable lose(int descriptor) {
    registrar.lose(this, descriptor);
    Runnable waiting = armed == NOTHING ? null : ready;
    armed = NOTHING;
    ready = null;
    return waiting;
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
