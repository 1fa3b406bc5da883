package io.github.jpopen;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.text.TextEncoder;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command or a pipeline, from its start to its end. Whatever goes wrong, all children
 * are ended and their resources are given back.
 *
 * @param <C> the type of the started children
 * @param <R> the type of the result
 */
abstract class OneShot<C, R> {
  /** How long to wait for killed children, before their exits are collected in the background. */
  static final Duration KILL_TIMEOUT = Duration.ofSeconds(1);

  /** The same for a thread that was interrupted. */
  private static final Duration INTERRUPTED_KILL_TIMEOUT = Duration.ofMillis(25);

  private final @Nullable Input input;
  private final int @Nullable [] accepted;
  private final OutputForm<?> form;
  private @Nullable InputSource source;
  private volatile boolean givenUp;

  OneShot(CallSettings<?> settings, OutputForm<?> form) {
    this.input = settings.input;
    this.accepted = settings.accepted;
    this.form = form;
  }

  /** All of it, on this thread. */
  final R run() throws IOException, InterruptedException {
    C children;
    try {
      openInput();
      children = start();
    } catch (Throwable e) {
      closeInput();
      throw e;
    }
    R completed = runToEnd(children);
    return accepted == null ? completed : checkReturncode(completed, accepted);
  }

  /** Starts the children, or leaves nothing behind. */
  abstract C start() throws IOException, InterruptedException;

  /** Communicates; after a failure, ends the children. */
  abstract R runToEnd(C children) throws IOException, InterruptedException;

  /** Throws if a child has ended with another code than these. */
  abstract R checkReturncode(R completed, int... codes) throws CalledProcessException;

  /** Whether this process reads some output. */
  abstract boolean readsOutput();

  /** How the text of an input is encoded. */
  abstract TextMode inputText();

  /**
   * Does in advance what takes no time, and throws what can be known to be wrong.
   *
   * @param runner the thread that will {@link #run}
   */
  final void prepare(Thread runner) throws IOException, InterruptedException {
    if (readsOutput()) {
      form.checkAccess(runner);
    }
    if (input != null && !input.opensSlowly()) {
      openInput();
    }
    if (source != null) {
      source.checkAccess(runner);
    }
  }

  /** The result is not wanted any longer. A source may take long to open, and hide an interrupt. */
  final void giveUp() {
    givenUp = true;
  }

  /** Opens the input, unless that was done in advance. */
  private void openInput() throws IOException, InterruptedException {
    if (source == null && input != null) {
      source = input.open(TextEncoder.of(inputText()));
    }
    if (givenUp) { // no child needs to be started
      throw new InterruptedException();
    }
  }

  /** The input that was opened; null if there is none. */
  final @Nullable Input openedInput() {
    return source == null ? null : Input.opened(source);
  }

  /** Closes what was opened for a run that does not begin. */
  final void closeInput() {
    if (source != null) {
      source.close();
    }
  }

  /** Closes the input if no call has begun to send it: there was no memory or no thread for one. */
  final void closeUnsentInput(Conversation reader) {
    if (!reader.isSealed()) {
      closeInput();
    }
  }

  /** Why the children are ended. */
  static Ending.Cause cause(Throwable failure) { // no switch: linking it would delay the kill
    return failure instanceof TimeoutExpiredException
        ? Ending.Cause.TIMEOUT
        : failure instanceof InterruptedException ? Ending.Cause.CANCEL : Ending.Cause.FAILURE;
  }

  /** Whether consumers still get what came before the failure. */
  static boolean delivers(Throwable failure) {
    return failure instanceof TimeoutExpiredException || failure instanceof OutputLimitException;
  }

  /** How long to wait for the children once they are killed. */
  static Duration patience(Throwable failure) {
    return failure instanceof InterruptedException ? INTERRUPTED_KILL_TIMEOUT : KILL_TIMEOUT;
  }
}
