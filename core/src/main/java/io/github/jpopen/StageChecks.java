package io.github.jpopen;

import io.github.jpopen.output.OutputForm;

/** Refuses commands that set what belongs to the whole pipeline. */
final class StageChecks {
  private final CommandSettings stage;
  private final String place;
  private final boolean first;
  private final boolean last;

  private StageChecks(CommandSettings stage, String place, boolean first, boolean last) {
    this.stage = stage;
    this.place = place;
    this.first = first;
    this.last = last;
  }

  /** Checks all stages. */
  static void check(PipelineSettings pipeline) {
    if (pipeline.stages.isEmpty()) {
      throw new IllegalArgumentException("a pipeline needs at least one command");
    }
    for (int i = 0; i < pipeline.stages.size(); i++) {
      CommandSettings stage = pipeline.stages.get(i);
      String place = pipeline.place(i) + " (" + stage.label().quoted() + ")";
      new StageChecks(stage, place, i == 0, i == pipeline.lastStage()).check();
    }
  }

  private void check() {
    checkStreams();
    refuse(stage.captureOutput, "captureOutput");
    refuse(stage.input != null, "input");
    refuse(stage.form instanceof OutputForm.Text, "text");
    refuse(stage.form instanceof OutputForm.OffHeap, "offHeap");
    refuse(stage.timeout != null, "timeout");
    refuse(stage.drain != null, "drain");
    refuse(stage.grace != null, "grace");
    refuse(stage.killTree, "killTree");
    refuse(stage.killOnClose, "killOnClose");
    refuse(stage.killOnExit, "killOnExit");
    refuse(stage.accepted != null, "check");
    refuse(stage.lines != null, "onLine");
    refuse(stage.chunks != null, "onChunk");
    if (stage.idle != null) {
      throw new IllegalArgumentException(
          place + " has an idleTimeout, which a pipeline cannot have: use Pipeline.timeout");
    }
  }

  private void checkStreams() {
    if (stage.stdin != null && !first) {
      throw new IllegalArgumentException(
          place + " redirects stdin, which is the pipe from the stage before it");
    }
    if (stage.stdout != null && !last) {
      throw new IllegalArgumentException(
          place + " redirects stdout, which is the pipe to the stage after it");
    }
    refuse(stage.stdin != null, "stdin");
    refuse(stage.stdout != null, "stdout");
  }

  private void refuse(boolean isSet, String option) {
    if (isSet) {
      throw new IllegalArgumentException(
          place + " sets " + option + ", which belongs to the whole: use Pipeline." + option);
    }
  }
}
