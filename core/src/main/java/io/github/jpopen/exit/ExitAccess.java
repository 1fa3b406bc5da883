package io.github.jpopen.exit;

import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.ExitWatch;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The exit of one child: looks for it, waits for it, and reports waits to the close rule. */
public final class ExitAccess {
  private final Conversation conversation;
  private final CloseRule closeRule;
  private final AtomicReference<@Nullable ExitWatch> watch = new AtomicReference<>();

  /**
   * Waits for nothing yet.
   *
   * @param conversation with the child
   */
  public ExitAccess(Conversation conversation) {
    this.conversation = conversation;
    this.closeRule = conversation.closeRule();
  }

  CloseRule closeRule() {
    return closeRule;
  }

  /**
   * Whether the exit was seen. Does not look.
   *
   * @return false if it was not, even if the child has ended
   */
  public boolean wasSeen() {
    return conversation.status() != null;
  }

  /**
   * Looks once, unless the exit was seen. Waits for nothing.
   *
   * @return whether the exit was seen
   * @throws UncheckedIOException if looking failed
   */
  public boolean look() {
    if (!wasSeen()) {
      try {
        conversation.look();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return wasSeen();
  }

  /**
   * Waits for the exit.
   *
   * @param deadline of the wait
   * @return false if the deadline passed first
   * @throws IOException if waiting failed
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean await(Deadline deadline) throws IOException, InterruptedException {
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
  public void sendUnsent() {
    conversation.sendUnsent();
  }

  /**
   * Calls the listener when the child has ended.
   *
   * @param listener kept until then
   */
  public void add(ExitWatch.Listener listener) {
    watch().add(listener);
  }

  /**
   * Removes a listener. It may be running at this moment.
   *
   * @param listener need not have been added
   */
  public void remove(ExitWatch.Listener listener) {
    ExitWatch known = watch.get();
    if (known != null) {
      known.remove(listener);
    }
  }

  // No monitor: making it may load classes.
  private ExitWatch watch() {
    ExitWatch known = watch.get();
    if (known == null) {
      ExitWatch made = new ExitWatch(conversation);
      ExitWatch first = watch.compareAndExchange(null, made);
      known = first == null ? made : first;
    }
    return known;
  }
}
