package io.github.jpopen;

import io.github.jpopen.Ending.Cause;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks one child to end, and gives it time for that. Its bytes keep moving meanwhile: a child that
 * writes its last output must not wait for a reader.
 */
final class Ender {
  private final Conversation conversation;
  private final SignalLog log;
  private final @Nullable Signal request;
  private final @Nullable Duration grace;
  private final int sigkill = Signal.SIGKILL.number(); // looked up before it is needed

  /**
   * Makes it.
   *
   * @param request the signal that asks, null if this system has none for this child
   * @param grace the time that the command gives, null for none
   */
  Ender(
      Conversation conversation,
      SignalLog log,
      @Nullable Signal request,
      @Nullable Duration grace) {
    this.conversation = conversation;
    this.log = log;
    this.request = request;
    this.grace = grace;
  }

  /** Sends a signal; false if the child had ended. */
  boolean send(Signal signal, Cause cause) throws IOException {
    boolean sent = conversation.signal(signal.number());
    if (sent) {
      log.sent(signal, cause);
    }
    return sent;
  }

  /** Sends a signal to the group of the child; false if there is none any longer. */
  boolean sendToGroup(Signal signal, Cause cause) throws IOException {
    boolean sent = conversation.signalGroup(signal.number());
    if (sent) {
      log.sent(signal, cause);
    }
    return sent;
  }

  /** Asks, and waits for at most the time of the command. Does nothing if it gives none. */
  void askWithGrace(Cause cause) throws InterruptedException {
    if (grace != null) {
      ask(cause, grace);
    }
  }

  /**
   * Asks, and waits.
   *
   * @return whether the child has ended; false as well if it cannot be asked, or waiting failed
   */
  boolean ask(Cause cause, Duration time) throws InterruptedException {
    if (request == null || !time.isPositive()) {
      return false;
    }
    try {
      // If it has ended meanwhile, waiting finds that out at once.
      boolean _ = send(request, cause);
      return conversation.awaitExitMoving(Deadline.after(time));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return false; // the kill that follows reports what is wrong
    }
  }

  /** Looks whether the child has ended; false if that cannot be known. */
  boolean hasEnded() {
    try {
      conversation.look();
    } catch (IOException | RuntimeException e) {
      return false;
    }
    return conversation.status() != null;
  }

  /** Asks a child that has a grace, and does not wait. */
  void requestIfGraceful() {
    if (grace != null && grace.isPositive() && request != null) {
      try {
        boolean _ = send(request, Cause.CALLER);
      } catch (IOException | RuntimeException e) { // it is killed later
      }
    }
  }

  /** Waits for the grace of a child that was asked, but at most until the deadline, and kills. */
  void endNow(Deadline deadline) {
    try {
      if (grace != null && grace.isPositive() && request != null) {
        boolean _ = conversation.awaitExitMoving(deadline.atMost(grace.toNanos()));
      }
    } catch (IOException | RuntimeException e) { // it is killed now
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      boolean _ = kill(Cause.CALLER);
    } catch (RuntimeException e) { // refused: nothing else can be done
    }
  }

  /** Kills; false if the child had ended. Takes no memory if the platform takes none. */
  boolean kill(Cause cause) {
    boolean sent;
    try {
      sent = conversation.signal(sigkill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (sent) {
      try {
        log.sent(Signal.SIGKILL, cause);
      } catch (OutOfMemoryError e) { // it is killed all the same, and the cause stays unknown
      }
    }
    return sent;
  }
}
