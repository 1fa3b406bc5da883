package io.github.jpopen;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.InputFailedException;
import io.github.jpopen.conversation.InputSource;
import io.github.jpopen.conversation.LastTimeout;
import io.github.jpopen.conversation.OutputBuffer;
import io.github.jpopen.conversation.OutputForm;
import io.github.jpopen.conversation.TextEncoder;
import io.github.jpopen.conversation.TextMode;
import io.github.jpopen.conversation.Turns.Turn;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code communicate} makes of a conversation: results, and exceptions that hold the output so
 * far.
 *
 * @param <T> the type of the output
 */
final class Talk<T> {
  private final String program;
  private final Conversation conversation;
  private final OutputForm<T> form;
  private final TextMode mode;
  private final Streams streams;
  private volatile @Nullable Output<T> result;
  private volatile boolean closed;

  /** What a call that was given up would have thrown; the next call throws it. */
  volatile @Nullable SubprocessException unheard;

  /** The last communicate, or wait for the exit, was interrupted. */
  volatile boolean interrupted;

  Talk(
      String program,
      Conversation conversation,
      OutputForm<T> form,
      TextMode mode,
      Streams streams) {
    this.program = program;
    this.conversation = conversation;
    this.form = form;
    this.mode = mode;
    this.streams = streams;
  }

  /** Python's communicate. A null input is none, a null timeout is no limit. */
  Output<T> communicate(@Nullable Input input, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    Deadline deadline = deadline(timeout);
    Turn turn = enter(input);
    try {
      if (!turn.await(deadline)) {
        throw timedOut(timeout);
      }
      Output<T> known = look(input);
      if (known != null) {
        return known;
      }
      begin(input, null);
      forgetTheLastCall();
      return talk(deadline, timeout);
    } catch (TimeoutExpiredException e) {
      conversation.lastTimeout().happened();
      throw e;
    } catch (InterruptedException e) {
      interrupted = true;
      throw e;
    } finally {
      turn.end();
    }
  }

  /**
   * As communicate, for the first time, with input that is open already. What the child wrote can
   * still be asked for afterwards.
   */
  Output<T> communicateFirst(@Nullable InputSource input, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    Deadline deadline = deadline(timeout);
    Turn turn = conversation.enter();
    try {
      conversation.begin(null, input);
      return converse(deadline, timeout);
    } finally {
      turn.end();
    }
  }

  static Deadline deadline(@Nullable Duration timeout) {
    return timeout == null ? Deadline.never() : Deadline.after(timeout);
  }

  /** Makes this the one call in communicate; to be ended by the caller. */
  Turn enter(@Nullable Input input) {
    if (input != null && !conversation.isPipe(StreamKind.STDIN)) {
      throw new IllegalArgumentException(
          "there is input, but stdin is not a pipe: use stdin(PIPE)");
    }
    return conversation.enter();
  }

  /** Refuses what can be seen to be wrong; returns the result if it is known. */
  @Nullable Output<T> look(@Nullable Input input) {
    if (input != null && conversation.isSealed()) {
      throw new IllegalStateException(
          "communicate was called before, which fixed the input: call it without input");
    }
    Output<T> known = result;
    if (known == null && closed) {
      throw new IllegalStateException("this Popen is closed");
    }
    return known;
  }

  /** Seals the streams and fixes the input, if that was not done yet. */
  void begin(@Nullable Input input, @Nullable InputSource opened)
      throws IOException, InterruptedException {
    if (!conversation.isSealed()) {
      InputSource source = opened;
      if (source == null) {
        source = input == null ? streams.endOfText() : open(input);
      }
      conversation.seal();
      conversation.begin(streams.unsent(), source);
    }
  }

  LastTimeout lastTimeout() {
    return conversation.lastTimeout();
  }

  /** Nothing of the call before counts for close any more. */
  void forgetTheLastCall() {
    conversation.lastTimeout().answered();
    interrupted = false;
  }

  InputSource open(Input input) throws IOException, InterruptedException {
    TextEncoder encoder = streams.encoder();
    InputSource source = input.open(encoder);
    if (streams.isStdinClosed() && !source.isExhausted()) {
      source.close();
      throw new IllegalStateException("there is input, but stdin was closed");
    }
    return source;
  }

  /** Goes on until everything is there. The call that has its turn calls this. */
  Output<T> talk(Deadline deadline, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    Output<T> output = converse(deadline, timeout);
    conversation.letGoOfOutput(); // of the bytes of text; no exception will hold them
    return output;
  }

  private Output<T> converse(Deadline deadline, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    SubprocessException missed = unheard;
    if (missed != null) {
      unheard = null;
      throw missed;
    }
    boolean ended;
    try {
      ended = conversation.talk(deadline);
    } catch (InputFailedException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failure("the input of \"" + program + "\" failed: " + reason(cause), cause);
    } catch (SubprocessException e) {
      throw e;
    } catch (IOException e) {
      throw failure("waiting for \"" + program + "\" failed: " + reason(e), e);
    }
    if (closed) {
      throw new IllegalStateException("this Popen is closed");
    }
    if (!ended) {
      throw timedOut(timeout);
    }
    IOException broken = conversation.takeBroken();
    if (broken != null) {
      throw failure("a stream of \"" + program + "\" failed: " + reason(broken), broken);
    }
    Output<T> output = new Output<>(result(StreamKind.STDOUT), result(StreamKind.STDERR));
    result = output;
    return output;
  }

  private @Nullable T result(StreamKind stream) throws SubprocessException {
    if (!conversation.isPipe(stream)) {
      return null;
    }
    OutputBuffer buffer = conversation.output(stream);
    if (buffer.size() > OutputBuffer.LARGEST_ARRAY && !(form instanceof OutputForm.OffHeap)) {
      throw failure(
          buffer.size()
              + " bytes of \""
              + program
              + "\" are more than an array can hold: use offHeap",
          null);
    }
    try {
      return form.result(buffer, streams.decoder(stream));
    } catch (CharacterCodingException e) {
      String name = stream.name().toLowerCase(Locale.ROOT);
      throw failure(name + " of \"" + program + "\" cannot be text: " + reason(e), e);
    }
  }

  TimeoutExpiredException timedOut(@Nullable Duration timeout) {
    return new TimeoutExpiredException(
        program,
        timeout == null ? Duration.ZERO : timeout,
        captured(StreamKind.STDOUT),
        captured(StreamKind.STDERR));
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getName() : message;
  }

  private SubprocessException failure(String message, @Nullable Throwable cause) {
    return new SubprocessException(
        program, message, cause, captured(StreamKind.STDOUT), captured(StreamKind.STDERR));
  }

  /** What has come so far; empty and not captured if it is no pipe. */
  Captured captured(StreamKind stream) {
    boolean ended = conversation.hasEnded(stream); // asked first: then nothing can come between
    return new Captured(conversation.snapshot(stream), ended, mode);
  }

  /** Nothing can begin any more; false if that was so already. */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
