package io.github.jpopen;

import io.github.jpopen.command.VisibleText;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.PipeLink;
import io.github.jpopen.spi.SpawnRequest.Linked;
import io.github.jpopen.spi.SpawnRequest.PipeToNext;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import io.github.jpopen.text.ErrorPolicy;
import io.github.jpopen.text.TextMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What is set on a {@link Pipeline}; null or empty if it is not set. */
final class PipelineSettings extends CallSettings<PipelineSettings> {
  List<CommandSettings> stages = List.of();
  boolean stderrTogether;
  boolean failsOnSigpipe;

  /** Refuses settings that exclude each other. */
  @Override
  void check() {
    super.check();
    if (stderrTogether && stderr != null) {
      throw new IllegalArgumentException(
          "stderr and stderrTogether are mutually exclusive: stderrTogether makes it one pipe");
    }
    if (stderrTogether && drain != null) {
      throw new IllegalArgumentException(
          "drain and stderrTogether are mutually exclusive: drain counts from the exit of one"
              + " stage, and the others may still write");
    }
  }

  @Override
  String insteadOfCapture() {
    return "use stdout(PIPE).stderr(...)";
  }

  /** The name as messages show it: that of the pipeline, or those of its stages. */
  String name() {
    return VisibleText.of(
        name == null
            ? stages.stream().map(stage -> stage.label().name()).collect(Collectors.joining(" | "))
            : name);
  }

  /** Where a stage is, for messages. */
  String place(int stage) {
    String place = "stage " + (stage + 1) + " of " + stages.size();
    return name == null ? place : place + " of \"" + name() + "\"";
  }

  int lastStage() {
    return stages.size() - 1;
  }

  /** How text is encoded and decoded. */
  TextMode text() {
    return form instanceof OutputForm.Text(TextMode mode)
        ? mode
        : new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT);
  }

  /** Whether this process has an end of some pipe of the stage. */
  boolean isTalking(int stage) {
    return (stage == 0 && stdin().isPipe())
        || (stage == lastStage() && stdout().isPipe())
        || hasStderrPipe(stage);
  }

  /** Whether this process reads the stderr of the stage, perhaps with that of others. */
  private boolean hasStderrPipe(int stage) {
    Redirect own = stages.get(stage).stderr;
    if (own != null) {
      return own.isPipe();
    }
    return stderrTogether ? stage == firstTogether() : stderr().isPipe();
  }

  /** Whether this process reads some output. */
  boolean readsOutput() {
    boolean reads = stdout().isPipe();
    for (int i = 0; i < stages.size(); i++) {
      reads |= hasStderrPipe(i);
    }
    return reads;
  }

  /** Whether the stderr of the stage is in one pipe with that of others. */
  boolean sharesStderr(int stage) {
    return stderrTogether && stages.get(stage).stderr == null;
  }

  /** The stage that has the pipe of those that share one; -1 if there is none. */
  int firstTogether() {
    for (int i = 0; stderrTogether && i < stages.size(); i++) {
      if (sharesStderr(i)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The settings of one stage as it is started.
   *
   * @param in the pipe from the stage before; not used by the first
   * @param out gets the pipe to the next stage; not used by the last
   * @param errors the shared pipe of stderr, once a stage has made it
   */
  CommandSettings stage(int stage, PipeLink in, PipeLink out, PipeLink errors) {
    return stages
        .get(stage)
        .with(
            s -> {
              s.stdin = stage == 0 ? stdin() : Redirect.linked(new Linked(in));
              s.stdout = stage == lastStage() ? stdout() : Redirect.linked(new PipeToNext(out));
              s.stderr = s.stderr == null ? stderr(errors) : s.stderr;
              s.place = stages.size() == 1 ? null : place(stage);
              s.form = form;
              s.killOnClose = killOnClose;
              s.lines = lines;
              s.chunks = chunks;
              s.killOnExit = killOnExit;
              s.killTree = killTree;
              s.grace = grace;
              s.drain = drain;
              s.showsStderr = showsStderr(stage);
            });
  }

  /** A message may show what any stage wrote that shares the pipe. */
  private boolean showsStderr(int stage) {
    boolean shows = showsStderr && stages.get(stage).showsStderr;
    for (int i = 0; sharesStderr(stage) && i < stages.size(); i++) {
      shows &= !sharesStderr(i) || stages.get(i).showsStderr;
    }
    return shows;
  }

  private Redirect stderr(PipeLink errors) {
    if (!stderrTogether) {
      return stderr();
    }
    return Redirect.linked(errors.isOpen() ? new Linked(errors) : new SharedPipe(errors));
  }
}
