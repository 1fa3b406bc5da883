package io.github.jpopen;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The reason for the end of a child, the signals that were sent, and what survived. How it ended is
 * its {@link ExitStatus}.
 *
 * {@snippet file="ChildSnippets.java" region="ending" :
 * Command<String> stubborn =
 *     Command.shell("trap '' TERM; echo up; while :; do sleep 1; done").text();
 * try (Popen<String> child = stubborn.stdout(PIPE).start()) {
 *   child.stdoutReader().readLine();
 *   child.stop(Duration.ofMillis(200));
 *   IO.println(child.ending()); // CALLER: SIGTERM, SIGKILL
 * }
 * }
 *
 * <p>Immutable and thread-safe.
 *
 * @param cause the reason
 * @param signals what jpopen sent that asks a child to end or kills it, in this order; may be
 *     empty. SIGKILL is among them even if the child is among the survivors
 * @param survivors what the last kill of the child's tree did not end, see {@link
 *     Command#killTree}; empty if there was none
 * @since 0.1
 */
public record Ending(Cause cause, List<Signal> signals, List<ProcessHandle> survivors) {
  /**
   * The reason for the end of a child.
   *
   * @since 0.1
   */
  public enum Cause {
    /** It exited, and was not asked to. */
    ITSELF,
    /** A method of {@link Popen} that sends signals. */
    CALLER,
    /** A one-shot call, because its time limit or {@link Command#idleTimeout} had passed. */
    TIMEOUT,
    /** A one-shot call, because its thread was interrupted or its future was cancelled. */
    CANCEL,
    /** {@link Popen#close}. */
    CLOSE,
    /** A one-shot call, because something else went wrong. */
    FAILURE,
    /**
     * A signal that jpopen did not send: a fault of the program, or another process. On Windows
     * such a child counts as {@code ITSELF}.
     */
    OTHER
  }

  /**
   * Copies the lists.
   *
   * @param cause the reason
   * @param signals in the order of sending
   * @param survivors may be empty
   */
  public Ending {
    Objects.requireNonNull(cause, "cause is null");
    signals = List.copyOf(Objects.requireNonNull(signals, "signals is null"));
    survivors = List.copyOf(Objects.requireNonNull(survivors, "survivors is null"));
  }

  /**
   * An ending without survivors.
   *
   * @param cause the reason
   * @param signals in the order of sending
   */
  public Ending(Cause cause, List<Signal> signals) {
    this(cause, signals, List.of());
  }

  /**
   * Describes the ending.
   *
   * @return the cause, the signals that were sent, and the ids of the survivors
   */
  @Override
  public String toString() {
    String sent =
        signals.isEmpty()
            ? cause.name()
            : cause + ": " + signals.stream().map(Signal::name).collect(Collectors.joining(", "));
    return survivors.isEmpty() ? sent : sent + "; survived: " + ids(survivors);
  }

  static String ids(List<ProcessHandle> processes) {
    return processes.stream().map(p -> Long.toString(p.pid())).collect(Collectors.joining(", "));
  }
}
