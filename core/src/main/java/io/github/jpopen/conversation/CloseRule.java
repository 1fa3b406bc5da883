package io.github.jpopen.conversation;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether closing a child, or all stages of a pipeline, kills it, sends what was not
 * flushed, and waits for its exit. The calls on a child report here what happens; no other class
 * decides. Thread-safe.
 *
 * <p>Closing kills the child
 *
 * <ul>
 *   <li>if the command says so, or
 *   <li>if a timed call threw and nothing has answered since: Java closes before {@code catch}, so
 *       the caller has had no chance to.
 * </ul>
 *
 * <p>Closing waits unless
 *
 * <ul>
 *   <li>the last communicate, or the last wait for the exit, was interrupted: its thread was asked
 *       to stop, so no other wait begins, or
 *   <li>killing was refused, or a signal that was to end it: the child may live for ever.
 * </ul>
 */
public final class CloseRule {
  private final boolean killOnClose;

  /** The thread that got the last timeout, until something answers it. */
  private volatile @Nullable Thread timedOut;

  private volatile boolean interrupted;

  /**
   * The rule for one child.
   *
   * @param killOnClose whether closing always kills
   */
  public CloseRule(boolean killOnClose) {
    this.killOnClose = killOnClose;
  }

  /** The calling thread is about to throw a timeout. */
  public void timedOut() {
    timedOut = Thread.currentThread();
  }

  /** Some thread waits, polls or signals: the last timeout is answered. */
  public void answered() {
    timedOut = null;
  }

  /** A call of communicate begins: what happened to the calls before it does not count. */
  public void communicating() {
    timedOut = null;
    interrupted = false;
  }

  /** A call of communicate, or a wait for the exit, was interrupted. */
  public void interrupted() {
    interrupted = true;
  }

  /** A wait for the exit ended without an interrupt. */
  public void waited() {
    interrupted = false;
  }

  /** A call of communicate was given up: its thread is being interrupted. */
  public void givenUp() {
    interrupted = true;
    timedOut = null;
  }

  /**
   * A stream is used. This answers a timeout only on the thread that got it: others may have been
   * reading all the time.
   */
  void streamUsed() {
    if (timedOut != null && Thread.currentThread().equals(timedOut)) {
      timedOut = null;
    }
  }

  /**
   * Decides for a close that begins now. Later events do not change the decision.
   *
   * @return what close does
   */
  public Decision decide() {
    return Decision.of(killOnClose || timedOut != null, !interrupted);
  }

  /**
   * What one close does.
   *
   * @param mustKill whether it kills the child first
   * @param mayWait whether it then waits for the exit, for as long as its own thread is not
   *     interrupted
   */
  public record Decision(boolean mustKill, boolean mayWait) {
    // All of them, made in advance: closing must not need memory.
    private static final Decision KILL_AND_WAIT = new Decision(true, true);
    private static final Decision KILL = new Decision(true, false);
    private static final Decision WAIT = new Decision(false, true);
    private static final Decision NEITHER = new Decision(false, false);

    private static Decision of(boolean mustKill, boolean mayWait) {
      if (mustKill) {
        return mayWait ? KILL_AND_WAIT : KILL;
      }
      return mayWait ? WAIT : NEITHER;
    }

    /**
     * Whether it sends what was written to stdin and not flushed. That may block, and a killed
     * child reads nothing.
     *
     * @return false if that is dropped
     */
    public boolean mayFlush() {
      return mayWait && !mustKill;
    }

    /**
     * The system refused to kill the child.
     *
     * @return what close does then
     */
    public Decision killRefused() {
      return of(mustKill, false);
    }
  }
}
