package io.github.jpopen.spi;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A system call that may never return, made on a thread of its own. The caller can be interrupted
 * meanwhile, and a virtual thread keeps no carrier. open(2) of a FIFO is such a call: it returns
 * when another process opens the other end.
 *
 * <p>The thread of a call that was given up lives until the call returns.
 *
 * @param <R> what the call returns
 */
public abstract class SlowCall<R> {
  /** How long an interrupted caller waits for a call that may be about to return. */
  private static final long LAST_LOOK_MILLIS = 50;

  private static final int STACK = 512 << 10;

  private final CompletableFuture<R> result = new CompletableFuture<>();

  /** Makes a call that has not begun. */
  protected SlowCall() {}

  /**
   * Makes the call.
   *
   * @return its result
   * @throws IOException if it failed
   */
  protected abstract R call() throws IOException;

  /**
   * Takes the result of a call that was given up.
   *
   * @param late what came too late
   * @throws IOException if that failed; ignored
   */
  protected abstract void discard(R late) throws IOException;

  /**
   * Makes the call on a thread of its own, and waits for it.
   *
   * @param name that of the thread; begins with {@code jpopen-}
   * @return its result, even if this thread was interrupted meanwhile; the interrupt stays pending
   *     then
   * @throws IOException if the call failed
   * @throws InterruptedException if this thread was interrupted; the call is given up, and the
   *     interrupt stays pending
   * @throws OutOfMemoryError if the system has no thread
   */
  public final R await(String name) throws IOException, InterruptedException {
    OwnThreads.start(OwnThreads.daemon(name, STACK, this::run));
    try {
      return result.get();
    } catch (InterruptedException e) {
      try {
        return lastLook(e);
      } finally {
        Thread.currentThread().interrupt();
      }
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private void run() {
    try {
      R got = call();
      if (!result.complete(got)) {
        discard(got);
      }
    } catch (Throwable thrown) {
      result.completeExceptionally(thrown);
    }
  }

  private R lastLook(InterruptedException interrupt) throws IOException, InterruptedException {
    try {
      return result.get(LAST_LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | TimeoutException late) {
      if (result.cancel(false)) {
        throw interrupt;
      }
      return result.join(); // it came in the last moment
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static IOException failure(ExecutionException e) {
    if (e.getCause() instanceof IOException known) {
      return known;
    }
    throw new IllegalStateException("a system call failed", e.getCause());
  }
}
