package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.Limits;
import io.github.jpopen.conversation.OutputFailedException;
import io.github.jpopen.conversation.ReadDeadline;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.stream.StreamAccess;
import io.github.jpopen.stream.TextModes;
import io.github.jpopen.text.TextDecoder;
import io.github.jpopen.text.TextEncoder;
import io.github.jpopen.text.TextMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of {@code communicate} on one child share: the result, and the exceptions, which
 * hold the output so far. What a call does in which order is in {@code CommunicateCall}.
 *
 * @param <T> the type of the output
 */
final class Communicator<T> {
  private static final Duration EXIT_FOLLOWS = Duration.ofMillis(100);

  private final CommandLabel label;
  private final Conversation conversation;
  private final OutputForm<T> form;
  private final @Nullable TextMode mode;
  private final @Nullable TextModes own;
  private final Limits limits;
  private final CloseRule closeRule;
  private final @Nullable Witness witness;
  private final AtomicReference<@Nullable StreamAccess> streams = new AtomicReference<>();
  private volatile @Nullable Output<T> result;
  private volatile boolean closed;
  private volatile long closer; // the id of the thread that has closed it
  private volatile boolean keepsOutput;

  /** What a call that was given up would have thrown; the next call throws it. */
  private volatile @Nullable SubprocessException undelivered;

  Communicator(
      CommandLabel label,
      Conversation conversation,
      OutputForm<T> form,
      @Nullable TextModes own,
      Limits limits,
      @Nullable Witness witness) {
    this.label = label;
    this.conversation = conversation;
    this.form = form;
    this.mode = form.mode();
    this.own = own;
    this.limits = limits;
    this.closeRule = conversation.closeRule();
    this.witness = witness;
  }

  Conversation conversation() {
    return conversation;
  }

  Limits limits() {
    return limits;
  }

  /** How the text of a stream is encoded and decoded; null if the command has no text. */
  private @Nullable TextMode mode(StreamKind stream) {
    TextMode ofStream = own == null ? null : own.of(stream);
    return ofStream == null ? mode : ofStream;
  }

  /** The streams of the child, made when they are first asked for. */
  StreamAccess streams() {
    StreamAccess known = streams.get();
    return known == null ? makeStreams() : known;
  }

  // No monitor: making them may load classes.
  private StreamAccess makeStreams() {
    StreamAccess made = new StreamAccess(conversation, this::mode);
    StreamAccess first = streams.compareAndExchange(null, made);
    return first == null ? made : first;
  }

  /** Reads under a limit. */
  <R extends @Nullable Object, X extends Exception> R within(
      Duration timeout, ScopedValue.CallableOp<? extends R, X> read)
      throws X, TimeoutExpiredException {
    ReadDeadline limit = ReadDeadline.of(conversation, Deadline.after(timeout));
    try {
      return limit.call(read);
    } catch (Exception e) {
      throwIfEnded(limit, timeout, e);
      throw e;
    }
  }

  private void throwIfEnded(ReadDeadline limit, Duration timeout, Exception thrown)
      throws TimeoutExpiredException {
    if (limit.hasEnded(thrown)) {
      closeRule.timedOut();
      TimeoutExpiredException e = timedOut(timeout);
      e.initCause(thrown); // where it was read
      throw e;
    }
  }

  /** Reads lines of an output until one is wanted. */
  String awaitLine(StreamKind stream, Predicate<? super String> wanted, Duration timeout)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    ReadDeadline limit = ReadDeadline.of(conversation, deadline);
    BufferedReader reader = streams().reader(stream);
    try {
      while (true) {
        String line = limit.<@Nullable String, IOException>call(reader::readLine);
        if (line == null) {
          throw endedBeforeLine(stream, deadline);
        }
        if (wanted.test(line)) {
          return line;
        }
      }
    } catch (InterruptedIOException e) {
      throwIfEnded(limit, timeout, e);
      if (!(e instanceof ReadDeadline.PassedException) && Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  /** Its message tells the exit as well, which follows the end of the outputs of a dying child. */
  private SubprocessException endedBeforeLine(StreamKind stream, Deadline deadline)
      throws IOException, InterruptedException {
    boolean _ = conversation.awaitExitMoving(deadline.atMost(EXIT_FOLLOWS.toNanos()));
    String ended = stream.label() + " of " + label.quoted() + " ended before the awaited line came";
    String errors = label.showsStderr() ? LastLines.of(captured(StreamKind.STDERR)) : "";
    ExitStatus status = ExitNumbers.status(conversation);
    String exit = status == null ? "" : ": the child " + CalledProcessException.describe(status);
    return failure(
        ended + exit + (errors.isEmpty() ? "" : ", and it wrote to stderr:" + errors), null);
  }

  /** The streams of the child; null if they were not asked for. */
  @Nullable StreamAccess usedStreams() {
    return streams.get();
  }

  /** The encoder of the input. */
  TextEncoder encoder() {
    StreamAccess used = streams.get();
    return used == null ? TextEncoder.of(TextMode.orUtf8(mode(StreamKind.STDIN))) : used.encoder();
  }

  /** Keeps the bytes of a result, so that they can still be {@link #captured} afterwards. */
  void keepOutput() {
    keepsOutput = true;
  }

  /** The result, if it is known; throws if a call with this input makes no sense now. */
  @Nullable Output<T> known(@Nullable Input input) {
    if (input != null && conversation.isSealed()) {
      throw new IllegalStateException(
          "communicate was called before, which fixed the input: call it without input");
    }
    Output<T> known = result;
    if (known == null) {
      checkOpen();
    }
    return known;
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this Popen is closed");
    }
  }

  /**
   * Throws if it was closed, unless a listener did that on this thread when all was over: it costs
   * no output.
   */
  void checkOpenToTheEnd() {
    if (closer != Thread.currentThread().threadId() || conversation.isCutOff()) {
      checkOpen();
    }
  }

  /** A call on a thread of its own threw; {@code delivered} if its caller sees that. */
  void failed(SubprocessException failure, boolean delivered) {
    if (failure instanceof TimeoutExpiredException) {
      if (delivered) {
        closeRule.timedOut();
      }
    } else if (!delivered) {
      undelivered = failure;
    }
  }

  void throwUndelivered() throws SubprocessException {
    SubprocessException failure = undelivered;
    if (failure != null) {
      undelivered = null;
      throw failure;
    }
  }

  /** Makes the result of a conversation that is complete. */
  Output<T> result() throws SubprocessException {
    IOException broken = conversation.takeBroken();
    if (broken != null) {
      throw failure("a stream of " + label.quoted() + " failed: " + reason(broken), broken);
    }
    Output<T> output =
        new Output<>(
            result(StreamKind.STDOUT),
            result(StreamKind.STDERR),
            conversation.wasReadToEnd(StreamKind.STDOUT),
            conversation.wasReadToEnd(StreamKind.STDERR),
            cut());
    result = output;
    if (!keepsOutput) {
      conversation.discardOutput();
    }
    return output;
  }

  /** What of the outputs is not in the result; null if all is. */
  private Output.@Nullable Cut cut() {
    OutputBuffer stdout = cutOutput(StreamKind.STDOUT);
    OutputBuffer stderr = cutOutput(StreamKind.STDERR);
    return stdout == null && stderr == null
        ? null
        : new Output.Cut(
            stdout == null ? 0 : stdout.omitted(),
            stdout == null ? null : stdout.file(),
            stderr == null ? 0 : stderr.omitted(),
            stderr == null ? null : stderr.file());
  }

  private @Nullable OutputBuffer cutOutput(StreamKind stream) {
    OutputBuffer buffer = conversation.isPipe(stream) ? conversation.output(stream) : null;
    return buffer == null || (buffer.omitted() == 0 && buffer.file() == null) ? null : buffer;
  }

  private @Nullable T result(StreamKind stream) throws SubprocessException {
    if (!conversation.isPipe(stream)) {
      return null;
    }
    OutputBuffer buffer = conversation.output(stream);
    if (!buffer.isKept() || buffer.file() != null) {
      return null;
    }
    if (buffer.size() > OutputBuffer.LARGEST_ARRAY && !(form instanceof OutputForm.OffHeap)) {
      throw failure(
          buffer.size()
              + " bytes of "
              + label.quoted()
              + " are more than an array can hold: use offHeap",
          null);
    }
    StreamAccess used = streams.get();
    TextDecoder decoder = used == null ? null : used.decoder(stream);
    try {
      return form.result(buffer, mode(stream), decoder, conversation.hasEnded(stream));
    } catch (CharacterCodingException e) {
      throw failure(stream.label() + " of " + label.quoted() + " cannot be text: " + reason(e), e);
    }
  }

  /** A consumer threw, or an output cannot be kept or has passed its limit. */
  SubprocessException outputFailed(OutputFailedException e) {
    Exception failure = e.failure();
    if (failure == null) {
      closeRule.timedOut(); // the child runs on, and no later call reads what it writes
      if (witness != null) {
        witness.limitReached(StreamName.of(e.stream()), conversation.bytesReceived(e.stream()));
      }
      return OutputLimitException.of(
          label,
          StreamName.of(e.stream()),
          captured(StreamKind.STDOUT),
          captured(StreamKind.STDERR));
    }
    String stream = e.stream().label() + " of " + label.quoted();
    if (e.isOfFile()) {
      closeRule.timedOut(); // as above
      return failure(stream + " could not be written to a file: " + reason(failure), failure);
    }
    String problem =
        failure instanceof CharacterCodingException
            ? stream + " cannot be text: "
            : "a consumer of " + stream + " failed: ";
    return failure(problem + reason(failure), failure);
  }

  TimeoutExpiredException timedOut(@Nullable Duration timeout) {
    return witnessed(timedOut(TimeoutExpiredException.Limit.TOTAL, timeout));
  }

  /**
   * The same for a call that may have been cut short because another one of its pipeline failed.
   */
  TimeoutExpiredException timedOut(@Nullable Duration timeout, Deadline deadline) {
    return deadline.isCutShort()
        ? timedOut(TimeoutExpiredException.Limit.TOTAL, timeout)
        : timedOut(timeout);
  }

  /** Reports a timeout of this child. */
  TimeoutExpiredException witnessed(TimeoutExpiredException timeout) {
    if (witness != null) {
      witness.timedOut(timeout);
    }
    return timeout;
  }

  /** Gives an exception that was not thrown yet what came while the child was ended. */
  void update(TimeoutExpiredException timeout, @Nullable Ending ending) {
    timeout.update(ending, captured(StreamKind.STDOUT), captured(StreamKind.STDERR));
  }

  /** No byte moved for too long. */
  TimeoutExpiredException idle() {
    return witnessed(timedOut(TimeoutExpiredException.Limit.IDLE, limits.idle()));
  }

  private TimeoutExpiredException timedOut(
      TimeoutExpiredException.Limit limit, @Nullable Duration timeout) {
    return new TimeoutExpiredException(
        label,
        limit,
        timeout == null ? Duration.ZERO : timeout,
        Progress.of(conversation),
        captured(StreamKind.STDOUT),
        captured(StreamKind.STDERR));
  }

  /** What to throw for a failure of the conversation. */
  SubprocessException failure(Exception e) {
    return switch (e) {
      case SubprocessException known -> known;
      case InputSource.FailedException failed -> {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        yield failure("the input of " + label.quoted() + " failed: " + reason(cause), cause);
      }
      default -> failure("waiting for " + label.quoted() + " failed: " + reason(e), e);
    };
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getName() : message;
  }

  private SubprocessException failure(String message, @Nullable Throwable cause) {
    return new SubprocessException(
        label, message, cause, captured(StreamKind.STDOUT), captured(StreamKind.STDERR));
  }

  /** What has come so far; empty and not captured if it is no pipe. */
  Captured captured(StreamKind stream) {
    boolean ended = conversation.hasEnded(stream); // asked first: then nothing can come between
    return new Captured(conversation.snapshot(stream), ended, mode(stream));
  }

  /** No call can begin from now on; false if that was so already. */
  synchronized boolean close() {
    boolean first = !closed;
    if (first) {
      closer = Thread.currentThread().threadId();
    }
    closed = true;
    return first;
  }
}
