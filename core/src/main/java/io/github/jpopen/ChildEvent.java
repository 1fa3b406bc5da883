package io.github.jpopen;

import io.github.jpopen.command.VisibleText;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that happened to one child. {@link Command#listener} gets it.
 *
 * {@snippet file="CommandSnippets.java" region="listener" :
 * Map<String, Integer> ended = new ConcurrentHashMap<>();
 * Command<byte[]> counted =
 *     Command.of("true")
 *         .listener(
 *             event -> {
 *               if (event instanceof ChildEvent.Exited exited) {
 *                 ended.merge(exited.program() + " " + exited.returncode(), 1, Integer::sum);
 *               }
 *             });
 * counted.run();
 * IO.println(ended); // {true 0=1}
 * }
 *
 * <p>An event has the name of the program and numbers. It never has an argument, a variable of the
 * environment, or a byte of input or output. A later version may add kinds of events, so a {@code
 * switch} needs a {@code default}.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public sealed interface ChildEvent {

  /**
   * Returns the name of the command in messages.
   *
   * @return the program, or the name that {@link Command#named} has set
   */
  String program();

  /**
   * Returns the process id of the child.
   *
   * @return the id that the system gave; another process may have it later
   */
  long pid();

  /**
   * A child was started. Each is followed by one {@link Exited} of the same child.
   *
   * @param program see {@link ChildEvent#program}
   * @param pid see {@link ChildEvent#pid}
   * @param startTime how long the start took
   * @param explanation gives the text of {@link Popen#explain}, even for a child of {@code run};
   *     keeps the child in memory
   * @since 0.1
   */
  record Started(String program, long pid, Duration startTime, Supplier<String> explanation)
      implements ChildEvent {
    /** Takes the values. */
    public Started {
      Objects.requireNonNull(program, "program is null");
      Objects.requireNonNull(startTime, "startTime is null");
      Objects.requireNonNull(explanation, "explanation is null");
    }

    /**
     * Describes the event.
     *
     * @return one line
     */
    @Override
    public String toString() {
      return child(this) + " started in " + seconds(startTime);
    }
  }

  /**
   * A call has observed the exit of a child, or will never do so. It comes when that call ends, and
   * at the latest when the child is closed, or found forgotten.
   *
   * @param program see {@link ChildEvent#program}
   * @param pid see {@link ChildEvent#pid}
   * @param status how it ended; empty if no call observed that, because the child was closed,
   *     detached or forgotten before
   * @param lifetime from the start to this event
   * @param bytesSent how much input the child's stdin took
   * @param stdoutBytes how much stdout was received by then
   * @param stderrBytes how much stderr was received by then
   * @since 0.1
   */
  record Exited(
      String program,
      long pid,
      Optional<ExitStatus> status,
      Duration lifetime,
      long bytesSent,
      long stdoutBytes,
      long stderrBytes)
      implements ChildEvent {
    /** Takes the values. */
    public Exited {
      Objects.requireNonNull(program, "program is null");
      Objects.requireNonNull(status, "status is null");
      Objects.requireNonNull(lifetime, "lifetime is null");
    }

    /**
     * Returns the exit code, as {@link Popen#returncode} does.
     *
     * @return {@link ExitStatus#UNKNOWN_RETURNCODE} if it is not known
     */
    public int returncode() {
      return status.map(ExitStatus::returncode).orElse(ExitStatus.UNKNOWN_RETURNCODE);
    }

    /**
     * Describes the event.
     *
     * @return one line
     */
    @Override
    public String toString() {
      return child(this)
          + " "
          + status.map(CalledProcessException::describe).orElse("is no longer observed")
          + " after "
          + seconds(lifetime)
          + "; bytes: stdin "
          + bytesSent
          + ", stdout "
          + stdoutBytes
          + ", stderr "
          + stderrBytes;
    }
  }

  /**
   * A call threw {@link TimeoutExpiredException}. In a pipeline, each stage that ran into it has
   * this event.
   *
   * @param program see {@link ChildEvent#program}
   * @param pid see {@link ChildEvent#pid}
   * @param limit which limit passed
   * @param timeout the limit as it was given
   * @param lifetime from the start to this event
   * @since 0.1
   */
  record TimedOut(
      String program,
      long pid,
      TimeoutExpiredException.Limit limit,
      Duration timeout,
      Duration lifetime)
      implements ChildEvent {
    /** Takes the values. */
    public TimedOut {
      Objects.requireNonNull(program, "program is null");
      Objects.requireNonNull(limit, "limit is null");
      Objects.requireNonNull(timeout, "timeout is null");
      Objects.requireNonNull(lifetime, "lifetime is null");
    }

    /**
     * Describes the event.
     *
     * @return one line
     */
    @Override
    public String toString() {
      String what =
          limit == TimeoutExpiredException.Limit.IDLE ? " moved no byte for " : " timed out after ";
      return child(this) + what + seconds(timeout) + ", " + seconds(lifetime) + " after its start";
    }
  }

  /**
   * jpopen sent a signal that asks a child to end, or kills it. The same signal, sent again for the
   * same reason and with no other in between, is no further event. Another thread may observe the
   * exit before this comes.
   *
   * @param program see {@link ChildEvent#program}
   * @param pid see {@link ChildEvent#pid}
   * @param signal which signal
   * @param cause why
   * @param lifetime from the start to this event
   * @since 0.1
   */
  record Killed(String program, long pid, Signal signal, Ending.Cause cause, Duration lifetime)
      implements ChildEvent {
    /** Takes the values. */
    public Killed {
      Objects.requireNonNull(program, "program is null");
      Objects.requireNonNull(signal, "signal is null");
      Objects.requireNonNull(cause, "cause is null");
      Objects.requireNonNull(lifetime, "lifetime is null");
    }

    /**
     * Describes the event.
     *
     * @return one line
     */
    @Override
    public String toString() {
      return child(this)
          + " was sent "
          + signal.name()
          + " ("
          + cause
          + ") after "
          + seconds(lifetime);
    }
  }

  /**
   * An output passed its {@link Redirect#limit}, and a call threw {@link OutputLimitException}.
   *
   * @param program see {@link ChildEvent#program}
   * @param pid see {@link ChildEvent#pid}
   * @param stream which output
   * @param received how many bytes of it had been received
   * @param lifetime from the start to this event
   * @since 0.1
   */
  record LimitReached(String program, long pid, StreamName stream, long received, Duration lifetime)
      implements ChildEvent {
    /** Takes the values. */
    public LimitReached {
      Objects.requireNonNull(program, "program is null");
      Objects.requireNonNull(stream, "stream is null");
      Objects.requireNonNull(lifetime, "lifetime is null");
    }

    /**
     * Describes the event.
     *
     * @return one line
     */
    @Override
    public String toString() {
      return child(this)
          + " passed the limit of "
          + stream.label()
          + " after "
          + received
          + " bytes and "
          + seconds(lifetime);
    }
  }

  private static String child(ChildEvent event) {
    return "child \"" + VisibleText.of(event.program()) + "\" (process " + event.pid() + ")";
  }

  private static String seconds(Duration time) {
    double whole = time.getSeconds(); // in nanoseconds a long time does not fit into a long
    return String.format(Locale.ROOT, "%.3f s", whole + time.getNano() / 1e9);
  }
}
