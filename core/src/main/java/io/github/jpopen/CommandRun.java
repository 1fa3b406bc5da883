package io.github.jpopen;

import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.stream.TextModes;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * One run of a command.
 *
 * @param <T> the type of the output
 */
final class CommandRun<T> extends OneShot<Popen<T>, CompletedProcess<T>> {
  private final CommandSettings settings;
  private final OutputForm<T> form;

  CommandRun(CommandSettings settings, OutputForm<T> form) {
    super(settings, form);
    this.settings = settings;
    this.form = form;
  }

  @Override
  Popen<T> start() throws IOException {
    return ChildStart.start(settings, form);
  }

  @Override
  CompletedProcess<T> checkReturncode(CompletedProcess<T> completed, int... codes)
      throws CalledProcessException {
    return completed.checkReturncode(codes);
  }

  @Override
  CompletedProcess<T> runToEnd(Popen<T> child) throws IOException, InterruptedException {
    Communicator<T> communicator = child.communicator();
    try {
      communicator.keepOutput();
      return completed(
          child, CommunicateCall.communicate(communicator, openedInput(), settings.timeout));
    } catch (Throwable e) {
      end(child, e);
      throw e;
    } finally {
      try {
        closeUnsentInput(communicator.conversation());
      } finally {
        child.abandon();
      }
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
    Ending.Cause cause = cause(failure);
    boolean delivers = delivers(failure);
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

  /** An interrupt while the child has time to end kills it at once. */
  private static void askFirst(Popen<?> child, Ending.Cause cause) {
    try {
      child.ender().askWithGrace(cause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  boolean readsOutput() {
    return settings.stdout().isPipe() || settings.stderr().isPipe();
  }

  @Override
  TextMode inputText() {
    TextModes own = settings.ownTexts();
    TextMode ofInput = own == null ? null : own.stdin();
    return ofInput == null ? TextMode.orUtf8(form.mode()) : ofInput;
  }
}
