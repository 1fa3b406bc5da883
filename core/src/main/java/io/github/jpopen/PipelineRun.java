package io.github.jpopen;

import io.github.jpopen.concurrent.AsyncCall;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.text.TextEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a pipeline, from its start to its end. Whatever goes wrong, all stages are ended and
 * their resources are given back.
 *
 * @param <T> the type of the output
 */
final class PipelineRun<T> implements AsyncCall.Task<CompletedPipeline<T>> {
  /** How long a thread that was interrupted waits for killed stages. */
  private static final Duration INTERRUPTED_KILL_TIMEOUT = Duration.ofMillis(25);

  private final PipelineSettings settings;
  private final OutputForm<T> form;
  private @Nullable InputSource source;

  PipelineRun(PipelineSettings settings, OutputForm<T> form) {
    this.settings = settings;
    this.form = form;
  }

  CompletedPipeline<T> run() throws IOException, InterruptedException {
    PipelineStages<T> stages;
    try {
      openInput();
      stages = PipelineStart.start(settings, form);
    } catch (Throwable e) {
      closeInput();
      throw e;
    }
    CompletedPipeline<T> completed = runToEnd(stages);
    return settings.accepted == null ? completed : completed.checkReturncode(settings.accepted);
  }

  private CompletedPipeline<T> runToEnd(PipelineStages<T> stages)
      throws IOException, InterruptedException {
    PipelineTalk<T> talk = newTalk(stages);
    try {
      Input input = source == null ? null : Input.opened(source);
      return talk.communicate(input, settings.timeout);
    } catch (Throwable e) {
      end(stages, talk, e);
      throw e;
    } finally {
      try {
        if (!stages.conversation(0).isSealed()) { // there was no thread for the call that sends it
          closeInput();
        }
      } finally {
        stages.abandon();
      }
    }
  }

  private PipelineTalk<T> newTalk(PipelineStages<T> stages) {
    boolean made = false;
    try {
      PipelineTalk<T> talk = new PipelineTalk<>(stages);
      made = true;
      return talk;
    } finally {
      if (!made) { // no memory
        closeInput();
        stages.endAfterFailedStart();
      }
    }
  }

  private void end(PipelineStages<T> stages, PipelineTalk<T> talk, Throwable failure) {
    Ending.Cause cause =
        failure instanceof TimeoutExpiredException
            ? Ending.Cause.TIMEOUT
            : failure instanceof InterruptedException ? Ending.Cause.CANCEL : Ending.Cause.FAILURE;
    boolean delivers =
        failure instanceof TimeoutExpiredException || failure instanceof OutputLimitException;
    try {
      if (!delivers) {
        stages.stopDelivery();
      }
      try {
        stages.askWithGrace(cause);
      } finally {
        tryKill(stages, cause, failure);
      }
      stages.collect(
          failure instanceof InterruptedException
              ? INTERRUPTED_KILL_TIMEOUT
              : PipelineStages.KILL_TIMEOUT);
      if (delivers) {
        stages.deliverRest(failure);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) { // refused, or not even tried for want of memory
      failure.addSuppressed(e);
    } finally {
      update(talk, failure);
    }
  }

  /** Kills all stages; if the system refused to kill one, the failure says so. */
  private void tryKill(PipelineStages<T> stages, Ending.Cause cause, Throwable failure) {
    try {
      stages.kill(cause);
    } catch (UncheckedIOException refused) {
      SubprocessException.notKilled(failure, "a stage", refused);
    }
  }

  private void update(PipelineTalk<T> talk, Throwable failure) {
    try {
      if (failure instanceof TimeoutExpiredException timeout) {
        talk.update(timeout);
      } else if (failure instanceof SubprocessException other) {
        other.update(talk.stagesNow());
      }
    } catch (RuntimeException | Error e) { // no memory: it holds what it was made with
      failure.addSuppressed(e);
    }
  }

  /** As {@link #run}, on a thread of its own; throws what can be known to be wrong at once. */
  CompletableFuture<CompletedPipeline<T>> runAsync() {
    AsyncCall<CompletedPipeline<T>> call = new AsyncCall<>("jpopen-run", this);
    boolean started = false;
    try {
      if (settings.readsOutput()) {
        form.checkAccess(call.thread());
      }
      if (settings.input != null && !settings.input.opensSlowly()) {
        openInput();
      }
      if (source != null) {
        source.checkAccess(call.thread());
      }
      CompletableFuture<CompletedPipeline<T>> future = call.start();
      started = true;
      return future;
    } catch (IOException | InterruptedException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      if (!started) {
        closeInput();
      }
    }
  }

  @Override
  public CompletedPipeline<T> call() throws IOException, InterruptedException {
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
