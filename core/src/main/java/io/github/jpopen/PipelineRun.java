package io.github.jpopen;

import io.github.jpopen.output.OutputForm;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One run of a pipeline.
 *
 * @param <T> the type of the output
 */
final class PipelineRun<T> extends OneShot<PipelineStages<T>, CompletedPipeline<T>> {
  private final PipelineSettings settings;
  private final OutputForm<T> form;

  PipelineRun(PipelineSettings settings, OutputForm<T> form) {
    super(settings, form);
    this.settings = settings;
    this.form = form;
  }

  @Override
  PipelineStages<T> start() throws IOException {
    return PipelineStart.start(settings, form);
  }

  @Override
  CompletedPipeline<T> checkReturncode(CompletedPipeline<T> completed, int... codes)
      throws CalledProcessException {
    return completed.checkReturncode(codes);
  }

  @Override
  CompletedPipeline<T> runToEnd(PipelineStages<T> stages) throws IOException, InterruptedException {
    PipelineTalk<T> talk = newTalk(stages);
    try {
      return talk.communicate(openedInput(), settings.timeout);
    } catch (Throwable e) {
      end(stages, talk, e);
      throw e;
    } finally {
      try {
        closeUnsentInput(stages.conversation(0));
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
    Ending.Cause cause = cause(failure);
    boolean delivers = delivers(failure);
    try {
      if (!delivers) {
        stages.stopDelivery();
      }
      try {
        stages.askWithGrace(cause);
      } finally {
        tryKill(stages, cause, failure);
      }
      stages.collect(patience(failure));
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

  @Override
  boolean readsOutput() {
    return settings.readsOutput();
  }

  @Override
  TextMode inputText() {
    return settings.text();
  }
}
