package io.github.jpopen;

import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.ExitWatch;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The exit of one child: looks for it, waits for it, and reports waits to the close rule. */
final class ExitAccess {
  private final Conversation conversation;
  private final CloseRule closeRule;
  private final ExitWatch watch;

  ExitAccess(Conversation conversation) {
    this.conversation = conversation;
    this.closeRule = conversation.closeRule();
    this.watch = new ExitWatch(conversation);
  }

  CloseRule closeRule() {
    return closeRule;
  }

  /** Whether the exit was seen. Does not look. */
  boolean wasSeen() {
    return conversation.status() != null;
  }

  /**
   * Looks once, unless the exit was seen. Waits for nothing.
   *
   * @return whether the exit was seen
   * @throws UncheckedIOException if looking failed
   */
  boolean look() {
    if (!wasSeen()) {
      try {
        conversation.look();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return wasSeen();
  }

  /** Waits; false if the deadline passed first. */
  boolean await(Deadline deadline) throws IOException, InterruptedException {
    try {
      boolean ended = conversation.awaitExit(deadline);
      closeRule.waited();
      return ended;
    } catch (InterruptedException e) {
      closeRule.interrupted();
      throw e;
    }
  }

  /** Before a wait: the child may end only when it gets what was written to its stdin. */
  void sendUnsent() {
    conversation.sendUnsent();
  }

  /** Calls the listener when the child has ended. */
  void add(ExitWatch.Listener listener) {
    watch.add(listener);
  }

  void remove(ExitWatch.Listener listener) {
    watch.remove(listener);
  }
}
