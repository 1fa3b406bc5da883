package io.github.jpopen;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A blocking call on a virtual thread of its own, as a future. Whoever completes the future before
 * the call is over, be it by {@code cancel}, {@code complete} or {@code orTimeout}, interrupts the
 * thread; a stage derived from it does not.
 *
 * <p>Either the outcome of the call reaches the future, or the task is told that it does not: never
 * neither, never both.
 *
 * @param <R> the result
 */
final class AsyncCall<R> extends CompletableFuture<R> {
  /**
   * What is called.
   *
   * @param <R> the result
   */
  interface Task<R> {
    /** On the thread of the call. */
    R call() throws IOException, InterruptedException;

    /** The outcome is not wanted any more. On any thread, before the interrupt. */
    default void givenUp() {}

    /**
     * On the thread of the call, after it and before the future completes.
     *
     * @param failure what was thrown; null if it returned
     * @param wanted whether that reaches the future
     */
    default void ended(@Nullable Throwable failure, boolean wanted) {}
  }

  private enum State {
    RUNNING,
    SETTLED,
    GIVEN_UP
  }

  private final Task<R> task;
  private final Thread thread;
  private State state = State.RUNNING; // guarded by this

  AsyncCall(String name, Task<R> task) {
    this.task = task;
    this.thread =
        Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(this::run);
  }

  /** The thread on which everything will happen. */
  Thread thread() {
    return thread;
  }

  AsyncCall<R> start() {
    thread.start();
    return this;
  }

  @SuppressWarnings("CatchingUnchecked") // all of it is for the future
  private void run() {
    Throwable failure = null;
    Runnable outcome;
    try {
      R result = task.call();
      outcome = () -> super.complete(result);
    } catch (Throwable e) {
      failure = e;
      outcome = () -> super.completeExceptionally(e);
    }
    boolean wanted = settle();
    task.ended(failure, wanted);
    if (wanted) {
      outcome.run();
    }
  }

  private synchronized boolean settle() {
    if (state == State.RUNNING) {
      state = State.SETTLED;
    }
    return state == State.SETTLED;
  }

  /** False if it is too late for that. */
  private synchronized boolean giveUp() {
    if (state == State.RUNNING) {
      state = State.GIVEN_UP;
      task.givenUp(); // before anybody can learn that the future is complete
      thread.interrupt();
    }
    return state == State.GIVEN_UP;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return giveUp() && super.cancel(mayInterruptIfRunning);
  }

  @Override
  public boolean complete(R value) {
    return giveUp() && super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return giveUp() && super.completeExceptionally(failure);
  }
}
