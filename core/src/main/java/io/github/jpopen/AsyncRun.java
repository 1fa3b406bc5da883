package io.github.jpopen;

import io.github.jpopen.concurrent.AsyncCall;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * One run of a command on a virtual thread of its own.
 *
 * @param <T> the type of the output
 */
final class AsyncRun<T> implements AsyncCall.Task<CompletedProcess<T>> {
  private final OneShot<T> run;

  private AsyncRun(OneShot<T> run) {
    this.run = run;
  }

  /** Starts it; throws what can be known to be wrong at once. */
  static <T> CompletableFuture<CompletedProcess<T>> start(OneShot<T> run) {
    AsyncCall<CompletedProcess<T>> call = new AsyncCall<>("jpopen-run", new AsyncRun<>(run));
    boolean started = false;
    try {
      run.prepare(call.thread());
      CompletableFuture<CompletedProcess<T>> future = call.start();
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
  public CompletedProcess<T> call() throws IOException, InterruptedException {
    if (Thread.interrupted()) { // cancelled already, so no child needs to be started
      run.closeInput();
      throw new InterruptedException();
    }
    return run.run();
  }
}
