package io.github.jpopen;

import io.github.jpopen.concurrent.AsyncCall;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.text.TextEncoder;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command, from its start to its end. Whatever goes wrong, the child is killed and its
 * resources are given back.
 *
 * @param <T> the type of the output
 */
final class OneShot<T> implements AsyncCall.Task<CompletedProcess<T>> {
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
    boolean good = child.returncode() == 0 && accepts(0);
    Communicator<T> communicator = child.communicator();
    return new CompletedProcess<>(
        child.label(),
        child.status(),
        child.ending(),
        child.rawUsage(),
        output,
        // After a good exit no exception can hold the output, even if the caller checks again.
        good ? Captured.NOTHING : communicator.captured(StreamKind.STDOUT),
        good ? Captured.NOTHING : communicator.captured(StreamKind.STDERR));
  }

  private boolean accepts(int code) {
    return settings.accepted == null || Arrays.stream(settings.accepted).anyMatch(c -> c == code);
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
    try {
      askFirst(child, cause);
      child.killPersistently(cause);
      child.poll(failure instanceof InterruptedException ? INTERRUPTED_KILL_TIMEOUT : KILL_TIMEOUT);
      if (failure instanceof TimeoutExpiredException timeout) {
        child.communicator().update(timeout, child.endingIfKnown());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) { // refused, or not even tried for want of memory
      failure.addSuppressed(e);
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

  /** As {@link #run}, on a thread of its own; throws what can be known to be wrong at once. */
  CompletableFuture<CompletedProcess<T>> runAsync() {
    AsyncCall<CompletedProcess<T>> call = new AsyncCall<>("jpopen-run", this);
    boolean started = false;
    try {
      CompletableFuture<CompletedProcess<T>> future = runAsync(call);
      started = true;
      return future;
    } finally {
      if (!started) {
        closeInput();
      }
    }
  }

  private CompletableFuture<CompletedProcess<T>> runAsync(AsyncCall<CompletedProcess<T>> call) {
    if (settings.stdout().isPipe() || settings.stderr().isPipe()) {
      form.checkAccess(call.thread());
    }
    try {
      if (settings.input != null && !settings.input.opensSlowly()) {
        openInput();
      }
    } catch (IOException | InterruptedException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (source != null) {
      source.checkAccess(call.thread());
    }
    return call.start();
  }

  @Override
  public CompletedProcess<T> call() throws IOException, InterruptedException {
    if (Thread.interrupted()) { // cancelled already, so no child needs to be started
      closeInput();
      throw new InterruptedException();
    }
    return run();
  }

  private void openInput() throws IOException, InterruptedException {
    if (source == null && settings.input != null) {
      source = settings.input.open(TextEncoder.of(settings.text()));
    }
  }

  private void closeInput() {
    if (source != null) {
      source.close();
    }
  }
}
