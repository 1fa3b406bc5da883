package io.github.jpopen.scripted;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A call on a thread of its own, which the test can interrupt and ask for its result.
 *
 * @param <R> the result
 */
public final class Call<R> {
  private static final long LIMIT_SECONDS = 10;

  private final FutureTask<R> task;
  private final Thread thread;

  private Call(FutureTask<R> task, Thread thread) {
    this.task = task;
    this.thread = thread;
    thread.start();
  }

  /** On a platform thread. */
  public static <R> Call<R> of(Callable<R> what) {
    FutureTask<R> task = new FutureTask<>(what);
    return new Call<>(task, Thread.ofPlatform().daemon().unstarted(task));
  }

  /** On a virtual thread. */
  public static <R> Call<R> virtual(Callable<R> what) {
    FutureTask<R> task = new FutureTask<>(what);
    return new Call<>(task, Thread.ofVirtual().unstarted(task));
  }

  public Thread thread() {
    return thread;
  }

  public void interrupt() {
    thread.interrupt();
  }

  public boolean isDone() {
    return task.isDone();
  }

  /** Waits until the thread waits for something. */
  public Call<R> awaitParked() {
    long start = System.nanoTime();
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      if (task.isDone() || System.nanoTime() - start > SECONDS.toNanos(LIMIT_SECONDS)) {
        throw new AssertionError("does not wait but is " + thread.getState());
      }
      LockSupport.parkNanos(100_000);
    }
    return this;
  }

  /** What the call returned; fails if it threw. */
  public R result() throws InterruptedException {
    try {
      return task.get(LIMIT_SECONDS, SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("threw " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not done after " + LIMIT_SECONDS + " s", e);
    }
  }

  /** What the call threw; fails if it returned. */
  public Throwable failure() throws InterruptedException {
    try {
      throw new AssertionError("returned " + task.get(LIMIT_SECONDS, SECONDS));
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("not done after " + LIMIT_SECONDS + " s", e);
    }
  }
}
