package io.github.jpopen;

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
    List<Popen<T>> started = new ArrayList<>(count);
    PipelineStages<T> stages = new PipelineStages<>(settings, started);
    boolean complete = false;
    try (PipeLink errors = new PipeLink()) {
      for (int i = 0; i < count; i++) {
        PipeLink in = links.get(i);
        started.add(Popen.start(settings.stage(i, in, links.get(i + 1), errors), form));
        in.close(); // the stage alone reads it now, so the one before it gets SIGPIPE
      }
      complete = true;
      return stages;
    } finally {
      links.forEach(PipeLink::close); // first: what waits for a pipe may end
      if (!complete) {
        stages.endAfterFailedStart();
      }
    }
  }
}
