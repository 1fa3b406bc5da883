package io.github.jpopen;

import io.github.jpopen.concurrent.Attempts;
import io.github.jpopen.conversation.StageInput;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that runs: what {@link Popen} is for one child.
 *
 * {@snippet file="PipelineSnippets.java" region="running" :
 * Pipeline<String> copy = Pipeline.of(Command.of("cat"), Command.of("cat")).text();
 * try (RunningPipeline<String> p = copy.stdin(PIPE).stdout(PIPE).start()) {
 *   p.stdinWriter().write("banana\n");
 *   IO.println(p.stages().size() + " stages: " + p.stdoutReader().readLine()); // banana
 *   p.stop(Duration.ofSeconds(1)); // SIGTERM to all stages, SIGKILL to what is left then
 *   IO.println(p.statuses().getFirst().returncode()); // -15
 * }
 * }
 *
 * <p>The rules are those of {@link Popen}:
 *
 * <ul>
 *   <li>{@link #communicate()} sends all input to the first stage, and reads the output of the last
 *       one and each captured stderr. It moves all at the same time, so it never causes a deadlock.
 *       After a timeout the stages live on, and the next call continues with the next byte.
 *   <li>{@link #stdin}, {@link #stdout}, {@link #stderr(int)} and their readers and writers
 *       exchange data step by step, before {@code communicate} is called.
 *   <li>{@link #waitFor()}, {@link #poll()} and {@link #onExit} observe the exits. Those that wait
 *       send what was written to {@link #stdin}; no other data is moved.
 *   <li>{@link #stages} has each stage as a {@link Popen}, for its signals, its usage and so on.
 * </ul>
 *
 * <p>Close every pipeline, preferably with a {@code try}-with-resources statement.
 *
 * <p>Stages are numbered from 0. Thread-safe, as {@link Popen} is.
 *
 * @param <T> the type of the output, see {@link Pipeline}
 * @since 0.1
 */
public final class RunningPipeline<T> implements AutoCloseable {
  private final PipelineStages<T> all;
  private final PipelineTalk<T> talk;
  private final List<Popen<T>> stages;
  private volatile @Nullable CompletedPipeline<T> result;

  RunningPipeline(PipelineStages<T> all) {
    this.all = all;
    this.talk = new PipelineTalk<>(all);
    this.stages = List.copyOf(all.children());
    if (stages.size() > 1 && all.conversation(0).isPipe(StreamKind.STDIN)) {
      StageInput.connect(all.conversations());
    }
  }

  // Talking.

  /**
   * Closes stdin, reads the outputs to their end and waits for all stages.
   *
   * @return the outputs and how the stages ended; the same object when called again
   * @throws SubprocessException if {@link Popen#communicate()} would throw it for a stage
   * @throws IOException if something else went wrong
   * @throws InterruptedException if this thread was interrupted; the stages live on and nothing is
   *     lost
   * @throws IllegalStateException if another thread is in {@code communicate}, or this is closed
   */
  public CompletedPipeline<T> communicate() throws IOException, InterruptedException {
    return talk(null, null);
  }

  /**
   * Like {@link #communicate()}, but waits at most {@code timeout}.
   *
   * @param timeout for all stages together; if zero or negative, the call takes what is available
   *     and closes stdin, but does not wait
   * @return the outputs and how the stages ended
   * @throws TimeoutExpiredException if the time is up; the stages live on and the next call loses
   *     nothing
   * @throws IllegalStateException if {@link #communicate()} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(Duration timeout)
      throws IOException, InterruptedException {
    return talk(null, Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Sends input to the first stage, closes stdin, reads the outputs to their end and waits for all
   * stages. The rules are those of {@link Popen#communicate(byte[])}.
   *
   * @param input copied
   * @return the outputs and how the stages ended
   * @throws IllegalArgumentException if stdin is not a pipe
   * @throws IllegalStateException if this is not the first call, or if {@link #communicate()} would
   *     throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(byte[] input) throws IOException, InterruptedException {
    return talk(Input.copied(input), null);
  }

  /**
   * Like {@link #communicate(byte[])}, but waits at most {@code timeout}.
   *
   * @param input copied
   * @param timeout for all stages together
   * @return the outputs and how the stages ended
   * @throws TimeoutExpiredException if the time is up; call again without input to continue
   * @throws IllegalArgumentException if stdin is not a pipe
   * @throws IllegalStateException if {@link #communicate(byte[])} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(byte[] input, Duration timeout)
      throws IOException, InterruptedException {
    return talk(Input.copied(input), Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Like {@link #communicate(byte[])}, with text.
   *
   * @param input sent in the charset of {@link Pipeline#text(java.nio.charset.Charset)}, or in
   *     UTF-8
   * @return the outputs and how the stages ended
   * @throws IllegalArgumentException if the text cannot be encoded, or stdin is not a pipe
   * @throws IllegalStateException if {@link #communicate(byte[])} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(String input) throws IOException, InterruptedException {
    return talk(Input.of(input), null);
  }

  /**
   * Like {@link #communicate(byte[], Duration)}, with text.
   *
   * @param input sent in the charset of {@link Pipeline#text(java.nio.charset.Charset)}, or in
   *     UTF-8
   * @param timeout for all stages together
   * @return the outputs and how the stages ended
   * @throws TimeoutExpiredException if the time is up; call again without input to continue
   * @throws IllegalArgumentException if the text cannot be encoded, or stdin is not a pipe
   * @throws IllegalStateException if {@link #communicate(byte[])} would throw it
   * @throws IOException if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(String input, Duration timeout)
      throws IOException, InterruptedException {
    return talk(Input.of(input), Objects.requireNonNull(timeout, "timeout is null"));
  }

  /**
   * Like {@link #communicate(byte[])}, with any input.
   *
   * @param input where the bytes come from
   * @return the outputs and how the stages ended
   * @throws IllegalArgumentException if stdin is not a pipe, or the text cannot be encoded
   * @throws IllegalStateException if a single-use input was used before, or if {@link
   *     #communicate(byte[])} would throw it
   * @throws IOException if the input cannot be opened, or if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(Input input) throws IOException, InterruptedException {
    return talk(Objects.requireNonNull(input, "input is null"), null);
  }

  /**
   * Like {@link #communicate(byte[], Duration)}, with any input.
   *
   * @param input where the bytes come from
   * @param timeout for all stages together
   * @return the outputs and how the stages ended
   * @throws TimeoutExpiredException if the time is up; call again without input to continue
   * @throws IllegalArgumentException if stdin is not a pipe, or the text cannot be encoded
   * @throws IllegalStateException if {@link #communicate(Input)} would throw it
   * @throws IOException if the input cannot be opened, or if {@link #communicate()} would throw it
   * @throws InterruptedException if this thread was interrupted; nothing is lost
   */
  public CompletedPipeline<T> communicate(Input input, Duration timeout)
      throws IOException, InterruptedException {
    return talk(
        Objects.requireNonNull(input, "input is null"),
        Objects.requireNonNull(timeout, "timeout is null"));
  }

  private CompletedPipeline<T> talk(@Nullable Input input, @Nullable Duration timeout)
      throws IOException, InterruptedException {
    CompletedPipeline<T> known = result;
    if (known == null || input != null) {
      known = talk.communicate(input, timeout);
      result = known;
    }
    return known;
  }

  /**
   * Returns the stdin of the first stage, see {@link Popen#stdin}. A read of any output that is
   * about to wait first sends what was written, so no flush is needed.
   *
   * @return always the same stream
   * @throws IllegalStateException if stdin is not a pipe, or {@code communicate} was called
   */
  public OutputStream stdin() {
    return stages.getFirst().stdin();
  }

  /**
   * Returns the stdin of the first stage for text, see {@link Popen#stdinWriter}.
   *
   * @return always the same writer, over {@link #stdin}
   * @throws IllegalStateException if stdin is not a pipe, or {@code communicate} was called
   */
  public Writer stdinWriter() {
    return stages.getFirst().stdinWriter();
  }

  /**
   * Returns the stdout of the last stage, see {@link Popen#stdout}.
   *
   * @return always the same stream
   * @throws IllegalStateException if stdout is not a pipe, or {@code communicate} was called
   */
  public InputStream stdout() {
    return stages.getLast().stdout();
  }

  /**
   * Returns the stdout of the last stage as text, see {@link Popen#stdoutReader}.
   *
   * @return always the same reader, over {@link #stdout}
   * @throws IllegalStateException if stdout is not a pipe, or {@code communicate} was called
   */
  public BufferedReader stdoutReader() {
    return stages.getLast().stdoutReader();
  }

  /**
   * Returns the stderr of all stages in one, after {@link Pipeline#stderrTogether}.
   *
   * @return always the same stream
   * @throws IllegalStateException if it is not in one pipe, or {@code communicate} was called
   */
  public InputStream stderr() {
    return together().stderr();
  }

  /**
   * Returns the stderr of all stages in one as text, after {@link Pipeline#stderrTogether}.
   *
   * @return always the same reader, over {@link #stderr()}
   * @throws IllegalStateException if it is not in one pipe, or {@code communicate} was called
   */
  public BufferedReader stderrReader() {
    return together().stderrReader();
  }

  private Popen<T> together() {
    int first = all.settings().firstTogether();
    if (first < 0) {
      throw new IllegalStateException(
          "stderr is not one pipe: use stderrTogether(), or stderr(stage)");
    }
    return stages.get(first);
  }

  /**
   * Returns the stderr of one stage, see {@link Popen#stderr}.
   *
   * @param stage its number, from 0
   * @return always the same stream
   * @throws IllegalStateException if it is not a pipe of its own, or {@code communicate} was called
   * @throws IndexOutOfBoundsException if there is no such stage
   */
  public InputStream stderr(int stage) {
    return alone(stage).stderr();
  }

  /**
   * Returns the stderr of one stage as text, see {@link Popen#stderrReader}.
   *
   * @param stage its number, from 0
   * @return always the same reader, over {@link #stderr(int)}
   * @throws IllegalStateException if it is not a pipe of its own, or {@code communicate} was called
   * @throws IndexOutOfBoundsException if there is no such stage
   */
  public BufferedReader stderrReader(int stage) {
    return alone(stage).stderrReader();
  }

  private Popen<T> alone(int stage) {
    Popen<T> child = stages.get(stage);
    if (all.settings().sharesStderr(stage)) {
      throw new IllegalStateException("stderr is in one pipe: use stderr()");
    }
    return child;
  }

  // Waiting.

  /**
   * Looks whether all stages have ended.
   *
   * @return the exit code of the pipeline, see {@link CompletedPipeline#status()}; empty if a stage
   *     still runs
   * @throws UncheckedIOException if looking failed
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public OptionalInt poll() {
    return all.look() ? OptionalInt.of(returncode()) : OptionalInt.empty();
  }

  /**
   * Waits for all stages for at most this time.
   *
   * @param timeout if zero or negative, the call looks and does not wait
   * @return the exit code of the pipeline; empty if a stage still runs
   * @throws InterruptedException if this thread was interrupted
   * @throws UncheckedIOException if waiting failed
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public OptionalInt poll(Duration timeout) throws InterruptedException {
    try {
      return await(Deadline.after(timeout)) ? OptionalInt.of(returncode()) : OptionalInt.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns whether a stage still runs. It looks, and does not wait.
   *
   * @return false if all stages have ended
   * @throws UncheckedIOException if looking failed
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public boolean isAlive() {
    return !all.look();
  }

  /**
   * Waits for all stages. No output is read meanwhile, so a stage that writes more than a pipe
   * holds does not end: use {@link #communicate()}.
   *
   * @return the exit code of the pipeline, see {@link CompletedPipeline#status()}
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public int waitFor() throws IOException, InterruptedException {
    boolean _ = await(Deadline.never());
    return returncode();
  }

  /**
   * Like {@link #waitFor()}, but waits at most {@code timeout}.
   *
   * @param timeout for all stages together; if zero or negative, the call looks and does not wait
   * @return the exit code of the pipeline
   * @throws TimeoutExpiredException if the time is up; the stages live on
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public int waitFor(Duration timeout) throws IOException, InterruptedException {
    if (!await(Deadline.after(timeout))) {
      all.closeRule().timedOut();
      throw talk.timedOut(timeout);
    }
    return returncode();
  }

  private boolean await(Deadline deadline) throws IOException, InterruptedException {
    all.closeRule().answered();
    boolean ended = true;
    for (Popen<T> stage : stages) {
      ended &= stage.exit().await(deadline);
    }
    return ended;
  }

  /**
   * Returns a future that completes when all stages have ended.
   *
   * @return completes with this; cancelling it does nothing to the stages
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public CompletableFuture<RunningPipeline<T>> onExit() {
    List<CompletableFuture<Popen<T>>> exits = new ArrayList<>();
    boolean complete = false;
    try {
      for (Popen<T> stage : stages) {
        exits.add(stage.onExit());
      }
      CompletableFuture<RunningPipeline<T>> future =
          CompletableFuture.allOf(exits.toArray(CompletableFuture<?>[]::new)).thenApply(_ -> this);
      CompletableFuture<?> _ =
          future.whenComplete((_, _) -> exits.forEach(exit -> exit.cancel(false)));
      complete = true;
      return future;
    } finally {
      if (!complete) { // a stage was closed, or there is no memory
        exits.forEach(exit -> exit.cancel(false));
      }
    }
  }

  /**
   * Returns how the pipeline ended, see {@link CompletedPipeline#status()}.
   *
   * @return never null
   * @throws IllegalStateException if the exit of a stage has not been observed yet
   */
  public ExitStatus status() {
    return PipelineVerdict.status(statuses(), all.settings().failsOnSigpipe);
  }

  /**
   * Returns how each stage ended.
   *
   * @return in the order of the pipeline; immutable
   * @throws IllegalStateException if the exit of a stage has not been observed yet
   */
  public List<ExitStatus> statuses() {
    return all.statuses();
  }

  /**
   * Returns the exit code of the pipeline.
   *
   * @return that of {@link #status}
   * @throws IllegalStateException if the exit of a stage has not been observed yet
   */
  public int returncode() {
    return status().returncode();
  }

  // Signals.

  /**
   * Sends a signal to all stages, from the first to the last.
   *
   * @param signal which one
   * @return false if all stages had already ended
   * @throws UncheckedIOException if the system refused for a stage; the others have got it
   * @throws UnsupportedOperationException if this system has no such signal
   */
  public boolean sendSignal(Signal signal) {
    return send(stage -> stage.sendSignal(signal));
  }

  /**
   * Asks all stages to end, by SIGTERM. On Windows it kills them.
   *
   * @return false if all stages had already ended
   * @throws UncheckedIOException if the system refused for a stage; the others have got it
   */
  public boolean terminate() {
    return sendSignal(Signal.SIGTERM);
  }

  /**
   * Kills all stages, by SIGKILL. It does not wait for the exits. Processes that the stages have
   * started live on: see {@link #killTree}.
   *
   * @return false if all stages had already ended
   * @throws UncheckedIOException if the system refused for a stage; the others were killed
   */
  public boolean kill() {
    return send(Popen::kill);
  }

  /** Whether it was sent to a stage. A stage that refuses it does not spare the others. */
  private boolean send(Predicate<Popen<T>> sends) {
    Attempts<RuntimeException> attempts = new Attempts<>();
    boolean[] sent = {false};
    for (Popen<T> stage : stages) {
      attempts.attempt(() -> sent[0] |= sends.test(stage));
    }
    attempts.throwFirst();
    return sent[0];
  }

  /**
   * Kills all stages and every process that they have started, see {@link Popen#killTree}.
   *
   * @return the processes that survived; immutable
   * @throws UncheckedIOException if the processes of a stage could not be looked for; the stages
   *     were killed
   */
  @CanIgnoreReturnValue
  public List<ProcessHandle> killTree() {
    List<ProcessHandle> survivors = new ArrayList<>();
    Attempts<RuntimeException> kills = new Attempts<>();
    for (Popen<T> stage : stages) {
      kills.attempt(() -> survivors.addAll(stage.killTree()));
    }
    kills.throwFirst();
    return List.copyOf(survivors);
  }

  /**
   * Ends all stages: asks them to end by SIGTERM, gives all the same time, then kills what is left.
   * The outputs keep moving meanwhile. See {@link Popen#stop}.
   *
   * @param grace how long all may take together; if zero or negative, they are killed at once
   * @return how the pipeline ended
   * @throws UncheckedIOException if the system refused to kill a stage; the others were killed
   * @throws IOException if waiting failed
   * @throws InterruptedException if this thread was interrupted; stages may have been asked, and
   *     not been killed
   * @throws IllegalStateException if this was closed before the exits were observed
   */
  public ExitStatus stop(Duration grace) throws IOException, InterruptedException {
    Objects.requireNonNull(grace, "grace is null");
    all.closeRule().answered();
    boolean[] ended = all.ask(Ending.Cause.CALLER, grace);
    Attempts<RuntimeException> kills = new Attempts<>();
    for (int i = 0; i < ended.length; i++) {
      if (!ended[i]) {
        Popen<T> stage = stages.get(i);
        kills.attempt(() -> stage.killPersistently(Ending.Cause.CALLER));
      }
    }
    kills.throwFirst();
    boolean _ = await(Deadline.never());
    return status();
  }

  // The rest.

  /**
   * Returns the stages.
   *
   * @return in the order of the pipeline, always the same; immutable
   */
  public List<Popen<T>> stages() {
    return stages;
  }

  /**
   * Returns the process ids of the stages.
   *
   * @return in the order of the pipeline, see {@link Popen#pid}; immutable
   */
  public List<Long> pids() {
    return stages.stream().map(Popen::pid).toList();
  }

  /**
   * Closes the pipes of all stages and waits for them. The rules are those of {@link Popen#close}
   * for all stages together: if one must be killed, all are, and all have the same {@link
   * Pipeline#grace}.
   *
   * @throws IOException if {@link Popen#close} would throw it for a stage; everything is closed
   */
  @Override
  public void close() throws IOException {
    new PipelineClose(all).run();
  }

  /**
   * Explains where the stages and the calls on them stand, see {@link Popen#explain}.
   *
   * @return the text of each stage, with its number
   */
  public String explain() {
    StringJoiner text = new StringJoiner("\n");
    stages.forEach(stage -> text.add(stage.explain()));
    return text.toString();
  }

  /**
   * Describes the pipeline without its arguments, which may be secret.
   *
   * @return the programs and the process ids
   */
  @Override
  public String toString() {
    return "RunningPipeline[" + all.settings().name() + ", pids: " + pids() + "]";
  }
}
