package io.github.jpopen;

import io.github.jpopen.Ending.Cause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes the signals that were to end one child: why they were sent, or refused. Thread-safe. */
final class SignalLog {
  // Loads the class of the causes: a kill, which names one, must not need memory for that.
  private static final Cause UNASKED = Cause.ITSELF;

  private record Sent(Signal signal, Cause cause) {}

  private final List<Sent> ends = new ArrayList<>(2); // those that are meant to end the child
  private final List<Sent> others = new ArrayList<>(0);
  private final @Nullable Signal request;
  private final @Nullable Witness witness;
  private List<ProcessHandle> survivors = List.of();
  private boolean refused;

  /**
   * Makes an empty one.
   *
   * @param request the signal that asks the child to end, null if there is none
   * @param witness hears of the signals, null if nothing is to
   */
  SignalLog(@Nullable Signal request, @Nullable Witness witness) {
    this.request = request;
    this.witness = witness;
  }

  /** What was noted so far; what follows does not change it. */
  synchronized SignalLog copy() {
    SignalLog copy = new SignalLog(request, null);
    copy.ends.addAll(ends);
    copy.others.addAll(others);
    copy.survivors = survivors;
    return copy;
  }

  /** A signal reached the child. */
  void sent(Signal signal, Cause cause) {
    Sent last = new Sent(signal, cause);
    if (!isMeantToEnd(signal)) {
      noteOther(last);
    } else if (noteEnd(last) && witness != null) {
      // Not each time: a listener may hand a kill of its own to another thread, and so on.
      witness.killed(signal, cause);
    }
  }

  /** Whether it differs from the last one. */
  private synchronized boolean noteEnd(Sent sent) {
    refused = false;
    boolean first = ends.isEmpty() || !ends.getLast().equals(sent);
    if (first) {
      ends.add(sent);
    }
    return first;
  }

  /** One of each kind: a child may be stopped and continued again and again. */
  private synchronized void noteOther(Sent sent) {
    others.removeIf(known -> known.signal.equals(sent.signal));
    others.add(sent);
  }

  /** The system did not let a signal reach the child. */
  synchronized void refused(Signal signal) {
    refused |= isMeantToEnd(signal);
  }

  /** Whether the last signal that was to end the child was refused: it may live for ever. */
  synchronized boolean isRefused() {
    return refused;
  }

  /** The last kill of the tree has left these. */
  synchronized void survived(List<ProcessHandle> processes) {
    survivors = processes;
  }

  /** Who ended the child. */
  synchronized Ending ending(ExitStatus status) {
    List<Signal> signals = new ArrayList<>();
    Cause last = null;
    for (Sent sent : ends) {
      signals.add(sent.signal);
      last = sent.cause;
    }
    if (status instanceof ExitStatus.Exited) {
      return new Ending(last == null ? UNASKED : last, signals, survivors);
    }
    Cause cause =
        status instanceof ExitStatus.Signaled signaled ? causeOf(signaled.signal()) : last;
    return new Ending(cause == null ? Cause.OTHER : cause, signals, survivors);
  }

  /** Why this signal was sent last; null if it was not. */
  private @Nullable Cause causeOf(Signal signal) {
    Cause cause = null;
    for (List<Sent> all : List.of(others, ends)) {
      for (Sent sent : all) {
        if (sent.signal.number() == signal.number()) {
          cause = sent.cause;
        }
      }
    }
    return cause;
  }

  private boolean isMeantToEnd(Signal signal) {
    return switch (signal.name()) {
      case "SIGTERM", "SIGKILL", "SIGINT", "SIGHUP", "SIGQUIT", "SIGABRT" -> true;
      default ->
          (request != null && request.equals(signal))
              || signal.equals(Signal.CTRL_BREAK)
              || signal.equals(Signal.CTRL_C);
    };
  }
}
