package io.github.jpopen;

import io.github.jpopen.Ending.Cause;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.WarningLog;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks one child to end, gives it time for that, and kills it. Its bytes keep moving meanwhile: a
 * child that writes its last output must not wait for a reader.
 */
final class Ender {
  /** How long a kill of a tree may look for processes, and wait for their ends. */
  private static final Duration TREE_TIME = Duration.ofSeconds(2);

  private final Conversation conversation;
  private final SignalLog log;
  private final @Nullable Signal request;
  private final @Nullable Duration grace;
  private final @Nullable Tree tree;
  private final int sigkill;

  /** How far the signals go that end a child and what it has started. */
  enum Tree {
    /** To the child. A kill reaches all that it has started, which is not asked. */
    KILLED,
    /** To the child, and the system hands them on to its group. A kill reaches all. */
    ASKED_WITH_CHILD,
    /** To the group that the child leads. A kill reaches all that it has started. */
    ASKED_BY_GROUP
  }

  /**
   * Makes it.
   *
   * @param sigkill the number of SIGKILL, looked up before it is needed
   * @param request the signal that asks, null if this system has none for this child
   * @param grace the time that the command gives, null for none
   * @param tree how far the signals go, null if to the child only
   */
  Ender(
      Conversation conversation,
      SignalLog log,
      int sigkill,
      @Nullable Signal request,
      @Nullable Duration grace,
      @Nullable Tree tree) {
    this.conversation = conversation;
    this.log = log;
    this.sigkill = sigkill;
    this.request = request;
    this.grace = grace;
    this.tree = tree;
  }

  /** Sends a signal; false if the child had ended. */
  boolean send(Signal signal, Cause cause) throws IOException {
    return send(signal, cause, false);
  }

  /** Sends a signal to the group of the child; false if there is none any longer. */
  boolean sendToGroup(Signal signal, Cause cause) throws IOException {
    return send(signal, cause, true);
  }

  private boolean send(Signal signal, Cause cause, boolean toGroup) throws IOException {
    boolean sent;
    try {
      int number = signal.number();
      sent = toGroup ? conversation.signalGroup(number) : conversation.signal(number);
    } catch (IOException e) {
      log.refused(signal);
      throw e;
    }
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
   * @return whether nothing is left to be killed; false as well if it cannot be asked, or waiting
   *     failed
   */
  boolean ask(Cause cause, Duration time) throws InterruptedException {
    if (request == null || !time.isPositive()) {
      return false;
    }
    try {
      boolean asked = sendRequest(request, cause);
      // If the child has ended meanwhile, waiting finds that out at once.
      return (asked || tree == null) && awaitEnd(Deadline.after(time).named("grace"));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return false; // the kill that follows reports what is wrong
    }
  }

  /** Waits for all that was asked; whether nothing is left to be killed. */
  private boolean awaitEnd(Deadline deadline) throws IOException, InterruptedException {
    boolean ended = conversation.awaitExitMoving(deadline);
    if (tree == null) {
      return ended;
    }
    return switch (tree) {
      case KILLED -> false;
      case ASKED_WITH_CHILD, ASKED_BY_GROUP -> ended && conversation.awaitTreeMoving(deadline);
    };
  }

  /**
   * Asks, and does not wait: other children are asked as well.
   *
   * @return whether there is something to wait for
   */
  boolean askOnly(Cause cause) {
    try {
      return request != null && (sendRequest(request, cause) || tree == null);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return false; // the kill that follows reports what is wrong
    }
  }

  /** Moves bytes until nothing that was asked can write any longer, or the deadline passes. */
  void moveUntilEnd(Deadline deadline) throws InterruptedException {
    try {
      if (tree == null || tree == Tree.KILLED) {
        boolean _ = conversation.awaitExitMoving(deadline);
      } else {
        boolean _ = conversation.awaitAllMoving(deadline);
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // the kill that follows reports
    }
  }

  /** Waits for all that {@link #askOnly} has asked; whether nothing is left to be killed. */
  boolean awaitAsked(Deadline deadline) throws InterruptedException {
    try {
      return awaitEnd(deadline);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return false;
    }
  }

  private boolean sendRequest(Signal signal, Cause cause) throws IOException {
    // The child may have left the group that it was started in.
    return (tree == Tree.ASKED_BY_GROUP && sendToGroup(signal, cause)) || send(signal, cause);
  }

  /** Whether ending the child ends what it has started, too. */
  boolean endsTree() {
    return tree != null;
  }

  /** Looks whether the child has ended, without waiting; false if that cannot be known. */
  boolean hasEnded() {
    return conversation.isKnownToHaveEnded();
  }

  /**
   * Asks a child that has a grace, and does not wait.
   *
   * @return how long to wait; zero if it is to be killed at once
   */
  Duration askIfGraceful() {
    return grace != null && grace.isPositive() && askOnly(Cause.CALLER) ? grace : Duration.ZERO;
  }

  /** Kills, and reports to the log only. */
  void endQuietly() {
    try {
      end(Cause.CALLER);
    } catch (RuntimeException | OutOfMemoryError e) { // nothing else can be done for this one
    }
  }

  /**
   * Kills the child, with all that it has started if the command says so.
   *
   * @throws UncheckedIOException if the system refused to kill the child. It is logged as well,
   *     because a cancelled future has no exception that says so
   */
  void end(Cause cause) {
    if (tree == null) {
      killOrWarn(cause);
      return;
    }
    List<ProcessHandle> survivors;
    try {
      survivors = killTree(cause);
    } catch (RuntimeException e) {
      killOrWarn(cause); // throws if it was the child itself that could not be killed
      warn("what process {0} has started could not be looked for: {1}", e.getMessage());
      return;
    }
    if (!survivors.isEmpty()) {
      warn("killing the tree of process {0} has left: {1}", Ending.ids(survivors));
      if (areWithChild(survivors)) {
        throw new UncheckedIOException(
            new IOException("process " + conversation.pid() + " survived SIGKILL"));
      }
    }
  }

  private void killOrWarn(Cause cause) {
    try {
      boolean _ = kill(cause);
    } catch (UncheckedIOException refused) {
      String reason = Objects.requireNonNull(refused.getCause()).getMessage();
      warn("process {0} could not be killed: {1}", reason);
      throw refused;
    }
  }

  private boolean areWithChild(List<ProcessHandle> survivors) {
    return survivors.stream().anyMatch(p -> p.pid() == conversation.pid());
  }

  private void warn(String message, @Nullable String what) {
    WarningLog.warn(message, Long.toString(conversation.pid()), what);
  }

  /**
   * Kills the child and all that it has started.
   *
   * @return the processes that survived
   */
  List<ProcessHandle> killTree(Cause cause) {
    boolean lives = !hasEnded();
    boolean done = false;
    try {
      List<ProcessHandle> survivors = conversation.killTree(Deadline.after(TREE_TIME));
      if (lives) {
        log.sent(Signal.SIGKILL, cause);
      }
      log.survived(survivors);
      if (areWithChild(survivors)) {
        log.refused(Signal.SIGKILL);
      }
      done = true;
      return survivors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!done) { // the child, at least
        boolean _ = kill(cause);
      }
    }
  }

  /** Kills the child only; false if it had ended. Takes no memory if the platform takes none. */
  boolean kill(Cause cause) {
    boolean sent;
    try {
      sent = conversation.signal(sigkill);
    } catch (IOException e) {
      log.refused(Signal.SIGKILL);
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
