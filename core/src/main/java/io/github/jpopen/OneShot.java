package io.github.jpopen;

import io.github.jpopen.conversation.InputSource;
import io.github.jpopen.conversation.OutputForm;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command, from its start to its end. Whatever goes wrong, nothing of the child stays.
 *
 * @param <T> the type of the output
 */
final class OneShot<T> implements AsyncCall.Task<CompletedProcess<T>> {
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
    CompletedProcess<T> completed = child.runToEnd(source, settings.timeout, settings.accepted);
    return settings.accepted == null ? completed : completed.checkReturncode(settings.accepted);
  }

  /** As run, on a thread of its own; what the caller can see to be wrong is thrown here. */
  CompletableFuture<CompletedProcess<T>> runAsync() {
    AsyncCall<CompletedProcess<T>> call = new AsyncCall<>("jpopen-run", this);
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
    if (Thread.interrupted()) { // cancelled already: no child needs to be killed for that
      closeInput();
      throw new InterruptedException();
    }
    return run();
  }

  private void openInput() throws IOException, InterruptedException {
    if (source == null && settings.input != null) {
      source = settings.input.open(settings.text().newEncoder());
    }
  }

  private void closeInput() {
    if (source != null) {
      source.close();
    }
  }
}
