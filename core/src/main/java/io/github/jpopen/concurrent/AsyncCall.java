package io.github.jpopen.concurrent;

import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Persistently;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A blocking call on a virtual thread of its own, as a future. Completing the future before the
 * call is over interrupts the thread, be it by {@code cancel}, {@code completeAsync}, {@code
 * orTimeout} or {@code obtrudeValue}. Completing a dependent stage does not.
 *
 * <p>Either the outcome of the call reaches the future, or the task learns that it does not: never
 * neither, never both.
 *
 * @param <R> the result
 */
public final class AsyncCall<R> extends CompletableFuture<R> {
  /**
   * What is called.
   *
   * @param <R> the result
   */
  public interface Task<R> {
    /**
     * On the thread of the call.
     *
     * @return the result
     * @throws IOException becomes the failure of the future
     * @throws InterruptedException if the future was completed first
     */
    R call() throws IOException, InterruptedException;

    /** The outcome is no longer wanted. On any thread, before the interrupt. */
    default void givenUp() {}

    /**
     * The outcome will reach the future, although it was given up a moment ago: too late. On any
     * thread.
     */
    default void tooLate() {}

    /**
     * On the thread of the call, after it and before the future completes.
     *
     * @param failure what the call threw; null if it returned
     * @param wanted whether that reaches the future
     */
    default void ended(@Nullable Throwable failure, boolean wanted) {}
  }

  private enum State {
    RUNNING,
    SETTLED,
    GIVEN_UP
  }

  private @Nullable Task<R> task; // until the call is over: a future may be kept for a long time
  private final Thread thread;
  private State state = State.RUNNING; // guarded by this

  /**
   * Starts nothing yet.
   *
   * @param name of the thread
   * @param task called once
   */
  public AsyncCall(String name, Task<R> task) {
    this.task = task;
    this.thread = OwnThreads.virtual(name, this::run); // which keeps the task no longer than this
  }

  /**
   * The thread on which everything will happen.
   *
   * @return not started before {@link #start}
   */
  public Thread thread() {
    return thread;
  }

  /**
   * Starts the thread.
   *
   * @return this
   */
  public AsyncCall<R> start() {
    OwnThreads.start(thread);
    return this;
  }

  @SuppressWarnings("CatchingUnchecked") // the future gets it, whatever it is
  private void run() {
    Task<R> called = Objects.requireNonNull(task);
    @Nullable R result = null;
    Throwable failure = null;
    try {
      result = called.call();
    } catch (Throwable e) {
      failure = e;
    }
    boolean wanted = settle();
    try {
      called.ended(failure, wanted);
    } finally {
      forgetTask();
      if (wanted) {
        deliver(result, failure);
      }
    }
  }

  // Completing takes memory. No other thread would complete the future, so this ends when it is.
  private void deliver(@Nullable R result, @Nullable Throwable failure) {
    while (!isDone()) {
      try {
        boolean _ = failure == null ? super.complete(result) : super.completeExceptionally(failure);
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, 0);
      }
    }
  }

  private synchronized boolean settle() {
    if (state == State.RUNNING) {
      state = State.SETTLED;
    }
    return state == State.SETTLED;
  }

  private synchronized void forgetTask() {
    task = null;
  }

  /** Gives the call up; false if it is too late for that. */
  private synchronized boolean giveUp() {
    Task<R> running = task;
    if (state == State.RUNNING && running != null) {
      state = State.GIVEN_UP;
      try {
        running.givenUp(); // before the future shows as complete
      } finally {
        thread.interrupt();
      }
    } else if (state == State.SETTLED && running != null) {
      running.tooLate();
    }
    return state == State.GIVEN_UP;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!giveUp()) {
      return false;
    }
    for (int tries = 1; ; tries++) { // the call no longer completes the future
      try {
        return super.cancel(mayInterruptIfRunning);
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      }
    }
  }

  @Override
  public boolean complete(R value) {
    return giveUp() && super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    if (!giveUp()) {
      return false;
    }
    for (int tries = 1; ; tries++) {
      try {
        return super.completeExceptionally(failure);
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      }
    }
  }

  // The inherited method does not call complete.
  @Override
  public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
    Objects.requireNonNull(supplier);
    executor.execute(
        () -> {
          if (isDone()) {
            return;
          }
          try {
            complete(supplier.get());
          } catch (Throwable e) {
            completeExceptionally(
                e instanceof CompletionException ? e : new CompletionException(e));
          }
        });
    return this;
  }

  @Override
  public void obtrudeValue(R value) {
    giveUp();
    super.obtrudeValue(value);
  }

  @Override
  public void obtrudeException(Throwable failure) {
    giveUp();
    super.obtrudeException(Objects.requireNonNull(failure));
  }
}
