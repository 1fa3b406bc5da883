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
  private final Words words;
  private final OutputForm<T> form;
  private @Nullable InputSource source;

  OneShot(Words words, OutputForm<T> form) {
    this.words = words;
    this.form = form;
  }

  CompletedProcess<T> run() throws IOException, InterruptedException {
    Popen<T> child;
    try {
      openInput();
      child = Popen.start(words, form);
    } catch (Throwable e) {
      closeInput();
      throw e;
    }
    CompletedProcess<T> completed = child.runToEnd(source, words.timeout, words.accepted);
    return words.accepted == null ? completed : completed.checkReturncode(words.accepted);
  }

  /** As run, on a thread of its own; what the caller can see to be wrong is thrown here. */
  CompletableFuture<CompletedProcess<T>> runAsync() {
    AsyncCall<CompletedProcess<T>> call = new AsyncCall<>("jpopen-run", this);
    if (words.stdout().isPipe() || words.stderr().isPipe()) {
      form.checkAccess(call.thread());
    }
    try {
      if (words.input != null && !words.input.opensSlowly()) {
        openInput();
      }
    } catch (IOException | InterruptedException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (source != null && !source.isAccessibleBy(call.thread())) {
      throw new IllegalStateException(
          "the input lies in an arena that is confined to another thread");
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
    if (source == null && words.input != null) {
      source = words.input.open(words.text().newEncoder());
    }
  }

  private void closeInput() {
    if (source != null) {
      source.close();
    }
  }
}
