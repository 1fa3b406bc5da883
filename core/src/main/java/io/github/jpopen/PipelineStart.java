package io.github.jpopen;

import io.github.jpopen.concurrent.Attempts;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.PipeLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts all stages of a pipeline from the first to the last, or leaves nothing behind. */
final class PipelineStart {
  private PipelineStart() {}

  static <T> PipelineStages<T> start(PipelineSettings settings, OutputForm<T> form)
      throws IOException {
    int count = settings.stages.size();
    List<PipeLink> links = new ArrayList<>(count + 1); // links.get(i) leads to stage i
    for (int i = 0; i <= count; i++) {
      links.add(new PipeLink());
    }
    PipelineStages<T> stages = new PipelineStages<>(settings, new ArrayList<>(count));
    boolean complete = false;
    try {
      start(stages, links, form);
      complete = true;
      return stages;
    } finally {
      if (!complete) {
        stages.endAfterFailedStart();
      }
    }
  }

  /** Closes all links, even if it fails: what waits for a pipe may end then. */
  private static <T> void start(PipelineStages<T> stages, List<PipeLink> links, OutputForm<T> form)
      throws IOException {
    PipelineSettings settings = stages.settings();
    PipeLink errors = new PipeLink();
    Attempts<IOException> steps = new Attempts<>();
    steps.attempt(
        () -> {
          for (int i = 0; i < settings.stages.size(); i++) {
            PipeLink in = links.get(i);
            CommandSettings stage =
                settings
                    .stage(i, in, links.get(i + 1), errors)
                    .with(
                        s -> {
                          s.closeRule = stages.closeRule();
                          s.turn = stages.turn();
                        });
            stages.children().add(ChildStart.start(stage, form));
            in.close(); // the stage alone reads it now, so the one before it gets SIGPIPE
          }
        });
    steps.attempt(errors::close);
    for (PipeLink link : links) {
      steps.attempt(link::close);
    }
    steps.throwFirst();
  }
}
