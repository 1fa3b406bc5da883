package io.github.jpopen;

import io.github.jpopen.output.OutputForm;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Several commands, each of which reads what the one before it writes: {@code a | b | c} without a
 * shell.
 *
 * {@snippet file="PipelineSnippets.java" region="pipeline" :
 * Pipeline<String> unique = Pipeline.of(Command.of("sort"), Command.of("uniq", "-d")).text();
 * String twice = unique.input("b\na\nb\n").checkOutput(); // "b\n"
 * unique.stdin(Redirect.from(words)).stdout(Redirect.to(result)).checkCall(); // file to file
 * Command<byte[]> yes = Command.of("yes");
 * String first = Pipeline.of(yes, Command.of("head", "-1")).text().checkOutput(); // "y\n"
 * }
 *
 * <p>The stages are connected by pipes of the system. What one stage sends to the next never passes
 * through this JVM.
 *
 * <p>Each command keeps its program, arguments, environment, working directory, system options, and
 * a stderr of its own. The rest belongs to the whole: both ends, the form of the output, limits,
 * and how it is ended and checked. A command that sets such an option is refused.
 *
 * <p><b>The result.</b> {@link CompletedPipeline#status()} is that of the last stage that failed:
 * bash's {@code pipefail}. There is one difference. A stage before the last one that SIGPIPE killed
 * has not failed, so {@code yes | head -1} is a success. Windows has no SIGPIPE. There such a stage
 * fails with the code that its program chooses, and {@link #check} can accept it.
 *
 * <p><b>The end.</b> All stages are waited for. A time limit, a failure, an interrupt and a
 * cancelled future end all of them. With {@link #grace} all are asked first, and then killed. The
 * exception names the stage, and {@link SubprocessException#stages} has all.
 *
 * <p><b>Threads.</b> If this process has pipes to several stages, the calling thread serves one of
 * them. Another thread serves each other one for the time of the call.
 *
 * <p>Immutable and thread-safe: every method returns a new pipeline.
 *
 * @param <T> the type of the output: {@code byte[]}, {@code String} after {@link #text()}, {@code
 *     MemorySegment} after {@link #offHeap}
 * @since 0.1
 */
@CheckReturnValue
public final class Pipeline<T> {
  private final PipelineSettings settings;

  private Pipeline(PipelineSettings settings) {
    this.settings = settings;
  }

  /**
   * Creates a pipeline.
   *
   * @param first the command that gets the input
   * @param more the commands after it; each reads what the one before it writes to stdout. With
   *     none, the pipeline is one command
   * @return the pipeline
   * @throws IllegalArgumentException if a command sets what belongs to the pipeline; the message
   *     names the command and the option
   */
  public static Pipeline<byte[]> of(Command<?> first, Command<?>... more) {
    List<Command<?>> commands = new ArrayList<>(more.length + 1);
    commands.add(first);
    commands.addAll(Arrays.asList(more)); // one may be null, and is refused with its number
    return of(commands);
  }

  /**
   * Creates a pipeline from a list.
   *
   * @param commands from the first to the last; copied
   * @return the pipeline
   * @throws IllegalArgumentException if the list is empty, or if {@link #of(Command, Command...)}
   *     would throw it
   */
  public static Pipeline<byte[]> of(List<? extends Command<?>> commands) {
    PipelineSettings settings = new PipelineSettings();
    for (Command<?> command : commands) {
      Objects.requireNonNull(command, () -> "command " + settings.stages.size() + " is null");
      List<CommandSettings> stages = new ArrayList<>(settings.stages);
      stages.add(command.settings());
      settings.stages = List.copyOf(stages);
    }
    StageChecks.check(settings);
    return new Pipeline<>(settings);
  }

  // The ends.

  /**
   * Sets where the first stage reads.
   *
   * @param from where from; inherited by default
   * @return the new pipeline
   * @throws IllegalArgumentException if it is for an output, or if {@link #input(Input)} was set
   */
  public Pipeline<T> stdin(Redirect from) {
    Redirect redirect = Redirect.forStdin(Objects.requireNonNull(from, "stdin is null"));
    return with(s -> s.stdin = redirect);
  }

  /**
   * Sets where the last stage writes.
   *
   * @param to where to; inherited by default. {@link Redirect#STDERR} is where the last stage
   *     writes its errors
   * @return the new pipeline
   * @throws IllegalArgumentException if it is not for stdout, or if {@link #captureOutput} was set
   */
  public Pipeline<T> stdout(Redirect to) {
    Redirect redirect = Redirect.forStdout(Objects.requireNonNull(to, "stdout is null"));
    return with(s -> s.stdout = redirect);
  }

  /**
   * Sets where the stages write their errors. A command that has set its own stderr keeps it.
   *
   * <ul>
   *   <li>{@link Redirect#PIPE} captures each stage apart, see {@link
   *       CompletedPipeline#stderr(int)}.
   *   <li>{@link Redirect#appendTo} has all stages write to the end of one file.
   *   <li>{@link Redirect#STDOUT} is not for the whole. Set it on a command: both of its outputs
   *       then go to the next stage, as after bash's {@code |&}.
   * </ul>
   *
   * @param to where to; inherited by default
   * @return the new pipeline
   * @throws IllegalArgumentException if it is not for stderr, if {@link #captureOutput} or {@link
   *     #stderrTogether} was set, or if it is {@link Redirect#STDOUT}, {@link Redirect#to} or a
   *     {@link Redirect#tee(java.io.OutputStream) tee}
   */
  public Pipeline<T> stderr(Redirect to) {
    Redirect redirect = Redirect.forStderr(Objects.requireNonNull(to, "stderr is null"));
    redirect.checkForSeveral();
    return with(s -> s.stderr = redirect);
  }

  /**
   * Captures the stderr of all stages in one pipe, in the order of writing. A command that has set
   * its own stderr keeps it.
   *
   * <p>Messages show the common stderr only if no command that writes to it has set {@link
   * Command#stderrInMessages} to false.
   *
   * @return the new pipeline
   * @throws IllegalArgumentException if {@link #stderr} or {@link #drain} was set
   */
  public Pipeline<T> stderrTogether() {
    return with(s -> s.stderrTogether = true);
  }

  /**
   * Captures the stdout of the last stage, and the stderr of each stage apart. With {@link
   * #stderrTogether} the stderr of all stages is captured in one pipe.
   *
   * @return the new pipeline
   * @throws IllegalArgumentException if {@link #stdout} or {@link #stderr} was set
   */
  public Pipeline<T> captureOutput() {
    return with(s -> s.captureOutput = true);
  }

  /**
   * Sets what gets each line of the outputs while the stages run. These are the stdout of the last
   * stage and the stderr of every stage.
   *
   * {@snippet file="PipelineSnippets.java" region="onLine" :
   * Command<byte[]> dump = Command.shell("echo '2 tables' >&2; echo users; echo orders");
   * Pipeline.of(dump, Command.of("sort"))
   *     .onLine((stream, line) -> log.info(stream + ": " + line)) // never two calls at a time
   *     .checkCall();
   * }
   *
   * <p>The rules are those of {@link Command#onLine}, with these additions:
   *
   * <ul>
   *   <li>There is one call at a time for the whole pipeline. The thread that moves the bytes of a
   *       stage makes the calls for it, so calls may come from several threads. Those that this
   *       library starts have the caller's context class loader and inheritable thread locals.
   *   <li>The lines of one output come in order. Between two outputs there is no order, except with
   *       {@link #stderrTogether}.
   *   <li>If the consumer throws, it is not called again in that call, which ends for all stages.
   *   <li>A stage that has set its own stderr to anything but a pipe has no such lines.
   * </ul>
   *
   * @param consumer gets the lines
   * @return the new pipeline
   */
  public Pipeline<T> onLine(OutputConsumer<String> consumer) {
    Objects.requireNonNull(consumer, "consumer is null");
    return with(s -> s.lines = consumer);
  }

  /**
   * Sets what gets the bytes of the outputs while the stages run, as {@link #onLine} does for
   * lines.
   *
   * {@snippet file="PipelineSnippets.java" region="onChunk" :
   * CRC32 sum = new CRC32();
   * Pipeline.of(Command.of("printf", "b\\na\\n"), Command.of("sort"))
   *     .onChunk((stream, bytes) -> sum.update(bytes)) // not kept: memory stays flat
   *     .checkCall();
   * }
   *
   * @param consumer gets arrays of its own, of at least 1 byte and at most 65,536
   * @return the new pipeline
   */
  public Pipeline<T> onChunk(OutputConsumer<byte[]> consumer) {
    Objects.requireNonNull(consumer, "consumer is null");
    return with(s -> s.chunks = consumer);
  }

  /**
   * Sets the input of the one-shot calls. Stdin of the first stage becomes a pipe.
   *
   * @param bytes copied
   * @return the new pipeline
   * @throws IllegalArgumentException if {@link #stdin} was set
   */
  public Pipeline<T> input(byte[] bytes) {
    return input(Input.of(Objects.requireNonNull(bytes, "input is null")));
  }

  /**
   * Sets the input of the one-shot calls. Stdin of the first stage becomes a pipe.
   *
   * @param text sent in the charset of {@link #text(Charset)}, or in UTF-8
   * @return the new pipeline
   * @throws IllegalArgumentException if {@link #stdin} was set
   */
  public Pipeline<T> input(String text) {
    return input(Input.of(Objects.requireNonNull(text, "input is null")));
  }

  /**
   * Sets the input of the one-shot calls. Stdin of the first stage becomes a pipe.
   *
   * @param input opened by each call
   * @return the new pipeline
   * @throws IllegalArgumentException if {@link #stdin} was set
   */
  public Pipeline<T> input(Input input) {
    Objects.requireNonNull(input, "input is null");
    return with(s -> s.input = input);
  }

  // The form of the output.

  /**
   * Makes the output text in UTF-8, see {@link Command#text()}.
   *
   * @return the new pipeline
   */
  public Pipeline<String> text() {
    return text(StandardCharsets.UTF_8);
  }

  /**
   * Makes the output text in a charset, see {@link Command#text(Charset)}.
   *
   * @param charset for the input and the output
   * @return the new pipeline
   */
  public Pipeline<String> text(Charset charset) {
    return text(charset, TextErrors.STRICT);
  }

  /**
   * Makes the output text in a charset, with a policy for errors, see {@link Command#text(Charset,
   * TextErrors)}.
   *
   * @param charset for the input and the output
   * @param errors what to do with bytes that are not text, and with characters that cannot be
   *     encoded
   * @return the new pipeline
   */
  public Pipeline<String> text(Charset charset, TextErrors errors) {
    return form(
        new OutputForm.Text(
            new TextMode(
                Objects.requireNonNull(charset, "charset is null"),
                Objects.requireNonNull(errors, "errors is null").policy())));
  }

  /**
   * Makes the output bytes. This is the default.
   *
   * @return the new pipeline
   */
  public Pipeline<byte[]> bytes() {
    return form(new OutputForm.Bytes());
  }

  /**
   * Captures the output in native memory, see {@link Command#offHeap}.
   *
   * @param arena owns the memory; a confined one only if this process has pipes to one stage
   * @return the new pipeline
   */
  public Pipeline<MemorySegment> offHeap(Arena arena) {
    return form(new OutputForm.OffHeap(Objects.requireNonNull(arena, "arena is null")));
  }

  private <U> Pipeline<U> form(OutputForm<U> form) {
    return new Pipeline<>(settings.with(s -> s.form = form));
  }

  // Limits, and the end.

  /**
   * Sets the time limit of the one-shot calls. If one stage takes longer, all are ended, and {@link
   * TimeoutExpiredException} is thrown. The limit counts from when all have been started, see
   * {@link Command#timeout}.
   *
   * @param limit for all stages together; if zero or negative, it has already passed
   * @return the new pipeline
   */
  public Pipeline<T> timeout(Duration limit) {
    Objects.requireNonNull(limit, "timeout is null");
    return with(s -> s.timeout = limit);
  }

  /**
   * Limits how long the end of an output is waited for once its stage has ended, see {@link
   * Command#drain}.
   *
   * <p>It is for the outputs that this process reads. A process that an earlier stage has left
   * behind holds the input of the next stage, which goes on: a {@link #timeout} ends that.
   *
   * @param limit counted from the exit of the stage that writes the output
   * @return the new pipeline
   * @throws IllegalArgumentException if {@link #stderrTogether} was set: the common stderr has no
   *     stage whose exit would count
   */
  public Pipeline<T> drain(Duration limit) {
    Objects.requireNonNull(limit, "drain is null");
    return with(s -> s.drain = limit);
  }

  /**
   * Gives the stages time to end by themselves before they are killed, see {@link Command#grace}.
   * All are asked first, and all have the same time.
   *
   * @param time for all stages together; if zero or negative, they are killed at once
   * @return the new pipeline
   */
  public Pipeline<T> grace(Duration time) {
    Objects.requireNonNull(time, "grace is null");
    return with(s -> s.grace = time);
  }

  /**
   * Makes every kill reach all processes that the stages have started, see {@link
   * Command#killTree}.
   *
   * @return the new pipeline
   */
  public Pipeline<T> killTree() {
    return with(s -> s.killTree = true);
  }

  /**
   * Makes {@link RunningPipeline#close} always kill the stages that still run.
   *
   * @return the new pipeline
   */
  public Pipeline<T> killOnClose() {
    return with(s -> s.killOnClose = true);
  }

  /**
   * Kills the stages when this JVM ends, see {@link Command#killOnExit}.
   *
   * @return the new pipeline
   */
  public Pipeline<T> killOnExit() {
    return with(s -> s.killOnExit = true);
  }

  // The outcome.

  /**
   * Makes the one-shot calls throw {@link CalledProcessException} if the exit code of a stage is
   * not accepted. The exception is about the last such stage, see {@link
   * CompletedPipeline#status()}.
   *
   * @param accepted the exit codes to accept from each stage, in the form of {@link
   *     Popen#returncode}; 0 if empty
   * @return the new pipeline
   */
  public Pipeline<T> check(int... accepted) {
    return with(s -> s.accept(accepted));
  }

  /**
   * Makes a stage that SIGPIPE killed a failed one, even if it is not the last. This is exactly
   * bash's {@code pipefail}. Set it if each stage must read its input to the end.
   *
   * @return the new pipeline
   */
  public Pipeline<T> failOnSigpipe() {
    return with(s -> s.failsOnSigpipe = true);
  }

  /**
   * Sets the name of the pipeline in messages and logs, in place of those of its stages.
   *
   * @param name for people
   * @return the new pipeline
   * @throws IllegalArgumentException if it is empty
   */
  public Pipeline<T> named(String name) {
    if (Objects.requireNonNull(name, "name is null").isEmpty()) {
      throw new IllegalArgumentException("the name of the pipeline is empty");
    }
    return with(s -> s.name = name);
  }

  /**
   * Sets whether messages end with the last lines of a captured stderr, see {@link
   * Command#stderrInMessages}. They do by default, unless a command has set it to false.
   *
   * @param shown whether messages show them
   * @return the new pipeline
   */
  public Pipeline<T> stderrInMessages(boolean shown) {
    return with(s -> s.showsStderr = shown);
  }

  // The calls.

  /**
   * Starts all stages and returns them while they run, see {@link Command#start}.
   *
   * @return the running pipeline; close it, or communicate with it to the end
   * @throws SpawnException if a stage could not be started; the message names its place. The stages
   *     before it were killed, and nothing is left behind
   * @throws IOException if something else went wrong
   * @throws IllegalStateException if {@code input}, {@code timeout} or {@code check} was set, or if
   *     the arena of the output is closed or confined to another thread. With {@link #killOnExit},
   *     if the JVM is ending, too
   * @throws UnsupportedOperationException if this system cannot do what was set
   */
  public RunningPipeline<T> start() throws IOException {
    settings.checkStart();
    PipelineStages<T> stages = PipelineStart.start(settings, form());
    boolean handedOut = false;
    try {
      RunningPipeline<T> running = new RunningPipeline<>(stages);
      stages.children().forEach(Popen::handOut);
      handedOut = true;
      return running;
    } finally {
      if (!handedOut) { // no memory
        stages.endAfterFailedStart();
      }
    }
  }

  /**
   * Starts all stages, sends the input, reads the outputs and waits for all stages. If it throws,
   * no stage is left running.
   *
   * @return the result; a non-zero exit code is a result, unless {@link #check} was set
   * @throws TimeoutExpiredException if the time set by {@link #timeout} is up; holds the outputs
   *     received so far, and names the stages that had not ended
   * @throws CalledProcessException if {@link #check} was set and the exit code of a stage is not
   *     accepted; holds the outputs
   * @throws SpawnException if a stage could not be started; the message names its place
   * @throws SubprocessException if {@link Command#run} would throw it for a stage
   * @throws IOException if something else went wrong
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalArgumentException if the text of {@link #input(String)} cannot be encoded
   * @throws IllegalStateException if {@link Command#run} would throw it
   * @throws UnsupportedOperationException if this system cannot do what was set
   */
  @CanIgnoreReturnValue
  public CompletedPipeline<T> run() throws IOException, InterruptedException {
    return new PipelineRun<>(settings, form()).run();
  }

  /**
   * Does what {@link #run} does on a new virtual thread. Cancelling the future ends all stages, see
   * {@link Command#runAsync}.
   *
   * @return a future that fails with the exceptions of {@link #run}
   * @throws IllegalArgumentException if the text of {@link #input(String)} cannot be encoded
   * @throws IllegalStateException if the arena of the output or input is closed or confined to a
   *     thread, or if a single-use input was used before
   */
  public CompletableFuture<CompletedPipeline<T>> runAsync() {
    return AsyncRun.start(new PipelineRun<>(settings, form()));
  }

  /**
   * Runs the pipeline for its exit code.
   *
   * @return the exit code, see {@link CompletedPipeline#status()}
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; all stages have been ended
   */
  public int call() throws IOException, InterruptedException {
    return run().returncode();
  }

  /**
   * Runs a pipeline that must succeed.
   *
   * @return the exit code: 0, or one of those given to {@link #check}
   * @throws CalledProcessException if the exit code of a stage is not accepted
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; all stages have been ended
   */
  @CanIgnoreReturnValue
  public int checkCall() throws IOException, InterruptedException {
    return checked().call();
  }

  /**
   * Runs a pipeline that must succeed, and returns what its last stage wrote to stdout.
   *
   * <p>What {@link Redirect#PIPE} was given for stdout stays: a limit, a tee, a charset.
   *
   * @return what the last stage wrote to stdout
   * @throws CalledProcessException if the exit code of a stage is not accepted, see {@link #check};
   *     0 by default
   * @throws IllegalArgumentException if stdout was redirected to anything but a pipe
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; all stages have been ended
   */
  public T checkOutput() throws IOException, InterruptedException {
    Pipeline<T> capturing = settings.capturesStdout() ? this : stdout(Redirect.PIPE);
    return capturing.checked().run().stdout();
  }

  private Pipeline<T> checked() {
    return settings.accepted == null ? check() : this;
  }

  private Pipeline<T> with(Consumer<PipelineSettings> change) {
    return new Pipeline<>(settings.with(change));
  }

  @SuppressWarnings("unchecked") // T changes together with the form, in form(OutputForm) only
  private OutputForm<T> form() {
    return (OutputForm<T>) settings.form;
  }

  /**
   * Describes the pipeline without the arguments of its commands, which may be secret.
   *
   * @return the programs
   */
  @Override
  public String toString() {
    return "Pipeline[" + settings.name() + "]";
  }
}
