package io.github.jpopen;

import io.github.jpopen.concurrent.SideBySide;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Communicates with all stages of a pipeline at the same time, under one deadline. If one call
 * fails, the others end as well and lose nothing.
 *
 * @param <T> the type of the output
 */
final class PipelineTalk<T> {
  private final PipelineStages<T> stages;
  private final PipelineSettings settings;
  private final int count;

  /** The stage that the last exception of a timeout names. */
  private volatile int named;

  PipelineTalk(PipelineStages<T> stages) {
    this.stages = stages;
    this.settings = stages.settings();
    this.count = stages.children().size();
    stages.children().forEach(child -> child.communicator().keepOutput());
  }

  /** Python's communicate for all of them. A null input is none, a null timeout is no limit. */
  CompletedPipeline<T> communicate(@Nullable Input input, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      stages.conversation(i).checkNotConsuming();
    }
    AtomicBoolean stopped = new AtomicBoolean();
    Deadline deadline =
        (timeout == null ? Deadline.never() : Deadline.after(timeout)).orOnce(stopped);
    List<CommunicateCall<T>> calls = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        calls.add(
            new CommunicateCall<>(
                stages.children().get(i).communicator(), i == 0 ? input : null, timeout, deadline));
      }
      // Looked at before any call begins: a call that makes no sense changes nothing.
      Output<T> _ = stages.children().getFirst().communicator().known(input);
      return talk(calls, stopped);
    } finally {
      calls.forEach(CommunicateCall::leave);
    }
  }

  /**
   * Reports to the close rule once all calls are over. They report to it as well: those that were
   * ended early as a timeout, which it is not.
   */
  private CompletedPipeline<T> talk(List<CommunicateCall<T>> calls, AtomicBoolean stopped)
      throws IOException, InterruptedException {
    CloseRule closeRule = stages.closeRule();
    try {
      List<@Nullable Output<T>> outputs = new ArrayList<>(Collections.nCopies(count, null));
      talk(calls, outputs, stopped);
      return completed(outputs);
    } catch (TimeoutExpiredException e) {
      closeRule.waited();
      closeRule.timedOut();
      throw timedOut(e.limit(), e.timeout());
    } catch (InterruptedException e) {
      closeRule.givenUp();
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      closeRule.answered();
      if (e instanceof OutputLimitException) {
        closeRule.timedOut(); // the stages run, and nobody may ever read what they write
      }
      if (e instanceof SubprocessException failure) {
        failure.update(stagesNow());
      }
      throw e;
    }
  }

  private void talk(
      List<CommunicateCall<T>> calls, List<@Nullable Output<T>> outputs, AtomicBoolean stopped)
      throws IOException, InterruptedException {
    List<SideBySide.Task> tasks = new ArrayList<>();
    for (int stage : callersFirst()) {
      tasks.add(() -> complete(stage, calls, outputs));
    }
    if (!tasks.isEmpty()) {
      stages.turn().beginCall();
      try {
        SideBySide.run(
            "jpopen-pipeline",
            tasks,
            () -> {
              stopped.set(true);
              stages.lookAgain();
            });
      } finally {
        stages.turn().endCall();
      }
    }
    for (int i = 0; i < count; i++) { // the others have their exits only
      if (!settings.isTalking(i)) {
        complete(i, calls, outputs);
      }
    }
  }

  private void complete(
      int stage, List<CommunicateCall<T>> calls, List<@Nullable Output<T>> outputs)
      throws IOException, InterruptedException {
    Output<T> output = calls.get(stage).complete();
    synchronized (outputs) {
      outputs.set(stage, output);
    }
  }

  /**
   * The stages with pipes to us. That of the calling thread is the first one, whose input may block
   * or belong to this thread, unless the output belongs to it.
   */
  private List<Integer> callersFirst() {
    List<Integer> talking = stages.talking();
    if (settings.form instanceof OutputForm.OffHeap
        && settings.input == null
        && settings.stdout().isPipe()) {
      Collections.reverse(talking);
    }
    return talking;
  }

  // The outcome.

  private CompletedPipeline<T> completed(List<@Nullable Output<T>> outputs) {
    List<ExitStatus> statuses = stages.statuses();
    int[] accepted = settings.accepted == null ? new int[] {0} : settings.accepted;
    boolean good =
        failedStage(statuses, 0) == PipelineVerdict.SUCCESS
            && failedStage(statuses, accepted) == PipelineVerdict.SUCCESS;
    List<CompletedProcess<T>> processes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      processes.add(
          completed(stages.children().get(i), Objects.requireNonNull(outputs.get(i)), good));
      if (good) {
        stages.conversation(i).discardOutput(); // no exception will hold it
      }
    }
    return new CompletedPipeline<>(settings, processes);
  }

  private int failedStage(List<ExitStatus> statuses, int... accepted) {
    return PipelineVerdict.failedStage(statuses, settings.failsOnSigpipe, accepted);
  }

  private static <T> CompletedProcess<T> completed(Popen<T> child, Output<T> output, boolean good) {
    return new CompletedProcess<>(
        child.label(),
        child.status(),
        child.signals().copy(), // the caller may signal it later
        child.rawUsage(),
        output,
        good ? Captured.NOTHING : child.communicator().captured(StreamKind.STDOUT),
        good ? Captured.NOTHING : child.communicator().captured(StreamKind.STDERR));
  }

  /** What all stages have done so far. */
  List<PipelineStage> stagesNow() {
    return stages.children().stream()
        .map(
            child ->
                PipelineStage.of(
                    child.label(),
                    ExitNumbers.status(child.communicator().conversation()),
                    child.endingIfKnown(),
                    child.communicator().captured(StreamKind.STDERR)))
        .toList();
  }

  /** The exception of a wait for the exits. */
  TimeoutExpiredException timedOut(Duration timeout) {
    TimeoutExpiredException e = timedOut(TimeoutExpiredException.Limit.TOTAL, timeout);
    for (int i = 0; i < count; i++) {
      if (stages.statusIfKnown(i) == null) {
        TimeoutExpiredException _ = stages.children().get(i).communicator().witnessed(e);
      }
    }
    return e;
  }

  private TimeoutExpiredException timedOut(TimeoutExpiredException.Limit limit, Duration timeout) {
    List<Integer> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (stages.statusIfKnown(i) == null) {
        running.add(i);
      }
    }
    return timedOut(limit, timeout, running);
  }

  private TimeoutExpiredException timedOut(
      TimeoutExpiredException.Limit limit, Duration timeout, List<Integer> running) {
    named = running.isEmpty() ? firstOpen() : running.getFirst();
    Progress progress = Progress.of(stages.conversation(named));
    TimeoutExpiredException e =
        new TimeoutExpiredException(
            stages.children().get(named).label(),
            "pipeline \"" + settings.name() + "\"",
            describe(running),
            limit,
            timeout,
            progress.withBytesSent(stages.conversation(0).bytesSent()),
            stdout(),
            stderr(named));
    e.update(stagesNow());
    return e;
  }

  /** Gives an exception that was not thrown yet what came while the stages were ended. */
  void update(TimeoutExpiredException e) {
    e.update(stages.children().get(named).endingIfKnown(), stdout(), stderr(named));
    e.update(stagesNow());
  }

  private Captured stdout() {
    return stages.children().getLast().communicator().captured(StreamKind.STDOUT);
  }

  /** The stderr of a stage, or of all together. */
  private Captured stderr(int stage) {
    int reads = settings.sharesStderr(stage) ? settings.firstTogether() : stage;
    return stages.children().get(reads).communicator().captured(StreamKind.STDERR);
  }

  /** A stage that has ended, and whose output another process holds. */
  private int firstOpen() {
    for (int i = 0; i < count; i++) {
      for (StreamKind stream : StreamKind.values()) {
        if (stages.conversation(i).isPipe(stream) && !stages.conversation(i).hasEnded(stream)) {
          return i;
        }
      }
    }
    return count - 1;
  }

  private String describe(List<Integer> running) {
    if (running.isEmpty()) {
      return "";
    }
    List<String> names = new ArrayList<>();
    for (int stage : running) {
      names.add((stage + 1) + " (" + stages.children().get(stage).label().quoted() + ")");
    }
    String last = names.removeLast();
    return names.isEmpty()
        ? ": stage " + last + " had not ended"
        : ": stages " + String.join(", ", names) + " and " + last + " had not ended";
  }
}
