package io.github.jpopen;

import io.github.jpopen.conversation.CommunicateGate.Turn;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.InputSource;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One communicate on a thread of its own. Everything that takes no time is done on the caller's
 * thread: whoever gets the future knows that the input is fixed and the streams are sealed.
 *
 * @param <T> the type of the output
 */
final class AsyncCommunicate<T> implements AsyncCall.Task<Output<T>> {
  private final Communicator<T> communicator;
  private final Turn turn;
  private final @Nullable Input input;
  private final @Nullable Duration timeout;
  private final Deadline deadline;
  private @Nullable InputSource source;
  private boolean begun;

  private AsyncCommunicate(
      Communicator<T> communicator, @Nullable Input input, @Nullable Duration timeout) {
    this.communicator = communicator;
    this.input = input;
    this.timeout = timeout;
    this.deadline = Communicator.deadline(timeout);
    this.turn = communicator.enter(input);
  }

  /** Begins; what the caller can see to be wrong is thrown here. */
  static <T> CompletableFuture<Output<T>> start(
      Communicator<T> communicator,
      Conversation conversation,
      @Nullable Input input,
      @Nullable Duration timeout) {
    AsyncCommunicate<T> task = new AsyncCommunicate<>(communicator, input, timeout);
    boolean started = false;
    try {
      AsyncCall<Output<T>> call = new AsyncCall<>("jpopen-communicate", task);
      Output<T> known = task.prepare(conversation, call.thread());
      if (known != null) {
        return CompletableFuture.completedFuture(known);
      }
      CompletableFuture<Output<T>> future = call.start();
      started = true;
      return future;
    } catch (IOException | InterruptedException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      if (!started) {
        task.end();
      }
    }
  }

  private @Nullable Output<T> prepare(Conversation conversation, Thread mover)
      throws IOException, InterruptedException {
    Output<T> known = communicator.look(input);
    if (known != null) {
      return known;
    }
    boolean slow = input != null && input.opensSlowly();
    if (input != null && !slow) {
      source = communicator.open(input);
    }
    conversation.checkMemory(mover, source);
    if (turn.isCurrent() && !slow) {
      begin();
    }
    communicator.forgetTheLastCall();
    return null;
  }

  private void begin() throws IOException, InterruptedException {
    communicator.begin(input, source);
    begun = true;
  }

  @Override
  public Output<T> call() throws IOException, InterruptedException {
    if (!begun) {
      if (!turn.await(deadline)) {
        throw communicator.timedOut(timeout);
      }
      Output<T> known = communicator.look(input);
      if (known != null) {
        return known;
      }
      begin();
    }
    return communicator.talk(deadline, timeout);
  }

  @Override
  public void givenUp() {
    communicator.interrupted = true;
    communicator.lastTimeout().answered();
    turn.giveUp(); // from now on these belong to the next call
  }

  @Override
  public void ended(@Nullable Throwable failure, boolean wanted) {
    if (failure instanceof TimeoutExpiredException) {
      if (wanted) {
        communicator.lastTimeout().happened();
      }
    } else if (failure instanceof SubprocessException e && !wanted) {
      communicator.unheard = e;
    }
    end();
  }

  private void end() {
    if (source != null && !begun) {
      source.close();
    }
    turn.end();
  }
}
