package io.github.jpopen;

import io.github.jpopen.concurrent.Attempts;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.Turn;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of one pipeline, and their common end: all are asked, all have the same time, and
 * what is left then is killed.
 *
 * @param <T> the type of the output
 */
final class PipelineStages<T> {
  private final PipelineSettings settings;
  private final List<Popen<T>> children;
  private final CloseRule closeRule;
  private final Turn turn = new Turn();

  /** With children that may still be added to the list. */
  PipelineStages(PipelineSettings settings, List<Popen<T>> children) {
    this.settings = settings;
    this.children = children;
    this.closeRule = new CloseRule(settings.killOnClose);
  }

  PipelineSettings settings() {
    return settings;
  }

  List<Popen<T>> children() {
    return children;
  }

  /** What all stages report to, and what decides how they are closed: one for all. */
  CloseRule closeRule() {
    return closeRule;
  }

  /** Whose turn it is to call a consumer: they share it. */
  Turn turn() {
    return turn;
  }

  Conversation conversation(int stage) {
    return children.get(stage).communicator().conversation();
  }

  List<Conversation> conversations() {
    return children.stream().map(child -> child.communicator().conversation()).toList();
  }

  /** The stages that this process exchanges bytes with. */
  List<Integer> talking() {
    List<Integer> talking = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      if (settings.isTalking(i)) {
        talking.add(i);
      }
    }
    return talking;
  }

  /** Lets all threads that wait for a stage look at their deadline again. */
  void lookAgain() {
    for (int i = 0; i < children.size(); i++) {
      conversation(i).lookAgain();
    }
  }

  /** Whether the exits of all stages were seen. Looks, and does not wait. */
  boolean look() {
    boolean all = true;
    for (Popen<T> child : children) {
      all &= child.poll().isPresent();
    }
    return all;
  }

  /** How a stage ended, null if its exit was not seen. */
  @Nullable ExitStatus statusIfKnown(int stage) {
    return ExitNumbers.status(conversation(stage));
  }

  /**
   * How all stages ended.
   *
   * @throws IllegalStateException if an exit was not seen
   */
  List<ExitStatus> statuses() {
    return children.stream().map(Popen::status).toList();
  }

  // The end.

  /**
   * Asks all stages to end, and waits for at most the same time for all. Their bytes keep moving.
   *
   * @return whether nothing is left to be killed, for each stage
   */
  boolean[] ask(Ending.Cause cause, Duration time) throws InterruptedException {
    boolean[] asked = new boolean[children.size()];
    boolean[] ended = new boolean[children.size()];
    if (!time.isPositive()) {
      return ended;
    }
    for (int i = 0; i < asked.length; i++) {
      asked[i] = children.get(i).ender().askOnly(cause);
    }
    Deadline deadline = Deadline.after(time).named("grace");
    moveUntilEnd(asked, deadline);
    for (int i = 0; i < asked.length; i++) {
      ended[i] = asked[i] && children.get(i).ender().awaitAsked(deadline);
    }
    return ended;
  }

  private void moveUntilEnd(boolean[] asked, Deadline deadline) throws InterruptedException {
    if (anyOf(asked)) {
      try {
        new GraceMoves(settings, children, deadline).run();
      } catch (OutOfMemoryError e) { // there is no thread: the stages are waited for in turn
      }
    }
  }

  private static boolean anyOf(boolean[] values) {
    for (boolean value : values) {
      if (value) {
        return true;
      }
    }
    return false;
  }

  /** Asks all stages if the pipeline has a grace. An interrupt meanwhile ends the wait. */
  void askWithGrace(Ending.Cause cause) {
    Duration grace = settings.grace;
    if (grace != null) {
      try {
        boolean[] _ = ask(cause, grace);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Kills all stages, even if the system refuses to kill one. */
  void kill(Ending.Cause cause) {
    Attempts<RuntimeException> kills = new Attempts<>();
    for (Popen<T> child : children) {
      kills.attempt(() -> child.killPersistently(cause));
    }
    kills.throwFirst();
  }

  /** Waits for at most this time until the exits of all stages that were killed are known. */
  void collect(Duration time) throws InterruptedException {
    Deadline deadline = Deadline.after(time);
    for (Popen<T> child : children) {
      boolean lives = child.signals().isRefused();
      Duration left = lives ? Duration.ZERO : Duration.ofNanos(deadline.nanosLeft());
      boolean _ = child.poll(left).isPresent();
    }
  }

  /** As {@link #collect}, but it is no wait of the user, and an interrupt stays pending. */
  void awaitKilled() {
    Deadline deadline = Deadline.after(OneShot.KILL_TIMEOUT);
    try {
      for (int i = 0; i < children.size(); i++) {
        boolean _ = conversation(i).awaitExit(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) { // the wait that follows reports it
    }
  }

  /** No consumer is called from now on. */
  void stopDelivery() {
    for (int i = 0; i < children.size(); i++) {
      conversation(i).stopDelivery();
    }
  }

  /** Lets the consumers have what came before a call failed. */
  void deliverRest(Throwable failure) {
    for (int i = 0; i < children.size(); i++) {
      conversation(i).deliverRest(failure);
    }
  }

  /** Gives everything back without waiting; what lives is not killed. */
  void abandon() {
    Attempts<RuntimeException> releases = new Attempts<>();
    for (Popen<T> child : children) {
      releases.attempt(child::abandon);
    }
    releases.throwFirst();
  }

  /** Ends what was started of a pipeline that did not start as a whole. */
  void endAfterFailedStart() {
    boolean interrupted = Thread.interrupted(); // a killed child ends soon
    try {
      kill(Ending.Cause.FAILURE);
      collect(OneShot.KILL_TIMEOUT);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (RuntimeException | Error e) { // what failed first is more interesting
    } finally {
      abandon();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
