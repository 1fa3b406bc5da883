package io.github.jpopen.conversation;

import io.github.jpopen.conversation.Stepper.Role;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Persistently;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends what was written to the first stage of a pipeline before a thread waits for a later one,
 * which may need it.
 *
 * <p>That thread moves no other bytes of the first stage. What the pipe does not take at once is
 * sent by a thread of its own, because no other may come.
 */
public final class StageInput implements Runnable {
  private final Conversation first;
  private final AtomicBoolean sending = new AtomicBoolean();

  private StageInput(Conversation first) {
    this.first = first;
  }

  /**
   * Lets the stages know each other, until their {@link Conversation#keepUnsent} is called.
   *
   * @param stages the conversations of a pipeline, in its order
   */
  public static void connect(List<Conversation> stages) {
    StageInput input = new StageInput(stages.getFirst());
    List<Conversation> later = stages.subList(1, stages.size());
    for (Conversation stage : later) {
      stage.sendBeforeWaiting(input::send);
    }
    stages.getFirst().state().stepper.whenWritten(() -> later.forEach(Conversation::written));
  }

  // On a thread that is about to wait for a later stage, and holds no lock.
  private void send() {
    first.sendUnsent();
    try {
      if (isPending()) {
        first.state().stepper.poll(this::isSentOrLost, Role.WATCHER);
      }
    } catch (IOException | IllegalStateException e) {
      return; // the next use of stdin reports it
    }
    if (isPending() && sending.compareAndSet(false, true)) {
      boolean started = false;
      try {
        started = OwnThreads.startIfPossible("jpopen-pipeline", OwnThreads.SMALL_STACK, this);
      } finally {
        if (!started) {
          sending.set(false); // the next step tries again
        }
      }
    }
  }

  /** For the thread that sends the rest. */
  @Override
  public void run() {
    try {
      while (sendRest()) {
        // More was written meanwhile.
      }
    } catch (RuntimeException | Error e) {
      sending.set(false); // the next step starts another thread
      throw e;
    }
  }

  // What was thrown may pass soon, and the thread that waits for a later stage starts no other.
  private boolean sendRest() {
    for (int tries = 1; ; tries++) {
      try {
        boolean _ = first.state().stepper.until(this::isSentOrLost, Deadline.never(), Role.WATCHER);
        sending.set(false);
        return isPending() && sending.compareAndSet(false, true);
      } catch (IOException | IllegalStateException | InterruptedException e) {
        sending.set(false); // the next use of stdin reports it; no code has a reason to interrupt
        return false;
      } catch (RuntimeException e) {
        Persistently.pause(e, tries);
      } catch (Error e) {
        Persistently.pause(e, tries);
      }
      sending.set(true);
    }
  }

  private boolean isPending() {
    try (var _ = first.state().stepper.lock.hold()) {
      return !isSentOrLost();
    }
  }

  private boolean isSentOrLost() {
    return !first.state().isSendingInEveryStep();
  }
}
