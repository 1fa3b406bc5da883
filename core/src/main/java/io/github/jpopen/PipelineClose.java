package io.github.jpopen;

import io.github.jpopen.concurrent.Attempts;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Closes all stages of a pipeline. Their outputs are closed first: a stage that is waited for may
 * write to another one, which waits for us to read.
 */
final class PipelineClose {
  private final PipelineStages<?> stages;

  PipelineClose(PipelineStages<?> stages) {
    this.stages = stages;
  }

  void run() throws IOException {
    List<? extends Popen<?>> closing =
        stages.children().stream().filter(child -> child.communicator().close()).toList();
    if (closing.isEmpty()) {
      return;
    }
    Attempts<IOException> steps = new Attempts<>();
    CloseRule.Decision decision = stages.closeRule().decide();
    if (decision.mustKill()) {
      steps.attempt(() -> end(decision.mayWait()));
    }
    for (Popen<?> child : closing) {
      steps.attempt(
          () -> {
            Conversation conversation = child.communicator().conversation();
            conversation.close(StreamKind.STDOUT, StreamKind.STDERR);
          });
    }
    for (Popen<?> child : closing) {
      steps.attempt(child::finishClose);
    }
    steps.throwFirst();
  }

  private void end(boolean mayWait) {
    for (int i = 0; i < stages.children().size(); i++) {
      stages.conversation(i).keepUnsent();
    }
    try {
      if (!Thread.currentThread().isInterrupted()) {
        stages.askWithGrace(Ending.Cause.CLOSE);
      }
      stages.kill(Ending.Cause.CLOSE);
      if (mayWait) { // or closing a stage would ask it again
        stages.awaitKilled();
      }
    } catch (UncheckedIOException refused) { // then closing that stage does not wait
    }
  }
}
