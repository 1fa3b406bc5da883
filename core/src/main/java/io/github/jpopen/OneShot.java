package io.github.jpopen;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.text.TextEncoder;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command, from its start to its end. Whatever goes wrong, the child is killed and its
 * resources are given back.
 *
 * @param <T> the type of the output
 */
final class OneShot<T> {
  /** How long to wait for a killed child, before its exit is collected in the background. */
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(1);

  /** The same for a thread that was interrupted. */
  private static final Duration INTERRUPTED_KILL_TIMEOUT = Duration.ofMillis(25);

  private final CommandSettings settings;
  private final OutputForm<T> form;
  private @Nullable InputSource source;

  OneShot(CommandSettings settings, OutputForm<T> form) {
    this.settings = settings;
    this.form = form;
  }

  CompletedProcess<T> run() throws IOException, InterruptedException {
    Popen<T> child;
    try {
      openInput();
      child = Popen.start(settings, form);
    } catch (Throwable e) {
      closeInput();
      throw e;
    }
    CompletedProcess<T> completed = runToEnd(child);
    return settings.accepted == null ? completed : completed.checkReturncode(settings.accepted);
  }

  private CompletedProcess<T> runToEnd(Popen<T> child) throws IOException, InterruptedException {
    Communicator<T> communicator = child.communicator();
    try {
      communicator.keepOutput();
      Input input = source == null ? null : Input.opened(source);
      return completed(child, CommunicateCall.communicate(communicator, input, settings.timeout));
    } catch (Throwable e) {
      end(child, e);
      throw e;
    } finally {
      child.abandon();
    }
  }

  private CompletedProcess<T> completed(Popen<T> child, Output<T> output) {
    ExitStatus status = child.status();
    boolean good = status.isSuccess() && accepts(0);
    Communicator<T> communicator = child.communicator();
    return new CompletedProcess<>(
        child.label(),
        status,
        child.signals(),
        child.rawUsage(),
        output,
        // After a good exit no exception can hold the output, even if the caller checks again.
        good ? Captured.NOTHING : communicator.captured(StreamKind.STDOUT),
        good ? Captured.NOTHING : communicator.captured(StreamKind.STDERR));
  }

  private boolean accepts(int code) {
    if (settings.accepted == null) {
      return true;
    }
    for (int accepted : settings.accepted) { // no stream: linking one would take the first run long
      if (accepted == code) {
        return true;
      }
    }
    return false;
  }

  /**
   * Ends the child and waits for its exit only: a grandchild may hold the pipes for ever. A timeout
   * gets the output that came meanwhile.
   */
  private static void end(Popen<?> child, Throwable failure) {
    Ending.Cause cause = // no switch: its bootstrap method would delay the kill
        failure instanceof TimeoutExpiredException
            ? Ending.Cause.TIMEOUT
            : failure instanceof InterruptedException ? Ending.Cause.CANCEL : Ending.Cause.FAILURE;
    boolean delivers =
        failure instanceof TimeoutExpiredException || failure instanceof OutputLimitException;
    Conversation conversation = child.communicator().conversation();
    try {
      if (!delivers) {
        conversation.stopDelivery();
      }
      askFirst(child, cause);
      boolean killed = tryKill(child, cause, failure);
      child.poll(killed ? patience(failure) : Duration.ZERO);
      if (delivers) {
        conversation.deliverRest(failure);
      }
      if (failure instanceof TimeoutExpiredException timeout) {
        child.communicator().update(timeout, child.endingIfKnown());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) { // refused, or not even tried for want of memory
      failure.addSuppressed(e);
    }
  }

  /** Kills the child; false if the system refused, which the failure then says. */
  private static boolean tryKill(Popen<?> child, Ending.Cause cause, Throwable failure) {
    try {
      child.killPersistently(cause);
      return true;
    } catch (UncheckedIOException refused) {
      SubprocessException.notKilled(failure, "the child", refused);
      return false;
    }
  }

  private static Duration patience(Throwable failure) {
    return failure instanceof InterruptedException ? INTERRUPTED_KILL_TIMEOUT : KILL_TIMEOUT;
  }

  /** An interrupt while the child has time to end kills it at once. */
  private static void askFirst(Popen<?> child, Ending.Cause cause) {
    try {
      child.ender().askWithGrace(cause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Does in advance what takes no time, and throws what can be known to be wrong.
   *
   * @param runner the thread that will {@link #run}
   */
  void prepare(Thread runner) throws IOException, InterruptedException {
    if (settings.stdout().isPipe() || settings.stderr().isPipe()) {
      form.checkAccess(runner);
    }
    if (settings.input != null && !settings.input.opensSlowly()) {
      openInput();
    }
    if (source != null) {
      source.checkAccess(runner);
    }
  }

  private void openInput() throws IOException, InterruptedException {
    if (source == null && settings.input != null) {
      source = settings.input.open(TextEncoder.of(inputText()));
    }
  }

  private TextMode inputText() {
    TextModes own = settings.ownTexts();
    TextMode ofInput = own == null ? null : own.stdin();
    return ofInput == null ? TextMode.orUtf8(form.mode()) : ofInput;
  }

  /** Closes what was opened for a run that does not begin. */
  void closeInput() {
    if (source != null) {
      source.close();
    }
  }
}
