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

  private final List<Sent> log = new ArrayList<>(2);
  private final @Nullable Witness witness;
  private List<ProcessHandle> survivors = List.of();
  private boolean refused;

  /** Makes an empty one; the witness, if there is one, hears of the signals. */
  SignalLog(@Nullable Witness witness) {
    this.witness = witness;
  }

  /** What was noted so far; what follows does not change it. */
  synchronized SignalLog copy() {
    SignalLog copy = new SignalLog(null);
    copy.log.addAll(log);
    copy.survivors = survivors;
    return copy;
  }

  /** A signal reached the child. */
  void sent(Signal signal, Cause cause) {
    note(signal, cause);
    if (witness != null && isMeantToEnd(signal)) {
      witness.killed(signal, cause);
    }
  }

  private synchronized void note(Signal signal, Cause cause) {
    if (log.isEmpty() || !log.getLast().equals(new Sent(signal, cause))) {
      log.add(new Sent(signal, cause));
    }
    if (isMeantToEnd(signal)) {
      refused = false;
    }
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
    Cause ofSignal = null;
    for (Sent sent : log) {
      if (isMeantToEnd(sent.signal)) {
        signals.add(sent.signal);
        last = sent.cause;
      }
      if (status instanceof ExitStatus.Signaled signaled
          && signaled.signal().number() == sent.signal.number()) {
        ofSignal = sent.cause;
      }
    }
    if (status instanceof ExitStatus.Exited) {
      return new Ending(last == null ? UNASKED : last, signals, survivors);
    }
    Cause cause = status instanceof ExitStatus.Signaled ? ofSignal : last;
    return new Ending(cause == null ? Cause.OTHER : cause, signals, survivors);
  }

  private static boolean isMeantToEnd(Signal signal) {
    return switch (signal.name()) {
      case "SIGTERM", "SIGKILL", "SIGINT", "SIGHUP", "SIGQUIT", "SIGABRT" -> true;
      default -> signal.equals(Signal.CTRL_BREAK) || signal.equals(Signal.CTRL_C);
    };
  }
}
