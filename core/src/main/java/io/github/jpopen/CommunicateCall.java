package io.github.jpopen;

import io.github.jpopen.conversation.CommunicateGate.Turn;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.Outcome;
import io.github.jpopen.conversation.OutputFailedException;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.stream.StreamAccess;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call of communicate. The order is written here and nowhere else: enter, wait for the turn,
 * fix the input, move the bytes, leave.
 *
 * @param <T> the type of the output
 */
final class CommunicateCall<T> {
  private final Communicator<T> communicator;
  private final Conversation conversation;
  private final @Nullable Input input;
  private final @Nullable Duration timeout;
  private final Deadline deadline;
  private final Turn turn;
  private @Nullable InputSource source;
  private boolean prepared;
  private boolean begun;

  /** Enters: this is the one call in communicate until {@link #leave}. */
  CommunicateCall(Communicator<T> communicator, @Nullable Input input, @Nullable Duration timeout) {
    this(
        communicator, input, timeout, timeout == null ? Deadline.never() : Deadline.after(timeout));
  }

  /** The same with a deadline that other children share. */
  CommunicateCall(
      Communicator<T> communicator,
      @Nullable Input input,
      @Nullable Duration timeout,
      Deadline deadline) {
    this.communicator = communicator;
    this.conversation = communicator.conversation();
    this.input = input;
    this.timeout = timeout;
    this.deadline = deadline;
    if (input != null && !conversation.isPipe(StreamKind.STDIN)) {
      throw new IllegalArgumentException(
          "there is input, but stdin is not a pipe: use stdin(PIPE)");
    }
    this.turn = conversation.enter();
  }

  /** Python's communicate. A null input is none, a null timeout is no limit. */
  static <T> Output<T> communicate(
      Communicator<T> communicator, @Nullable Input input, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    communicator.conversation().checkNotConsuming();
    return new CommunicateCall<>(communicator, input, timeout).complete();
  }

  /** All of it, on this thread. */
  Output<T> complete() throws IOException, InterruptedException {
    try {
      return run();
    } catch (TimeoutExpiredException e) {
      conversation.closeRule().timedOut();
      throw e;
    } catch (InterruptedException e) {
      conversation.closeRule().interrupted();
      throw e;
    } finally {
      leave();
    }
  }

  /**
   * Does in advance, on the caller's thread, everything that takes no time.
   *
   * @param mover the thread that will run
   * @return the result if it is known already
   */
  @Nullable Output<T> prepare(Thread mover) throws IOException, InterruptedException {
    Output<T> known = communicator.known(input);
    if (known != null) {
      return known;
    }
    boolean slow = input != null && input.opensSlowly();
    if (input != null && !slow) {
      source = open(input);
    }
    conversation.checkMemory(mover, source);
    if (turn.isCurrent() && !slow) {
      begin();
    }
    conversation.closeRule().communicating();
    prepared = true;
    return null;
  }

  /** Does the rest, on the thread that moves the bytes. */
  Output<T> run() throws IOException, InterruptedException {
    if (!begun) {
      if (!turn.await(deadline)) {
        throw communicator.timedOut(timeout, deadline);
      }
      Output<T> known = communicator.known(input);
      if (known != null) {
        return known;
      }
      begin();
    }
    if (!prepared) {
      conversation.closeRule().communicating();
    }
    communicator.throwUndelivered();
    Outcome outcome;
    try {
      outcome = conversation.untilComplete(deadline, communicator.limits());
    } catch (IOException | InputSource.FailedException e) {
      throw communicator.failure(e);
    } catch (OutputFailedException e) {
      throw communicator.outputFailed(e);
    }
    communicator.checkOpenToTheEnd();
    if (outcome == Outcome.TIMED_OUT) {
      throw communicator.timedOut(timeout, deadline);
    }
    if (outcome == Outcome.IDLE) {
      throw communicator.idle();
    }
    return communicator.result();
  }

  /** Seals the streams and fixes the input, unless an earlier call did. */
  private void begin() throws IOException, InterruptedException {
    if (!conversation.isSealed()) {
      if (source == null) {
        source = input == null ? endOfText() : open(input);
      }
      if (input != null && input.isOpenedByUser() && turn.isGivenUp()) { // meanwhile
        throw new InterruptedException();
      }
      begun = true; // from here on the conversation owns the input
      conversation.seal();
      conversation.begin(unsent(), source);
    }
    begun = true;
  }

  private @Nullable InputSource endOfText() {
    StreamAccess streams = communicator.usedStreams();
    return streams == null ? null : streams.endOfText();
  }

  /** Asked after the seal: a write comes before it as a whole, or fails. */
  private @Nullable InputSource unsent() {
    StreamAccess streams = communicator.usedStreams();
    return streams == null ? null : streams.unsent();
  }

  private InputSource open(Input from) throws IOException, InterruptedException {
    InputSource opened = from.open(communicator.encoder());
    StreamAccess streams = communicator.usedStreams();
    if (streams != null && streams.isStdinClosed() && !opened.isExhausted()) {
      opened.close();
      throw new IllegalStateException("there is input, but stdin was closed");
    }
    return opened;
  }

  /** Lets the next call enter; the thread of this one is being interrupted. */
  void giveUp() {
    conversation.closeRule().givenUp(); // first: afterwards the rule is the next call's
    letNextEnter();
  }

  /** Lets the next call enter; this one is about to leave by itself. */
  void letNextEnter() {
    turn.giveUp();
  }

  /** The call is over, whatever happened. */
  void leave() {
    try {
      if (source != null && !begun) {
        source.close();
      }
    } finally {
      turn.end();
    }
  }
}
