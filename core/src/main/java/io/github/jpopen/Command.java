package io.github.jpopen;

import io.github.jpopen.conversation.OutputForm;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.FileName;
import io.github.jpopen.spi.SpawnRequest.Remove;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What to run, and how. Immutable: every word returns a new value, so a command can be kept, shared
 * and started many times.
 *
 * <p>{@link #start} gives a running {@link Popen}; {@link #run} and its family start, converse and
 * wait in one call. A stream that was not redirected is inherited. A word said twice: the last one
 * wins. Bad words are refused at once, with {@link IllegalArgumentException}; what a system or this
 * version cannot do, at the start, with {@link UnsupportedOperationException}.
 *
 * @param <T> the type of the output: {@code byte[]}, {@code String} after {@link #text()}, {@code
 *     MemorySegment} after {@link #offHeap}
 * @see <a href="https://docs.python.org/3/library/subprocess.html">Python's subprocess</a>
 */
@CheckReturnValue
public final class Command<T> {
  private final CommandSettings settings;

  private Command(CommandSettings settings) {
    this.settings = settings;
  }

  /**
   * A command, argument by argument. No shell looks at it.
   *
   * <p>Of the PATH only absolute directories count, so the working directory is never searched. A
   * child without PATH, after {@link #clearEnv} or {@link #removeEnv}, still has its program looked
   * up in the PATH of this JVM on POSIX, and in {@code /bin} and {@code /usr/bin} if that has none
   * either; on Windows nothing is found then, so give a path.
   *
   * @param program its name, looked up in the PATH of the child, or a path
   * @param args its arguments
   * @return the command
   * @throws IllegalArgumentException if the program is empty or not a name, or something contains
   *     NUL or half a surrogate pair
   */
  public static Command<byte[]> of(String program, String... args) {
    List<String> argv = new ArrayList<>(args.length + 1);
    argv.add(program);
    argv.addAll(Arrays.asList(args));
    return of(argv);
  }

  /**
   * A command, argument by argument. The name of the program keeps its bytes, whatever the charset
   * of this JVM can show of it.
   *
   * @param program as {@link #of(String, String...)}
   * @param args its arguments
   * @return the command
   * @throws IllegalArgumentException as {@link #of(String, String...)}, and if the path belongs to
   *     another file system, an archive for one
   */
  public static Command<byte[]> of(Path program, String... args) {
    return of(CommandChecks.path(program, "command[0]").toString(), args)
        .with(
            s -> {
              var command = new ArrayList<>(s.command);
              command.set(0, new FileName(program));
              s.command = List.copyOf(command);
            });
  }

  /**
   * A command, argument by argument.
   *
   * @param argv the program and its arguments; copied
   * @return the command
   * @throws IllegalArgumentException as {@link #of(String, String...)}, and if the list is empty
   */
  public static Command<byte[]> of(List<String> argv) {
    CommandSettings settings = new CommandSettings();
    settings.command = List.copyOf(CommandChecks.command(argv, false));
    return new Command<>(settings);
  }

  /**
   * A script for the system's shell: {@code /bin/sh -c} on POSIX.
   *
   * <p>Whatever becomes part of the script is run; pass data as arguments instead. On Windows it is
   * {@code cmd.exe /c}, which has no parameters: arguments are put behind the script, and those
   * that {@code cmd.exe} would not take as they are (with one of {@code "%!^&|<>} or a line break)
   * are refused when the child is started. Give such data as variables to the program itself.
   *
   * @param script in the language of the shell
   * @param args {@code $0}, {@code $1} and so on; on Windows behind the script
   * @return the command
   */
  public static Command<byte[]> shell(String script, String... args) {
    List<String> argv = new ArrayList<>(args.length + 1);
    argv.add(script);
    argv.addAll(Arrays.asList(args));
    CommandSettings settings = new CommandSettings();
    settings.command = List.copyOf(CommandChecks.command(argv, true));
    settings.shell = true;
    return new Command<>(settings);
  }

  /**
   * Adds arguments.
   *
   * @param more to add at the end
   * @return the new command
   */
  public Command<T> args(String... more) {
    return args(Arrays.asList(more));
  }

  /**
   * Adds arguments.
   *
   * @param more to add at the end
   * @return the new command
   */
  public Command<T> args(List<String> more) {
    return with(
        s -> s.command = appended(s.command, CommandChecks.arguments(more, s.command.size())));
  }

  /**
   * Adds an argument that is not text; POSIX only.
   *
   * @param argument its bytes, without NUL; copied
   * @return the new command
   */
  public Command<T> rawArg(byte[] argument) {
    return with(
        s ->
            s.command =
                appended(s.command, List.of(CommandChecks.raw(argument, s.command.size()))));
  }

  /**
   * Executes this file, whatever the first argument says; with {@link #shell} in place of the
   * shell. Python's {@code executable}.
   *
   * @param file the program
   * @return the new command
   * @throws IllegalArgumentException if it is empty or belongs to another file system
   */
  public Command<T> executable(Path file) {
    if (CommandChecks.path(file, "executable").toString().isEmpty()) {
      throw new IllegalArgumentException("executable is empty");
    }
    return with(s -> s.executable = file);
  }

  /**
   * The arguments, for display only: bytes are shown as UTF-8.
   *
   * @return the program, or the script, and its arguments
   */
  public List<String> argv() {
    return settings.argv();
  }

  /**
   * Sets the child's working directory. A program given as a relative path is looked up there on
   * POSIX.
   *
   * @param directory relative to the directory of this process
   * @return the new command
   * @throws IllegalArgumentException if it is empty or belongs to another file system
   */
  public Command<T> cwd(Path directory) {
    if (CommandChecks.path(directory, "working directory").toString().isEmpty()) {
      throw new IllegalArgumentException("working directory is empty");
    }
    return with(s -> s.directory = directory);
  }

  /**
   * Adds a variable to the inherited environment, or replaces it.
   *
   * @param name without {@code =}
   * @param value may be empty
   * @return the new command
   */
  public Command<T> env(String name, String value) {
    return environment(CommandChecks.variable(name, value, settings.environment.size() + 1));
  }

  /**
   * Adds variables to the inherited environment, or replaces them. The others stay, unlike with
   * Python's {@code env}; say {@link #clearEnv} first to have these only.
   *
   * @param variables names and values; copied
   * @return the new command
   */
  public Command<T> env(Map<String, String> variables) {
    return with(
        s -> {
          var changes = new ArrayList<>(s.environment);
          variables.forEach(
              (name, value) ->
                  changes.add(CommandChecks.variable(name, value, changes.size() + 1)));
          s.environment = List.copyOf(changes);
        });
  }

  /**
   * Removes a variable from the environment so far.
   *
   * @param name need not be there
   * @return the new command
   */
  public Command<T> removeEnv(String name) {
    return environment(
        new Remove(CommandChecks.text("environment name", CommandChecks.variableName(name))));
  }

  /**
   * Empties the environment so far.
   *
   * @return the new command
   */
  public Command<T> clearEnv() {
    return environment(new Clear());
  }

  private Command<T> environment(EnvironmentChange change) {
    return with(s -> s.environment = appended(s.environment, List.of(change)));
  }

  /**
   * Sets where the child reads.
   *
   * @param from inherited if not said
   * @return the new command
   * @throws IllegalArgumentException if it is for an output, or {@code input} was said
   */
  public Command<T> stdin(Redirect from) {
    Redirect redirect = Redirect.forStdin(Objects.requireNonNull(from, "stdin"));
    return with(s -> s.stdin = redirect);
  }

  /**
   * Sets where the child writes.
   *
   * @param to inherited if not said
   * @return the new command
   * @throws IllegalArgumentException if it is not for stdout, or {@link #captureOutput} was said
   */
  public Command<T> stdout(Redirect to) {
    Redirect redirect = Redirect.forStdout(Objects.requireNonNull(to, "stdout"));
    return with(s -> s.stdout = redirect);
  }

  /**
   * Sets where the child writes its errors.
   *
   * @param to inherited if not said
   * @return the new command
   * @throws IllegalArgumentException if it is not for stderr, or {@link #captureOutput} was said
   */
  public Command<T> stderr(Redirect to) {
    Redirect redirect = Redirect.forStderr(Objects.requireNonNull(to, "stderr"));
    return with(s -> s.stderr = redirect);
  }

  /**
   * Captures stdout and stderr, each in a pipe of its own.
   *
   * @return the new command
   * @throws IllegalArgumentException if {@code stdout} or {@code stderr} was said
   */
  public Command<T> captureOutput() {
    return with(s -> s.captureOutput = true);
  }

  /**
   * Gives the output as text: UTF-8, strictly.
   *
   * @return the new command
   */
  public Command<String> text() {
    return text(StandardCharsets.UTF_8);
  }

  /**
   * Gives the output as text, strictly.
   *
   * @param charset for input and output
   * @return the new command
   */
  public Command<String> text(Charset charset) {
    return text(charset, TextErrors.STRICT);
  }

  /**
   * Gives the output as text. All bytes of a stream are decoded at once; then {@code \r\n} and
   * {@code \r} become {@code \n}.
   *
   * @param charset for input and output
   * @param errors what happens to what is not text
   * @return the new command
   */
  public Command<String> text(Charset charset, TextErrors errors) {
    return form(
        new OutputForm.Text(
            new TextMode(
                Objects.requireNonNull(charset, "charset"),
                Objects.requireNonNull(errors, "errors"))));
  }

  /**
   * Gives the output as bytes. The default.
   *
   * @return the new command
   */
  public Command<byte[]> bytes() {
    return form(new OutputForm.Bytes());
  }

  /**
   * Gives the output in native memory: the only way to capture more than an array holds (2 GiB).
   *
   * <p>The memory is the arena's from the start of the child on, and goes when the arena is closed,
   * whatever became of the child: close the arena after the {@link Popen}. What an exception holds
   * is a copy if it is at most 1 MiB of a stream, and so can be read after the arena was closed, as
   * in the {@code catch} of the {@code try} that has the arena; more is not, see {@link Captured}.
   *
   * @param arena owns the memory. With a confined arena only its thread can start, communicate and
   *     use the output streams; others may wait, poll, signal and write to stdin
   * @return the new command
   */
  public Command<MemorySegment> offHeap(Arena arena) {
    return form(new OutputForm.OffHeap(Objects.requireNonNull(arena, "arena")));
  }

  private <U> Command<U> form(OutputForm<U> form) {
    return new Command<>(settings.with(s -> s.form = form));
  }

  /**
   * Makes {@link Popen#close} kill a child that still runs, always.
   *
   * @return the new command
   */
  public Command<T> killOnClose() {
    return with(s -> s.killOnClose = true);
  }

  /**
   * Sets what only POSIX systems can do.
   *
   * @param change gets the options so far and returns the new ones
   * @return the new command
   */
  public Command<T> posix(UnaryOperator<PosixOptions> change) {
    PosixOptions options = Objects.requireNonNull(change.apply(settings.posix), "posix options");
    return with(s -> s.posix = options);
  }

  /**
   * Sets what only Windows can do.
   *
   * @param change gets the options so far and returns the new ones
   * @return the new command
   */
  public Command<T> windows(UnaryOperator<WindowsOptions> change) {
    WindowsOptions options =
        Objects.requireNonNull(change.apply(settings.windows), "windows options");
    return with(s -> s.windows = options);
  }

  /**
   * For the one-shot calls: what to send to stdin, which becomes a pipe.
   *
   * @param bytes copied
   * @return the new command
   * @throws IllegalArgumentException if {@code stdin} was said
   */
  public Command<T> input(byte[] bytes) {
    return input(Input.of(Objects.requireNonNull(bytes, "input")));
  }

  /**
   * For the one-shot calls: what to send to stdin, which becomes a pipe.
   *
   * @param text sent in the charset of {@code text}, or UTF-8
   * @return the new command
   * @throws IllegalArgumentException if {@code stdin} was said
   */
  public Command<T> input(String text) {
    return input(Input.of(Objects.requireNonNull(text, "input")));
  }

  /**
   * For the one-shot calls: what to send to stdin, which becomes a pipe.
   *
   * @param input opened by each call
   * @return the new command
   * @throws IllegalArgumentException if {@code stdin} was said
   */
  public Command<T> input(Input input) {
    Objects.requireNonNull(input, "input");
    return with(s -> s.input = input);
  }

  /**
   * For the one-shot calls: kills the child and throws {@link TimeoutExpiredException} if it takes
   * longer.
   *
   * @param limit zero or negative is already past; a child that is done by then is returned all the
   *     same
   * @return the new command
   */
  public Command<T> timeout(Duration limit) {
    Objects.requireNonNull(limit, "timeout");
    return with(s -> s.timeout = limit);
  }

  /**
   * For the one-shot calls: throws {@link CalledProcessException} if the child does not end with
   * one of these codes.
   *
   * @param accepted the good ones, as {@link Popen#returncode} tells them: -N is an end by signal
   *     N; 0 if none is given
   * @return the new command
   */
  public Command<T> check(int... accepted) {
    int[] codes = accepted.length == 0 ? new int[] {0} : accepted.clone();
    return with(s -> s.accepted = codes);
  }

  /**
   * Starts a child.
   *
   * <p>Not interruptible: it takes about a millisecond, during which a virtual thread holds its
   * carrier. Not bounded by any timeout either: on a file system that hangs, {@code execve} hangs
   * with it, and {@code open} of a FIFO given to {@link Redirect#from}, {@link Redirect#to} or
   * {@link Redirect#appendTo} waits until somebody opens its other end (fifo(7)).
   *
   * @return the running child; close it, or communicate with it to the end
   * @throws SpawnException if the system refused; it names the culprit
   * @throws IOException if something else went wrong
   * @throws IllegalStateException if {@code input}, {@code timeout} or {@code check} was said,
   *     which only the one-shot calls obey; or if the arena of {@link #offHeap} is closed, or
   *     confined to another thread
   */
  public Popen<T> start() throws IOException {
    settings.checkStart();
    return Popen.start(settings, form());
  }

  /**
   * Starts a child, sends it the input, reads its outputs and waits for it.
   *
   * <p>When it throws, for whatever reason, the child was killed. After a timeout it does not wait
   * for a grandchild that keeps a pipe open.
   *
   * @return how it went; a non-zero exit is a result, unless {@link #check} was said
   * @throws TimeoutExpiredException if {@link #timeout} was said and passed; holds the output so
   *     far
   * @throws CalledProcessException if {@link #check} was said and the child failed; holds the
   *     output
   * @throws SpawnException if it could not be started
   * @throws IOException if something else went wrong
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalStateException if an arena of {@link #offHeap} or of the input is closed or
   *     confined to another thread, or the input was used up
   */
  @CanIgnoreReturnValue
  public CompletedProcess<T> run() throws IOException, InterruptedException {
    return new OneShot<>(settings, form()).run();
  }

  /**
   * As {@link #run}, on a virtual thread of its own, where the child is started as well.
   *
   * <p>{@code cancel} interrupts that thread, whatever its argument is, and so ends {@code run}:
   * the child is killed, a moment later. So does whoever else completes the future first, such as
   * {@code orTimeout}; a stage derived from the future does not.
   *
   * @return fails with what {@link #run} throws
   * @throws IllegalArgumentException if the text of {@link #input(String)} cannot be encoded
   * @throws IllegalStateException if an arena of {@link #offHeap} or of the input is closed or
   *     confined to a thread, or the input was used up
   */
  public CompletableFuture<CompletedProcess<T>> runAsync() {
    return new OneShot<>(settings, form()).runAsync();
  }

  /**
   * As {@link #run}, for the exit code only. Python's {@code call}.
   *
   * @return as {@link Popen#returncode}
   * @throws IOException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  public int call() throws IOException, InterruptedException {
    return run().returncode();
  }

  /**
   * As {@link #call}, with {@link #check}. Python's {@code check_call}.
   *
   * @return the accepted code
   * @throws IOException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  @CanIgnoreReturnValue
  public int checkCall() throws IOException, InterruptedException {
    return checked().call();
  }

  /**
   * As {@link #run} with stdout captured and {@link #check}, for the output only. Python's {@code
   * check_output}.
   *
   * @return what the child wrote to stdout
   * @throws IllegalArgumentException if stdout was sent elsewhere
   * @throws IOException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  public T checkOutput() throws IOException, InterruptedException {
    if (settings.stdout != null && !settings.stdout.isPipe()) {
      throw new IllegalArgumentException(
          "stdout is captured by checkOutput and cannot be " + settings.stdout);
    }
    Command<T> capturing = settings.captureOutput ? this : stdout(Redirect.PIPE);
    return capturing.checked().run().stdout();
  }

  private Command<T> checked() {
    return settings.accepted == null ? check() : this;
  }

  /**
   * What a shell script writes to stdout and stderr, without the last newline. Python's {@code
   * getoutput}.
   *
   * @param script for {@link #shell}
   * @return the output, whatever the exit code
   * @throws IOException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  public static String getOutput(String script) throws IOException, InterruptedException {
    return getStatusOutput(script).stdout();
  }

  /**
   * As {@link #getOutput}, with the exit code. Python's {@code getstatusoutput}.
   *
   * @param script for {@link #shell}
   * @return both outputs in {@code stdout()}, in the order of writing, without the last newline
   * @throws IOException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  public static CompletedProcess<String> getStatusOutput(String script)
      throws IOException, InterruptedException {
    CompletedProcess<String> completed =
        shell(script).text().stdout(Redirect.PIPE).stderr(Redirect.STDOUT).run();
    String output = completed.stdout();
    return output.endsWith("\n")
        ? completed.withStdout(output.substring(0, output.length() - 1))
        : completed;
  }

  private static <E> List<E> appended(List<E> first, List<? extends E> second) {
    List<E> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }

  private Command<T> with(Consumer<CommandSettings> change) {
    return new Command<>(settings.with(change));
  }

  @SuppressWarnings("unchecked") // T changes together with the form, in form(OutputForm) only
  private OutputForm<T> form() {
    return (OutputForm<T>) settings.form;
  }

  /**
   * The program and the number of its arguments, which may be secret.
   *
   * @return for people
   */
  @Override
  public String toString() {
    int arguments = settings.command.size() - 1;
    return "Command["
        + (settings.shell ? "shell" : settings.program())
        + ", "
        + arguments
        + (arguments == 1 ? " argument]" : " arguments]");
  }
}
