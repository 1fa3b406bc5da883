package io.github.jpopen;

import io.github.jpopen.concurrent.AsyncCall;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * One run of a command or a pipeline on a virtual thread of its own.
 *
 * @param <R> the type of the result
 */
final class AsyncRun<R> implements AsyncCall.Task<R> {
  private final OneShot<?, R> run;

  private AsyncRun(OneShot<?, R> run) {
    this.run = run;
  }

  /** Starts it; throws what can be known to be wrong at once. */
  static <R> CompletableFuture<R> start(OneShot<?, R> run) {
    AsyncCall<R> call = new AsyncCall<>("jpopen-run", new AsyncRun<>(run));
    boolean started = false;
    try {
      run.prepare(call.thread());
      CompletableFuture<R> future = call.start();
      started = true;
      return future;
    } catch (IOException | InterruptedException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      if (!started) {
        run.closeInput();
      }
    }
  }

  @Override
  public void givenUp() {
    run.giveUp();
  }

  @Override
  public R call() throws IOException, InterruptedException {
    if (Thread.interrupted()) { // cancelled already, so no child needs to be started
      run.closeInput();
      throw new InterruptedException();
    }
    return run.run();
  }
}
