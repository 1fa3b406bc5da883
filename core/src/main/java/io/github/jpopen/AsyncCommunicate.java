package io.github.jpopen;

import io.github.jpopen.concurrent.AsyncCall;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call of communicate on a thread of its own. Everything that takes no time is done on the
 * caller's thread. Once the caller has the future, the input is fixed and the streams are sealed.
 *
 * @param <T> the type of the output
 */
final class AsyncCommunicate<T> implements AsyncCall.Task<Output<T>> {
  private final Communicator<T> communicator;
  private final CommunicateCall<T> call;

  AsyncCommunicate(
      Communicator<T> communicator, @Nullable Input input, @Nullable Duration timeout) {
    this.communicator = communicator;
    this.call = new CommunicateCall<>(communicator, input, timeout);
  }

  /** Begins; throws what can be known to be wrong at once. */
  static <T> CompletableFuture<Output<T>> start(
      Communicator<T> communicator, @Nullable Input input, @Nullable Duration timeout) {
    AsyncCommunicate<T> task = new AsyncCommunicate<>(communicator, input, timeout);
    boolean started = false;
    try {
      AsyncCall<Output<T>> async = new AsyncCall<>("jpopen-communicate", task);
      Output<T> known = task.call.prepare(async.thread());
      if (known != null) {
        return CompletableFuture.completedFuture(known);
      }
      CompletableFuture<Output<T>> future = async.start();
      started = true;
      return future;
    } catch (IOException | InterruptedException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      if (!started) {
        task.call.leave();
      }
    }
  }

  @Override
  public Output<T> call() throws IOException, InterruptedException {
    return call.run();
  }

  @Override
  public void givenUp() {
    call.giveUp();
  }

  // The call is about to leave: a thread that cancelled it and calls again must not be refused.
  @Override
  public void tooLate() {
    call.letNextEnter();
  }

  @Override
  public void ended(@Nullable Throwable failure, boolean wanted) {
    try {
      if (failure instanceof SubprocessException e) {
        communicator.failed(e, wanted);
      }
    } finally {
      call.leave();
    }
  }
}
