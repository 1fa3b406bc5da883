package io.github.jpopen.contract;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * A call on its own thread, which the test can interrupt and which returns a result.
 *
 * @param <R> the result
 */
final class Background<R> {
  private static final long LIMIT_SECONDS = 30;

  /** The two kinds of thread, both of which must behave the same. */
  enum Kind {
    PLATFORM,
    VIRTUAL;

    /** One and the other in turn. */
    static Kind inTurn(int i) {
      return i % 2 == 0 ? PLATFORM : VIRTUAL;
    }

    Thread thread(Runnable task) {
      return this == VIRTUAL
          ? Thread.ofVirtual().unstarted(task)
          : Thread.ofPlatform().daemon().unstarted(task);
    }
  }

  private final FutureTask<R> task;
  private final Thread thread;

  private Background(Kind kind, Callable<R> call) {
    this.task = new FutureTask<>(call);
    this.thread = kind.thread(task);
  }

  static <R> Background<R> start(Kind kind, Callable<R> call) {
    Background<R> background = new Background<>(kind, call);
    background.thread.start();
    return background;
  }

  static <R> Background<R> start(Callable<R> call) {
    return start(Kind.PLATFORM, call);
  }

  Thread thread() {
    return thread;
  }

  void interrupt() {
    thread.interrupt();
  }

  boolean isDone() {
    return task.isDone();
  }

  /** Whether the thread is parked, with or without a limit; not in a system call. */
  boolean isWaiting() {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  /** What the call returned; fails if it threw. */
  R result() throws InterruptedException {
    try {
      return task.get(LIMIT_SECONDS, SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("threw " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not done after " + LIMIT_SECONDS + " s", e);
    }
  }

  /** What the call threw; fails if it returned. */
  Throwable failure() throws InterruptedException {
    try {
      throw new AssertionError("returned " + task.get(LIMIT_SECONDS, SECONDS));
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("not done after " + LIMIT_SECONDS + " s", e);
    }
  }
}
