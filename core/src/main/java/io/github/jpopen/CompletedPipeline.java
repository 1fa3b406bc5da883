package io.github.jpopen;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.OptionalInt;

/**
 * A pipeline whose stages have all ended: the result of {@link Pipeline#run} and of {@link
 * RunningPipeline#communicate()}.
 *
 * {@snippet file="PipelineSnippets.java" region="completed" :
 * Command<byte[]> grep = Command.shell("grep -c x; echo searched >&2; exit 1");
 * CompletedPipeline<String> done =
 *     Pipeline.of(Command.of("echo", "word"), grep, Command.of("cat"))
 *         .text()
 *         .captureOutput()
 *         .run();
 * IO.println(done.returncodes()); // [0, 1, 0]: the exit codes of all stages
 * IO.println(done.returncode()); // 1: the last stage that failed decides
 * IO.print(done.stdout()); // 0
 * IO.print(done.stderr(1)); // searched: the stderr of the second stage
 * }
 *
 * <p>Stages are numbered from 0.
 *
 * <p>Immutable and thread-safe, except for the content of the arrays and the memory that it
 * returns.
 *
 * @param <T> {@code byte[]}, {@code String} or {@code MemorySegment}
 * @since 0.1
 */
public final class CompletedPipeline<T> {
  private final PipelineSettings settings;
  private final List<CompletedProcess<T>> stages;
  private final List<ExitStatus> statuses;

  CompletedPipeline(PipelineSettings settings, List<CompletedProcess<T>> stages) {
    this.settings = settings;
    this.stages = List.copyOf(stages);
    this.statuses = this.stages.stream().map(CompletedProcess::status).toList();
  }

  /**
   * Returns what the last stage wrote to stdout.
   *
   * @return always the same object; empty if nothing was received
   * @throws IllegalStateException if stdout was not a pipe, went to consumers only, or is in a
   *     file, see {@link CompletedProcess#stdoutFile} of the last of {@link #stages}
   */
  public T stdout() {
    return stages.getLast().stdout();
  }

  /**
   * Returns what the stages wrote to stderr.
   *
   * <ul>
   *   <li>After {@link Pipeline#stderrTogether}: what all stages wrote, in the order of writing.
   *   <li>Otherwise: what the first stage wrote, then what the second wrote, and so on. A stage
   *       whose stderr was not a pipe is left out.
   * </ul>
   *
   * @return empty if nothing was received
   * @throws IllegalStateException if no stage had a pipe for its stderr, or if several blocks of
   *     native memory would have to be joined: then use {@link #stderr(int)}
   */
  public T stderr() {
    if (settings.firstTogether() >= 0) {
      return stages.get(settings.firstTogether()).stderr();
    }
    List<T> captured =
        stages.stream().filter(CompletedProcess::hasStderr).map(CompletedProcess::stderr).toList();
    return switch (captured.size()) {
      case 0 -> stages.getLast().stderr(); // throws
      case 1 -> captured.getFirst();
      default -> joined(captured);
    };
  }

  @SuppressWarnings("unchecked") // each branch makes what it has looked for
  private static <T> T joined(List<T> parts) {
    if (parts.getFirst() instanceof String) {
      StringBuilder text = new StringBuilder();
      parts.forEach(text::append);
      return (T) text.toString();
    }
    if (parts.getFirst() instanceof byte[]) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      parts.forEach(part -> bytes.writeBytes((byte[]) part));
      return (T) bytes.toByteArray();
    }
    throw new IllegalStateException("native memory is not joined: use stderr(stage)");
  }

  /**
   * Returns what one stage wrote to stderr.
   *
   * @param stage its number, from 0
   * @return always the same object; empty if nothing was received
   * @throws IllegalStateException if its stderr was not a pipe of its own
   * @throws IndexOutOfBoundsException if there is no such stage
   */
  public T stderr(int stage) {
    CompletedProcess<T> process = stages.get(stage);
    if (settings.sharesStderr(stage)) {
      throw new IllegalStateException("stderr was captured together: use stderr()");
    }
    return process.stderr();
  }

  /**
   * Returns whether {@link #stdout} has a result, see {@link Output#hasStdout}.
   *
   * @return true even if nothing was received
   */
  public boolean hasStdout() {
    return stages.getLast().hasStdout();
  }

  /**
   * Returns whether {@link #stderr()} has a result.
   *
   * @return true even if nothing was received
   */
  public boolean hasStderr() {
    return stages.stream().anyMatch(CompletedProcess::hasStderr);
  }

  /**
   * Returns whether all outputs were read to their end. There are three reasons why one was not:
   *
   * <ul>
   *   <li>{@link Pipeline#drain} passed while another process still held it.
   *   <li>{@link Redirect#closeAfter} closed its pipe.
   *   <li>Its stream of {@link RunningPipeline} was closed before the end.
   * </ul>
   *
   * @return false if at least one was not
   */
  public boolean isComplete() {
    return stages.stream().allMatch(CompletedProcess::isComplete);
  }

  /**
   * Returns how the pipeline ended: as the last stage that failed. Bash's {@code pipefail}, with
   * one difference.
   *
   * <p>A stage fails if its exit code is not 0. The difference: a stage before the last one that
   * SIGPIPE killed has not failed, because its reader needed no more. {@link
   * Pipeline#failOnSigpipe} makes it a failure.
   *
   * @return that of the last stage that failed; if none did, that of the last stage
   */
  public ExitStatus status() {
    return PipelineVerdict.status(statuses, settings.failsOnSigpipe);
  }

  /**
   * Returns how one stage ended.
   *
   * @param stage its number, from 0
   * @return never null
   * @throws IndexOutOfBoundsException if there is no such stage
   */
  public ExitStatus status(int stage) {
    return statuses.get(stage);
  }

  /**
   * Returns how each stage ended. Bash's {@code PIPESTATUS}.
   *
   * @return in the order of the pipeline, SIGPIPE included; immutable
   */
  public List<ExitStatus> statuses() {
    return statuses;
  }

  /**
   * Returns the exit code of the pipeline, see {@link #status()}.
   *
   * @return in the form of {@link Popen#returncode}
   */
  public int returncode() {
    return status().returncode();
  }

  /**
   * Returns the exit code of each stage.
   *
   * @return in the order of the pipeline, in the form of {@link Popen#returncode}; immutable
   */
  public List<Integer> returncodes() {
    return statuses.stream().map(ExitStatus::returncode).toList();
  }

  /**
   * Returns which stage decides {@link #status()}.
   *
   * @return its number, from 0; empty if no stage has failed
   */
  public OptionalInt failedStage() {
    int failed = PipelineVerdict.failedStage(statuses, settings.failsOnSigpipe, 0);
    return failed == PipelineVerdict.SUCCESS ? OptionalInt.empty() : OptionalInt.of(failed);
  }

  /**
   * Returns the stages, each as a process of its own: with its arguments, its ending and its usage.
   *
   * @return in the order of the pipeline; only the last has a stdout. After {@link
   *     Pipeline#stderrTogether} the first stage without a stderr of its own has the common one.
   *     Immutable
   */
  public List<CompletedProcess<T>> stages() {
    return stages;
  }

  /**
   * Throws an exception unless {@link #returncode} is 0. Python's {@code check_returncode}.
   *
   * @return this
   * @throws CalledProcessException for the last stage that failed; it holds {@link #stdout}, the
   *     stderr of that stage, and all {@link SubprocessException#stages}
   */
  public CompletedPipeline<T> checkReturncode() throws CalledProcessException {
    return checkReturncode(0);
  }

  CompletedPipeline<T> checkReturncode(int... accepted) throws CalledProcessException {
    int failed = PipelineVerdict.failedStage(statuses, settings.failsOnSigpipe, accepted);
    if (failed == PipelineVerdict.SUCCESS) {
      return this;
    }
    CompletedProcess<T> stage = stages.get(failed);
    CompletedProcess<T> errors =
        settings.sharesStderr(failed) ? stages.get(settings.firstTogether()) : stage;
    CalledProcessException e =
        new CalledProcessException(
            stage.label(),
            stage.status(),
            stages.getLast().capturedStdout(),
            errors.capturedStderr());
    e.update(
        stages.stream()
            .map(s -> PipelineStage.of(s.label(), s.status(), s.ending(), s.capturedStderr()))
            .toList());
    throw e;
  }

  /**
   * Describes the result without the content of its outputs.
   *
   * @return the programs and the exit codes
   */
  @Override
  public String toString() {
    return "CompletedPipeline[" + settings.name() + ", returncodes: " + returncodes() + "]";
  }
}
