package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time was up before the child had ended. Holds the output received so far. Python's {@code
 * TimeoutExpired}.
 *
 * {@snippet file="FailureSnippets.java" region="timeout" :
 * Command<String> stubborn = Command.shell("trap '' TERM; echo working; exec sleep 60").text();
 * try (Popen<String> child = stubborn.stdout(PIPE).start()) {
 *   try {
 *     IO.print(child.communicate(Duration.ofMillis(500)).stdout());
 *   } catch (TimeoutExpiredException e) { // the child still runs, and its output is kept
 *     child.stop(Duration.ofMillis(100));
 *     IO.print(child.communicate().stdout()); // working
 *   }
 * }
 * }
 *
 * <ul>
 *   <li>When a method of {@link Popen} throws it, the child lives on and nothing is lost.
 *       Communicate again, or end the child. {@link Popen#close} kills it if neither happens.
 *   <li>When a one-shot call of {@link Command} throws it, the child has been killed. If the system
 *       refused that, as it may for a setuid program, the message says so and the child lives on.
 * </ul>
 *
 * @since 0.1
 */
public final class TimeoutExpiredException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /**
   * Which limit passed.
   *
   * @since 0.1
   */
  public enum Limit {
    /** The time limit of the call. */
    TOTAL,
    /** {@link Command#idleTimeout}: no byte moved for that long. */
    IDLE
  }

  /** How the message begins. */
  private final String command;

  /** See {@link #limit()}. */
  private final Limit limit;

  /** See {@link #timeout()}. */
  private final Duration timeout;

  /** See {@link #bytesSent()}. */
  private final long bytesSent;

  /** What was waited for after the child's exit, once that was looked for. Part of the message. */
  private @Nullable String afterExit;

  private final transient Progress progress;
  private transient @Nullable Ending ending;

  /** Which stages of a pipeline had not ended, as a part of the message; empty if it is none. */
  private final String running;

  TimeoutExpiredException(
      CommandLabel label,
      Limit limit,
      Duration timeout,
      Progress progress,
      Captured stdout,
      Captured stderr) {
    this(label, label.command(), "", limit, timeout, progress, stdout, stderr);
  }

  /** For a pipeline; {@code label} is that of one stage. */
  TimeoutExpiredException(
      CommandLabel label,
      String command,
      String running,
      Limit limit,
      Duration timeout,
      Progress progress,
      Captured stdout,
      Captured stderr) {
    super(label, "", null, stdout, stderr);
    this.command = command;
    this.running = running;
    this.limit = limit;
    this.timeout = timeout;
    this.bytesSent = progress.bytesSent();
    this.progress = progress;
  }

  /**
   * Describes the timeout.
   *
   * @return the name of the command, the limit in seconds, and the last lines of stderr if it was
   *     captured, see {@link Command#stderrInMessages}. If the child had ended: how, which outputs
   *     were still open, and on Linux in which processes. If it could not be killed: why not
   */
  @Override
  public String getMessage() {
    // Made here and not in the constructor: a thread that waits for a timeout gets it sooner.
    String seconds = seconds(timeout) + (seconds(timeout).equals("1") ? " second" : " seconds");
    if (afterExit == null) {
      afterExit = progress.afterExit();
    }
    return withLastLines(
        command
            + (limit == Limit.IDLE ? " moved no byte for " : " timed out after ")
            + seconds
            + running
            + afterExit
            + refusedKill());
  }

  private static String seconds(Duration timeout) {
    BigDecimal seconds =
        BigDecimal.valueOf(timeout.getSeconds()).add(BigDecimal.valueOf(timeout.getNano(), 9));
    return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
  }

  /**
   * Returns the timeout as it was given, not what was left of it.
   *
   * @return may be zero or negative
   */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Returns which limit passed.
   *
   * @return {@code TOTAL}, or {@code IDLE} if {@link Command#idleTimeout} was set
   */
  public Limit limit() {
    return limit;
  }

  /**
   * Returns how the child had ended when the time was up. It may have ended although the call timed
   * out, because another process held an output open: see {@link Command#drain}.
   *
   * @return empty if its exit was not observed by then, and after deserialization
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public Optional<ExitStatus> status() {
    return progress == null ? Optional.empty() : Optional.ofNullable(progress.status());
  }

  /**
   * Returns how a one-shot call ended the child.
   *
   * @return empty if a method of {@link Popen} threw this, because it ends no child; if the exit
   *     was not observed; and after deserialization
   */
  @SuppressWarnings("NullAway") // transient: null after deserialization
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  /** Takes what came while the child was ended, before this is thrown. */
  void update(@Nullable Ending how, Captured stdout, Captured stderr) {
    ending = how;
    update(stdout, stderr);
  }

  /**
   * Returns how much input the pipe to the child had taken.
   *
   * @return bytes since the start of the child, 0 if stdin is not a pipe
   */
  public long bytesSent() {
    return bytesSent;
  }
}
