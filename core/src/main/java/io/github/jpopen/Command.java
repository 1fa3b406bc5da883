package io.github.jpopen;

import io.github.jpopen.command.CommandChecks;
import io.github.jpopen.command.CommandDisplay;
import io.github.jpopen.command.ShellWords;
import io.github.jpopen.command.VisibleText;
import io.github.jpopen.output.OutputForm;
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
 * What to run, and how.
 *
 * {@snippet file="CommandSnippets.java" region="command" :
 * Command<String> sort = Command.of("sort").env("LC_ALL", "C").text(); // immutable: share it
 * String ascending = sort.input("b\na\n").checkOutput(); // "a\nb\n"
 * String descending = sort.args("-r").input("b\na\n").checkOutput(); // "b\na\n"
 * int code = Command.shell("exit 3").call(); // 3
 * var later = sort.input("b\na\n").stdout(PIPE).runAsync(); // a CompletableFuture
 * }
 *
 * <p>The last call decides what happens:
 *
 * <ul>
 *   <li>{@link #run} returns the exit status and the captured output, whatever the exit code is.
 *   <li>{@link #call} returns the exit code only.
 *   <li>{@link #checkCall} is for a child that must succeed: it throws if the exit code is not 0.
 *   <li>{@link #checkOutput} returns the stdout of a child that must succeed.
 *   <li>{@link #runAsync} is {@code run} in the background.
 *   <li>{@link #start} returns a running child, to exchange data with step by step.
 * </ul>
 *
 * <p>All but {@code start} are <em>one-shot calls</em>. They start a child, send its input, read
 * its output and wait for its exit. If they throw, no child is left running.
 *
 * <p>The other methods set options:
 *
 * <ul>
 *   <li>If an option is set twice, the last call wins.
 *   <li>A stream that is not redirected is inherited.
 *   <li>Invalid arguments are rejected immediately, with an {@link IllegalArgumentException}.
 *   <li>What this system cannot do is rejected at the start, with an {@link
 *       UnsupportedOperationException}.
 * </ul>
 *
 * <p>Immutable and thread-safe: every method returns a new command, so a command can be kept,
 * shared and started many times.
 *
 * @param <T> the type of the output: {@code byte[]}, {@code String} after {@link #text()}, {@code
 *     MemorySegment} after {@link #offHeap}
 * @see <a href="https://docs.python.org/3/library/subprocess.html">Python's subprocess</a>
 * @since 0.1
 */
@CheckReturnValue
public final class Command<T> {
  private final CommandSettings settings;

  private Command(CommandSettings settings) {
    this.settings = settings;
  }

  /**
   * Creates a command from a program and its arguments. No shell interprets them.
   *
   * <p>A name without a separator is looked up in the {@code PATH} of the child:
   *
   * <ul>
   *   <li>Only absolute directories count, so the working directory is never searched.
   *   <li>On POSIX, a child without {@code PATH} uses that of this JVM. If there is none either,
   *       {@code /bin} and {@code /usr/bin} are searched.
   *   <li>On Windows, nothing is found for a child without {@code PATH}: give a path.
   * </ul>
   *
   * @param program its name, or a path; on Windows without quotation marks
   * @param args its arguments
   * @return the command
   * @throws IllegalArgumentException if the program is empty or names a directory ({@code "."},
   *     {@code ".."}, a final separator), or if anything contains NUL or an unpaired surrogate
   */
  public static Command<byte[]> of(String program, String... args) {
    List<String> argv = new ArrayList<>(args.length + 1);
    argv.add(program);
    argv.addAll(Arrays.asList(args));
    return of(argv);
  }

  /**
   * Creates a command from a program's path and its arguments.
   *
   * <p>The path keeps its bytes, even if the charset of this JVM cannot represent them.
   *
   * @param program its name, or a path; looked up like that of {@link #of(String, String...)}
   * @param args its arguments
   * @return the command
   * @throws IllegalArgumentException if {@link #of(String, String...)} would throw it, or if the
   *     path belongs to another file system, for example to an archive
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
   * Creates a command from a list.
   *
   * @param argv the program, followed by its arguments; copied
   * @return the command
   * @throws IllegalArgumentException if the list is empty, or if {@link #of(String, String...)}
   *     would throw it
   */
  public static Command<byte[]> of(List<String> argv) {
    CommandSettings settings = new CommandSettings();
    settings.command = List.copyOf(CommandChecks.command(argv, false));
    return new Command<>(settings);
  }

  /**
   * Creates a command from one line, such as a setting or a line of a document.
   *
   * {@snippet file="CommandSnippets.java" region="parse" :
   * Command<byte[]> last = Command.parse("git log -1 '--format=%an, %ar'");
   * IO.println(last.argv()); // [git, log, -1, --format=%an, %ar]
   * }
   *
   * <p>The line is split as {@code sh} splits it, on every system, but no shell runs. So a line
   * that is accepted has the arguments that {@code sh} would pass. What a shell interprets is
   * rejected unless it is quoted:
   *
   * <ul>
   *   <li>{@code | & ; < > ( ) $ `}, and the patterns {@code * ? [}
   *   <li>{@code ~} and {@code #} at the start of a word, {@code =~}, lists such as {@code {a,b}}
   *   <li>{@code NAME=value} and words such as {@code if} at the start of the line
   *   <li>a backslash before a letter or a digit, which {@code sh} removes: quote a Windows path
   *   <li>a line break, except around the line
   * </ul>
   *
   * <p>Never put data into the line. Add it with {@link #args(String...)}, which changes nothing.
   *
   * @param line the program and its arguments
   * @return the command
   * @throws IllegalArgumentException if the line is empty, if a quote has no end, if a shell would
   *     interpret the line, or if {@link #of(String, String...)} would throw it. The message holds
   *     a position and no word of the line
   */
  public static Command<byte[]> parse(String line) {
    return of(ShellWords.of(Objects.requireNonNull(line, "line is null")));
  }

  /**
   * Creates a command that runs a script in the system's shell: {@code /bin/sh -c} on POSIX, {@code
   * cmd.exe /c} on Windows.
   *
   * <p>The shell interprets all of the script. Pass data as arguments, never as a part of the
   * script. A script that begins with {@code -} or {@code +} is not taken for an option of the
   * shell. For that, {@code --} is put before it, unless {@link #executable} chose another shell.
   *
   * <p>{@code cmd.exe} has no parameters. On Windows, therefore:
   *
   * <ul>
   *   <li>The arguments are appended to the script.
   *   <li>An argument that {@code cmd.exe} would change is rejected when the child is started. That
   *       is one with a line break or with one of the characters {@code "%!^&|<>}.
   *   <li>Pass such data to the program in environment variables.
   * </ul>
   *
   * @param script in the language of the shell
   * @param args {@code $0}, {@code $1} and so on; on Windows, what is appended to the script
   * @return the command
   * @throws IllegalArgumentException if something contains NUL or an unpaired surrogate
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
   * @param more what to add at the end
   * @return the new command
   * @throws IllegalArgumentException if one contains NUL or an unpaired surrogate
   */
  public Command<T> args(String... more) {
    return args(Arrays.asList(Objects.requireNonNull(more, "args is null")));
  }

  /**
   * Adds arguments.
   *
   * @param more what to add at the end; copied
   * @return the new command
   * @throws IllegalArgumentException if one contains NUL or an unpaired surrogate
   */
  public Command<T> args(List<String> more) {
    return with(
        s -> s.command = appended(s.command, CommandChecks.arguments(more, s.command.size())));
  }

  /**
   * Adds an argument that is not text. POSIX only.
   *
   * @param argument its bytes; copied
   * @return the new command
   * @throws IllegalArgumentException if it contains NUL
   */
  public Command<T> rawArg(byte[] argument) {
    return with(
        s ->
            s.command =
                appended(s.command, List.of(CommandChecks.raw(argument, s.command.size()))));
  }

  /**
   * Adds an argument that no message and no display shows: {@link #argv}, {@link #toCommandLine},
   * {@link Popen#args} and {@link SubprocessException#args} have {@code ***} in its place.
   *
   * {@snippet file="CommandSnippets.java" region="secretArg" :
   * Command<byte[]> login = Command.of("login", "-u", "me", "-p").secretArg("hunter2");
   * IO.println(login.toCommandLine()); // login -u me -p ***
   * IO.println(login.named("nightly login")); // Command[nightly login, 4 arguments]
   * }
   *
   * <p>Other processes can read it while the child runs, as they can read every argument. Where the
   * program allows it, pass a secret by its input or in a file.
   *
   * @param secret the argument
   * @return the new command
   * @throws IllegalArgumentException if it contains NUL or an unpaired surrogate
   */
  public Command<T> secretArg(String secret) {
    return with(
        s ->
            s.command =
                appended(s.command, List.of(CommandChecks.secret(secret, s.command.size()))));
  }

  /**
   * Sets the name of the command in messages and logs, in place of the program's.
   *
   * @param name for people, for example {@code "nightly backup"}
   * @return the new command
   * @throws IllegalArgumentException if it is empty
   */
  public Command<T> named(String name) {
    if (Objects.requireNonNull(name, "name is null").isEmpty()) {
      throw new IllegalArgumentException("the name of the command is empty");
    }
    return with(s -> s.name = name);
  }

  /**
   * Sets whether the messages of {@link CalledProcessException}, {@link TimeoutExpiredException}
   * and a failed {@link Popen#awaitLine awaitLine} end with the last lines of a captured stderr.
   * They do by default. Set it to false if stderr may hold secrets.
   *
   * <p>At most ten lines and 2,000 characters are shown. Control characters are escaped.
   *
   * @param shown whether messages show them
   * @return the new command
   */
  public Command<T> stderrInMessages(boolean shown) {
    return with(s -> s.showsStderr = shown);
  }

  /**
   * Sets the file to execute, in place of the one that the first argument names. After {@link
   * #shell} it replaces the shell. Python's {@code executable}.
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
   * Returns the program and its arguments, for display only.
   *
   * @return the program, or the script, followed by its arguments; bytes are decoded as UTF-8;
   *     immutable
   */
  public List<String> argv() {
    return settings.argv();
  }

  /**
   * Returns the command as a person would type it in the shell of this system, for display only.
   *
   * <ul>
   *   <li>On POSIX, arguments are quoted for {@code sh}. Bytes and control characters are in {@code
   *       $'...'}, which not every {@code sh} has.
   *   <li>On Windows, they are quoted as programs undo it. {@code cmd.exe} would also interpret
   *       {@code %} and {@code ^}.
   *   <li>A {@link #secretArg} is {@code ***}.
   *   <li>Environment, working directory and redirects are left out.
   * </ul>
   *
   * @return one line, unless an argument contains a line break on Windows
   */
  public String toCommandLine() {
    return CommandDisplay.line(
        settings.command, settings.shell, settings.program(), settings.executable != null);
  }

  /**
   * Sets the child's working directory. A program given as a relative path is looked up there.
   *
   * <p>On POSIX, a relative path means the working directory that the kernel has for this process,
   * even if it was renamed or deleted. This holds for every path of a command, for {@link Redirect}
   * and for {@link Input#file}, and the child inherits that directory. On Windows, it means the
   * current directory that Windows has for this process. The property {@code user.dir} does not
   * matter, although {@link Path#toAbsolutePath} uses it.
   *
   * @param directory if relative, it is resolved against the working directory of this process
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
   * Sets an environment variable. The child inherits all others. On Windows, names that differ only
   * in case are one variable.
   *
   * @param name without {@code =}
   * @param value may be empty; {@link #removeEnv} removes a variable
   * @return the new command
   * @throws IllegalArgumentException if the name is empty or contains {@code =}, or if one of the
   *     two contains NUL or an unpaired surrogate
   */
  public Command<T> env(String name, String value) {
    int number = settings.environment.size() + 1;
    return environment(List.of(CommandChecks.variable(name, value, number)));
  }

  /**
   * Sets environment variables. The child inherits all others, unlike with Python's {@code env}. To
   * pass only these variables, call {@link #clearEnv} first.
   *
   * @param variables names and values; copied
   * @return the new command
   * @throws IllegalArgumentException if {@link #env(String, String)} would throw it
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
   * Removes an environment variable.
   *
   * @param name may be that of a variable that is not set
   * @return the new command
   * @throws IllegalArgumentException if it is empty, contains {@code =} or NUL, or an unpaired
   *     surrogate
   */
  public Command<T> removeEnv(String name) {
    String checked = CommandChecks.text("environment name", CommandChecks.variableName(name));
    return environment(List.of(new Remove(checked)));
  }

  /**
   * Removes all environment variables, inherited or set before this call.
   *
   * @return the new command
   */
  public Command<T> clearEnv() {
    return environment(List.of(new Clear()));
  }

  private Command<T> environment(List<EnvironmentChange> changes) {
    return with(s -> s.environment = appended(s.environment, changes));
  }

  /**
   * Sets where the child reads its input.
   *
   * @param from where from; inherited by default
   * @return the new command
   * @throws IllegalArgumentException if it is for an output, or if {@link #input(Input)} was set
   */
  public Command<T> stdin(Redirect from) {
    Redirect redirect = Redirect.forStdin(Objects.requireNonNull(from, "stdin is null"));
    return with(s -> s.stdin = redirect);
  }

  /**
   * Sets where the child writes its output.
   *
   * @param to where to; inherited by default
   * @return the new command
   * @throws IllegalArgumentException if it is not for stdout, or if {@link #captureOutput} was set
   */
  public Command<T> stdout(Redirect to) {
    Redirect redirect = Redirect.forStdout(Objects.requireNonNull(to, "stdout is null"));
    return with(s -> s.stdout = redirect);
  }

  /**
   * Sets where the child writes its errors.
   *
   * @param to where to; inherited by default
   * @return the new command
   * @throws IllegalArgumentException if it is not for stderr, or if {@link #captureOutput} was set
   */
  public Command<T> stderr(Redirect to) {
    Redirect redirect = Redirect.forStderr(Objects.requireNonNull(to, "stderr is null"));
    return with(s -> s.stderr = redirect);
  }

  /**
   * Captures stdout and stderr, each in a pipe of its own. To capture both in one pipe, in the
   * order of writing, use {@code stdout(PIPE).stderr(STDOUT)}.
   *
   * @return the new command
   * @throws IllegalArgumentException if {@link #stdout} or {@link #stderr} was set
   */
  public Command<T> captureOutput() {
    return with(s -> s.captureOutput = true);
  }

  /**
   * Sets what gets each line of the outputs while the child runs.
   *
   * {@snippet file="OutputSnippets.java" region="onLine" :
   * Command<String> build = Command.shell("echo compiling; echo 'no tests' >&2; exit 1").text();
   * try {
   *   build.captureOutput().onLine((stream, line) -> log.info(stream + ": " + line)).checkCall();
   * } catch (CalledProcessException e) { // the lines are in the exception, too
   *   IO.print(e.stderr().text()); // no tests
   * }
   * }
   *
   * <ul>
   *   <li>An output that is captured is kept as well. One that is not redirected becomes a pipe,
   *       and is not kept. One that goes elsewhere has no lines.
   *   <li>A thread that moves bytes calls the consumer: usually the one in {@code communicate} or
   *       in a one-shot call. Threads in {@link Popen#stop}, or that use another stream of the
   *       child, may do so as well. There is one call at a time.
   *   <li>The lines of one output come in order. Between the two outputs there is no order, except
   *       with {@code stderr(STDOUT)} or {@code stdout(STDERR)}.
   *   <li>A line ends with {@code \n}, {@code \r\n} or {@code \r}, so each update of a progress bar
   *       is a line. The last one may have no end. A line of more than 1,048,576 characters comes
   *       in parts.
   *   <li>Text is decoded as {@link #text(Charset, TextErrors)} says, or from UTF-8.
   *   <li>A slow consumer slows the child: at most 256 KiB and one step of each output wait for it.
   *       An interrupt is checked after each line, and a time limit after at most 16. After a time
   *       limit has passed, the consumer has a second for what came before; the rest is only kept.
   *       A single call of the consumer is never cut short: while it does not return, no time limit
   *       ends the child.
   *   <li>If the consumer throws, the call ends with a {@link SubprocessException}, with that
   *       exception as its cause. A one-shot call kills the child. After {@code communicate} the
   *       child lives on, and the next call begins with the next line.
   *   <li>An interrupt or a cancel of a one-shot call ends the calls, even if a {@link #grace}
   *       follows. After a timeout the consumer also gets what comes during the grace.
   *   <li>A child of {@link #start} needs {@link Popen#communicate()}: {@link Popen#waitFor()}
   *       calls no consumer, and {@link Popen#close} discards what was not delivered.
   *   <li>The outputs have no streams: {@link Popen#stdout} and its relatives throw {@link
   *       IllegalStateException}.
   * </ul>
   *
   * @param consumer gets the lines
   * @return the new command
   */
  public Command<T> onLine(OutputConsumer<String> consumer) {
    Objects.requireNonNull(consumer, "consumer is null");
    return with(s -> s.lines = consumer);
  }

  /**
   * Sets what gets the bytes of the outputs while the child runs, as {@link #onLine} does for
   * lines. A command may have both.
   *
   * {@snippet file="OutputSnippets.java" region="onChunk" :
   * CRC32 sum = new CRC32();
   * Command.of("head", "-c", "1000000", "/dev/zero")
   *     .onChunk((stream, bytes) -> sum.update(bytes)) // not kept: memory stays flat
   *     .checkCall();
   * IO.println(Long.toHexString(sum.getValue()));
   * }
   *
   * @param consumer gets arrays of its own, of at least 1 byte and at most 65,536
   * @return the new command
   */
  public Command<T> onChunk(OutputConsumer<byte[]> consumer) {
    Objects.requireNonNull(consumer, "consumer is null");
    return with(s -> s.chunks = consumer);
  }

  /**
   * Adds a listener for metrics and logs. It hears of each child of this command: its start, its
   * exit, a timeout, a kill, and an output that passed its limit.
   *
   * {@snippet file="CommandSnippets.java" region="listener" :
   * Map<String, Integer> ended = new ConcurrentHashMap<>();
   * Command<byte[]> counted =
   *     Command.of("true")
   *         .listener(
   *             event -> {
   *               if (event instanceof ChildEvent.Exited exited) {
   *                 ended.merge(exited.program() + " " + exited.returncode(), 1, Integer::sum);
   *               }
   *             });
   * counted.run();
   * IO.println(ended); // {true 0=1}
   * }
   *
   * <ul>
   *   <li>A command may have several. They are called in the order in which they were added.
   *   <li>A listener is called on the thread on which the event happens, before that call goes on:
   *       so it should return soon. For a child that is found forgotten, it is called on the thread
   *       that cleans up.
   *   <li>Several threads may call it at the same time. No lock of jpopen is held meanwhile.
   *   <li>It may use the child. What it waits for, the call waits for as well: at a timeout {@link
   *       Popen#close} waits for the exit, because the child was not killed yet.
   *   <li>While a listener is called, it hears of no second event of the same kind on the same
   *       thread and child. So a kill in it causes no further call.
   *   <li>What it throws is logged, and does not reach the call.
   *   <li>A stage of a pipeline keeps its listeners.
   * </ul>
   *
   * @param listener gets the events
   * @return the new command
   */
  public Command<T> listener(Consumer<? super ChildEvent> listener) {
    Objects.requireNonNull(listener, "listener is null");
    return with(
        s -> {
          List<Consumer<? super ChildEvent>> all = new ArrayList<>(s.listeners);
          all.add(listener);
          s.listeners = List.copyOf(all);
        });
  }

  /**
   * Makes the output text in UTF-8. Other bytes are an error, see {@link TextErrors#STRICT}.
   *
   * @return the new command
   */
  public Command<String> text() {
    return text(StandardCharsets.UTF_8);
  }

  /**
   * Makes the output text in a charset. Bytes that are not text in it are an error, see {@link
   * TextErrors#STRICT}.
   *
   * @param charset for the input and the output
   * @return the new command
   */
  public Command<String> text(Charset charset) {
    return text(charset, TextErrors.STRICT);
  }

  /**
   * Makes the output text in a charset, with a policy for errors.
   *
   * <p>All bytes of a stream are decoded together. Then {@code \r\n} and {@code \r} become {@code
   * \n}, as in Python.
   *
   * @param charset for the input and the output
   * @param errors what to do with bytes that are not text, and with characters that cannot be
   *     encoded
   * @return the new command
   */
  public Command<String> text(Charset charset, TextErrors errors) {
    return form(
        new OutputForm.Text(
            new TextMode(
                Objects.requireNonNull(charset, "charset is null"),
                Objects.requireNonNull(errors, "errors is null").policy())));
  }

  /**
   * Makes the output bytes. This is the default.
   *
   * @return the new command
   */
  public Command<byte[]> bytes() {
    return form(new OutputForm.Bytes());
  }

  /**
   * Captures the output in native memory. Only this form can have more in memory than an array can
   * hold (2 GiB a stream). See also {@link Redirect#spillTo}.
   *
   * <ul>
   *   <li>The arena owns the memory from the start of the child. Closing the arena frees it,
   *       whatever state the child is in: close the arena after the {@link Popen}.
   *   <li>With a confined arena, only its thread can start the child, communicate and use the
   *       output streams. Other threads may wait, poll, send signals and write to stdin.
   *   <li>An exception holds a copy of at most 1 MiB of each stream, which outlives the arena. A
   *       larger output stays in the arena, see {@link Captured}.
   * </ul>
   *
   * @param arena owns the memory
   * @return the new command
   */
  public Command<MemorySegment> offHeap(Arena arena) {
    return form(new OutputForm.OffHeap(Objects.requireNonNull(arena, "arena is null")));
  }

  /** What is set, for a pipeline. */
  CommandSettings settings() {
    return settings;
  }

  private <U> Command<U> form(OutputForm<U> form) {
    return new Command<>(settings.with(s -> s.form = form));
  }

  /**
   * Makes {@link Popen#close} always kill a child that is still running.
   *
   * @return the new command
   */
  public Command<T> killOnClose() {
    return with(s -> s.killOnClose = true);
  }

  /**
   * Kills the child when this JVM ends, if it still runs then. Without this option children outlive
   * the JVM, as in Python.
   *
   * {@snippet file="CommandSnippets.java" region="killOnExit" :
   * Command<byte[]> helper = Command.of("sleep", "60").killOnExit();
   * Popen<byte[]> child = helper.start(); // ends with this JVM, even if close is never called
   * }
   *
   * <ul>
   *   <li>It applies to every orderly end: the last thread has ended, {@code System.exit}, or a
   *       signal that the JVM handles, such as SIGTERM.
   *   <li>A child with {@link #grace} is asked first. All children together get at most five
   *       seconds then.
   *   <li>If the JVM itself is killed (SIGKILL, a crash, {@code Runtime.halt}), the child is killed
   *       as well, and is not asked first. On POSIX a process of {@code /bin/sh} does that, which
   *       is there while such children are. On Windows a job object does it.
   *   <li>The child outlives a killed JVM that died while it started the child. It also does so
   *       without {@code /bin/sh}, or if Windows refuses the job object.
   *   <li>While the JVM ends, {@link #start} and the one-shot calls refuse such a command with
   *       {@link IllegalStateException}.
   * </ul>
   *
   * @return the new command
   */
  public Command<T> killOnExit() {
    return with(s -> s.killOnExit = true);
  }

  /**
   * Makes every kill by jpopen reach all processes that the child has started, and those that they
   * have started in turn.
   *
   * {@snippet file="CommandSnippets.java" region="killTree" :
   * Command<String> build = Command.shell("sleep 60 & sleep 60 & wait").text().killTree();
   * try {
   *   build.captureOutput().timeout(Duration.ofMillis(500)).run();
   * } catch (TimeoutExpiredException e) { // both "sleep" were killed as well
   *   IO.println(e.ending().orElseThrow().survivors()); // []
   * }
   * }
   *
   * <ul>
   *   <li>It applies when a one-shot call times out, fails, is interrupted or cancelled; to {@link
   *       #killOnClose} and {@link #killOnExit}; and to {@link Popen#stop}. {@link Popen#kill}
   *       still kills one process, and {@link Popen#killTree} all.
   *   <li>A child that ends by itself keeps what it has started. A later kill reaches that, too. At
   *       the JVM's end only children that still run then are killed, with their trees.
   *   <li>With {@link #grace}, SIGTERM goes to the process group of the child first, so every
   *       process of a {@code make -j8} gets it. All of them have the same time. What is left then
   *       is killed. If {@link #posix} chose another group, only the child is asked. Once the child
   *       has ended, no process is asked: what it has left is killed at once.
   *   <li>A kill may take up to two seconds, in which it waits for the ends of what it killed. So a
   *       one-shot call that is interrupted, and {@link Popen#close}, may take that much longer.
   *   <li>What survives is in {@link Ending#survivors} and in the log. It is never assumed dead.
   * </ul>
   *
   * <p>How the processes are found:
   *
   * <ul>
   *   <li><em>POSIX</em>: the child leads a process group of its own, unless {@link #posix} chose a
   *       session or a group. So Ctrl-C in a terminal does not reach it, and it cannot read from
   *       that terminal: use {@link #killOnExit}, and give it another stdin.
   *   <li><em>Linux</em>: the descendants, the group, and the session if the child leads one; and
   *       the processes with the child's token in their environment variable {@code JPOPEN_TREE}.
   *       All are stopped first, until no new one appears, and then killed. A process escapes if it
   *       has left the group, has lost its parent, and has another environment. After the child's
   *       exit was observed, only the token counts. {@link PosixOptions#newCgroupBelow} finds such
   *       a process.
   *   <li><em>macOS</em>: the group and the descendants. A process that has left the group and lost
   *       its parent escapes.
   *   <li><em>Windows</em>: a job object, which no process can leave. With {@link #grace} the child
   *       gets a process group of its own, too, so Ctrl+C of the console does not reach it.
   * </ul>
   *
   * @return the new command
   */
  public Command<T> killTree() {
    return with(s -> s.killTree = true);
  }

  /**
   * Gives a child time to end by itself before it is killed: SIGTERM (or {@link #stopSignal}), then
   * at most {@code time}, then SIGKILL. Its output keeps moving meanwhile.
   *
   * {@snippet file="CommandSnippets.java" region="grace" :
   * Command<String> job =
   *     Command.shell("trap 'echo cleaned up; exit 1' TERM; sleep 60 & wait").text();
   * try {
   *   job.captureOutput().timeout(Duration.ofMillis(500)).grace(Duration.ofSeconds(5)).run();
   * } catch (TimeoutExpiredException e) {
   *   IO.print(e.stdout().text()); // cleaned up
   *   IO.println(e.ending().orElseThrow()); // TIMEOUT: SIGTERM
   * }
   * }
   *
   * <ul>
   *   <li>It applies wherever jpopen kills: when a one-shot call times out, fails, is interrupted
   *       or cancelled, and when {@link Popen#close} kills.
   *   <li>The call takes up to that much longer. An interrupt ends the time early.
   *   <li>{@link Popen#kill} still kills at once, and {@link Popen#stop} has a time of its own.
   *   <li>On Windows the child gets a CTRL_BREAK event, if it shares our console and has a process
   *       group: from {@link #killTree}, or from {@link WindowsOptions#creationFlags} with {@code
   *       CREATE_NEW_PROCESS_GROUP}. Otherwise it is killed at once.
   * </ul>
   *
   * @param time if zero or negative, the child is killed at once, as without this option
   * @return the new command
   */
  public Command<T> grace(Duration time) {
    Objects.requireNonNull(time, "grace is null");
    return with(s -> s.grace = time);
  }

  /**
   * Sets the signal that asks a child to end, in place of SIGTERM: for {@link #grace} and for
   * {@link Popen#stop}.
   *
   * {@snippet file="CommandSnippets.java" region="stopSignal" :
   * Command<String> recorder =
   *     Command.shell("trap 'echo saved; exit 0' USR1; echo up; while :; do sleep 0.1; done")
   *         .text();
   * try (Popen<String> child = recorder.stopSignal(Signal.SIGUSR1).stdout(PIPE).start()) {
   *   child.stdoutReader().readLine(); // up
   *   IO.println(child.stop(Duration.ofSeconds(5))); // Exited[code=0]
   *   IO.print(child.communicate().stdout()); // saved
   * }
   * }
   *
   * <p>{@link Popen#terminate} still sends SIGTERM. A child that must be killed still gets SIGKILL.
   * On Windows this has no effect, because a child there is asked by a CTRL_BREAK event.
   *
   * @param signal one that the program takes as a request to end; a start throws {@link
   *     UnsupportedOperationException} if a POSIX system has no such signal
   * @return the new command
   * @throws IllegalArgumentException if it is SIGKILL, SIGSTOP or 0, which no program can handle
   */
  public Command<T> stopSignal(Signal signal) {
    if (!Objects.requireNonNull(signal, "stop signal is null").asks()) {
      throw new IllegalArgumentException(signal + " asks nothing: no program can handle it");
    }
    return with(s -> s.stopSignal = signal);
  }

  /**
   * Sets what only POSIX systems can do.
   *
   * @param change receives the options set so far and returns the new ones
   * @return the new command
   */
  public Command<T> posix(UnaryOperator<PosixOptions> change) {
    PosixOptions options =
        Objects.requireNonNull(
            change.apply(settings.posixOrNone()), "the function given to posix returned null");
    return with(s -> s.posix = options);
  }

  /**
   * Sets what only Windows can do.
   *
   * @param change receives the options set so far and returns the new ones
   * @return the new command
   */
  public Command<T> windows(UnaryOperator<WindowsOptions> change) {
    WindowsOptions options =
        Objects.requireNonNull(
            change.apply(settings.windowsOrNone()), "the function given to windows returned null");
    return with(s -> s.windows = options);
  }

  /**
   * Sets the input of the one-shot calls. Stdin becomes a pipe.
   *
   * @param bytes copied
   * @return the new command
   * @throws IllegalArgumentException if {@link #stdin} was set
   */
  public Command<T> input(byte[] bytes) {
    return input(Input.of(Objects.requireNonNull(bytes, "input is null")));
  }

  /**
   * Sets the input of the one-shot calls. Stdin becomes a pipe.
   *
   * @param text sent in the charset of {@link #text(Charset)}, or in UTF-8
   * @return the new command
   * @throws IllegalArgumentException if {@link #stdin} was set
   */
  public Command<T> input(String text) {
    return input(Input.of(Objects.requireNonNull(text, "input is null")));
  }

  /**
   * Sets the input of the one-shot calls. Stdin becomes a pipe.
   *
   * @param input opened by each call
   * @return the new command
   * @throws IllegalArgumentException if {@link #stdin} was set
   */
  public Command<T> input(Input input) {
    Objects.requireNonNull(input, "input is null");
    return with(s -> s.input = input);
  }

  /**
   * Sets the time limit of the one-shot calls. A child that takes longer is killed, and {@link
   * TimeoutExpiredException} is thrown. Processes that the child has started are not killed, unless
   * {@link #killTree} was set. The limit counts from when the child has been started: see {@link
   * #start} for what may delay that.
   *
   * @param limit if zero or negative, the deadline has already passed; a child that has already
   *     finished is still returned
   * @return the new command
   */
  public Command<T> timeout(Duration limit) {
    Objects.requireNonNull(limit, "timeout is null");
    return with(s -> s.timeout = limit);
  }

  /**
   * Limits how long no byte may move. If none was sent or received for that long, {@code
   * communicate} and the one-shot calls throw {@link TimeoutExpiredException}, whose {@link
   * TimeoutExpiredException#limit} is {@code IDLE}. A one-shot call kills the child first.
   *
   * {@snippet file="CommandSnippets.java" region="idleTimeout" :
   * Command<byte[]> stuck = Command.shell("echo 10 %; exec sleep 60").captureOutput();
   * try {
   *   stuck.idleTimeout(Duration.ofMillis(500)).run();
   * } catch (TimeoutExpiredException e) {
   *   IO.println(e.limit()); // IDLE
   * }
   * }
   *
   * <p>Only pipes count: a child whose outputs are inherited or files always seems idle.
   *
   * @param limit counted from the start of the call, and from each byte
   * @return the new command
   * @throws IllegalArgumentException if it is zero or negative
   */
  public Command<T> idleTimeout(Duration limit) {
    if (!Objects.requireNonNull(limit, "idle timeout is null").isPositive()) {
      throw new IllegalArgumentException("the idle timeout is not positive: " + limit);
    }
    return with(s -> s.idle = limit);
  }

  /**
   * Limits how long {@code communicate} and the one-shot calls wait for the end of the outputs once
   * the child itself has ended. A process that the child has started in the background may hold
   * them open for as long as it runs.
   *
   * {@snippet file="CommandSnippets.java" region="drain" :
   * Command<String> start = Command.shell("sleep 60 & echo started").text().captureOutput();
   * CompletedProcess<String> done = start.drain(Duration.ofMillis(200)).run();
   * IO.print(done.stdout()); // started, after 200 ms
   * IO.println(done.isComplete()); // false: "sleep" still holds the outputs
   * }
   *
   * <ul>
   *   <li>When the limit has passed, the result holds the true exit status and the output so far.
   *       {@link Output#isComplete} and {@link CompletedProcess#isComplete} are false then.
   *   <li>The pipes are closed. A process that writes to them later gets SIGPIPE, or an error.
   *   <li>If the time limit of the call or the {@link #idleTimeout} passes first, the result is the
   *       same.
   *   <li>The same limit counts for input that such a process does not read. The rest is not sent,
   *       which is no failure.
   *   <li>Without this option the call waits for the end, as in Python.
   * </ul>
   *
   * @param limit counted from the child's exit; if zero or negative, only what is already there is
   *     taken
   * @return the new command
   */
  public Command<T> drain(Duration limit) {
    Objects.requireNonNull(limit, "drain is null");
    return with(s -> s.drain = limit);
  }

  /**
   * Makes the one-shot calls throw {@link CalledProcessException} if the exit code is not accepted.
   *
   * @param accepted the exit codes to accept, in the form of {@link Popen#returncode} (-N means
   *     killed by signal N); 0 if empty
   * @return the new command
   */
  public Command<T> check(int... accepted) {
    return with(s -> s.accept(accepted));
  }

  /**
   * Starts a child and returns it while it runs. Use it to exchange data step by step, to send
   * signals, or to continue after a timeout. For everything else the one-shot calls are shorter.
   *
   * <p>No timeout limits the start of a child:
   *
   * <ul>
   *   <li>It takes about a millisecond, during which a virtual thread occupies its carrier.
   *   <li>On a file system that hangs, {@code execve(2)} hangs, too. No interrupt ends that.
   *   <li>Opening a FIFO that was given to {@link Redirect} waits until another process opens the
   *       other end, see fifo(7). An interrupt ends the wait.
   * </ul>
   *
   * @return the running child; close it, or communicate with it to the end
   * @throws SpawnException if the system refused to start it; the exception names the culprit
   * @throws IOException if something else went wrong
   * @throws IllegalStateException if {@code input}, {@code timeout} or {@code check} was set, or if
   *     the arena of the output is closed or confined to another thread. With {@link #killOnExit},
   *     if the JVM is ending, too
   * @throws UnsupportedOperationException if this system cannot do what was set
   */
  public Popen<T> start() throws IOException {
    settings.checkStart();
    Popen<T> child = ChildStart.start(settings, form());
    child.handOut();
    return child;
  }

  /**
   * Starts a child that outlives this process, and returns at once: a daemon. Nothing of it is
   * kept, so there is nothing to close and no warning.
   *
   * {@snippet file="CommandSnippets.java" region="detached" :
   * Path log = folder.resolve("daemon.log");
   * long pid = Command.shell("echo up; exec sleep 1").stdout(Redirect.to(log)).startDetached();
   * IO.println("process " + pid + " goes on without us");
   * }
   *
   * <ul>
   *   <li>A stream that is not redirected is the null device.
   *   <li>On POSIX the child leads a new session, so no signal of the terminal reaches it. Its exit
   *       is collected in the background.
   *   <li>On Windows it has no console.
   * </ul>
   *
   * @return its process id, which the system may give to another process once the child has ended
   * @throws SpawnException if the child could not be started
   * @throws IOException if something else went wrong
   * @throws IllegalStateException if a stream is a pipe, or if an option was set that needs a child
   *     to be kept: {@code input}, {@code timeout}, {@code check}, {@code killOnClose}, {@code
   *     killOnExit}, {@code killTree}
   * @throws UnsupportedOperationException if this system cannot do what was set
   */
  @CanIgnoreReturnValue
  public long startDetached() throws IOException {
    return DetachedStart.start(settings);
  }

  /**
   * Starts a child, sends its input, reads its output and waits for it. Use it to look at the exit
   * code and at both outputs yourself.
   *
   * <ul>
   *   <li>If it throws, for whatever reason, no child is left running. If the system refused to
   *       kill the child, the exception says so.
   *   <li>An output ends when every process that inherited it has closed it. A background process
   *       of the child can therefore delay the result: see {@link #drain}.
   *   <li>After a timeout the call does not wait for such a process.
   * </ul>
   *
   * @return the result; a non-zero exit code is a result, unless {@link #check} was set
   * @throws TimeoutExpiredException if the time set by {@link #timeout} or {@link #idleTimeout} is
   *     up; holds the output received so far
   * @throws CalledProcessException if {@link #check} was set and the exit code is not accepted;
   *     holds the output
   * @throws OutputLimitException if an output is larger than {@link Redirect#limit} allows
   * @throws SpawnException if the child could not be started
   * @throws SubprocessException if the output cannot be decoded, the input or a consumer failed, or
   *     the output is larger than an array can hold; holds the output
   * @throws IOException if something else went wrong
   * @throws InterruptedException if this thread was interrupted
   * @throws IllegalArgumentException if the text of {@link #input(String)} cannot be encoded
   * @throws IllegalStateException if the arena of the output or input is closed or confined to
   *     another thread, or if a single-use input was used before. With {@link #killOnExit}, if the
   *     JVM is ending, too
   * @throws UnsupportedOperationException if this system cannot do what was set
   */
  @CanIgnoreReturnValue
  public CompletedProcess<T> run() throws IOException, InterruptedException {
    return new CommandRun<>(settings, form()).run();
  }

  /**
   * Does what {@link #run} does on a new virtual thread, which also starts the child. Use it to run
   * children in the background.
   *
   * <p>Cancelling the future interrupts that thread, so the child is killed a moment later.
   * Completing the future in any other way, for example by {@code orTimeout}, does the same.
   * Cancelling a dependent stage does not.
   *
   * <p>The thread inherits nothing from this one. So a consumer of {@link #onLine} sees neither its
   * thread locals (the context of a logger, for example) nor its context class loader.
   *
   * @return a future that fails with the exceptions of {@link #run}
   * @throws IllegalArgumentException if the text of {@link #input(String)} cannot be encoded
   * @throws IllegalStateException if the arena of the output or input is closed or confined to a
   *     thread, or if a single-use input was used before
   */
  public CompletableFuture<CompletedProcess<T>> runAsync() {
    return AsyncRun.start(new CommandRun<>(settings, form()));
  }

  /**
   * Runs the child for its exit code. Use it if the output is inherited, redirected or of no
   * interest. Python's {@code call}.
   *
   * @return the exit code, in the form of {@link Popen#returncode}
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; the child has been killed
   */
  public int call() throws IOException, InterruptedException {
    return run().returncode();
  }

  /**
   * Runs a child that must succeed. Use it if the output is inherited, redirected or of no
   * interest. Python's {@code check_call}.
   *
   * @return the accepted exit code: 0, or one of those given to {@link #check}
   * @throws CalledProcessException if the exit code is not accepted
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; the child has been killed
   */
  @CanIgnoreReturnValue
  public int checkCall() throws IOException, InterruptedException {
    return checked().call();
  }

  /**
   * Runs a child that must succeed, and returns what it wrote to stdout. Python's {@code
   * check_output}.
   *
   * <p>Stderr is inherited by default. To have it in the exception, call {@link #captureOutput}
   * first.
   *
   * <p>What {@link Redirect#PIPE} was given for stdout stays: a limit, a tee, a charset.
   *
   * @return what the child wrote to stdout
   * @throws CalledProcessException if the exit code is not accepted, see {@link #check}; 0 by
   *     default
   * @throws IllegalArgumentException if stdout was redirected to anything but a pipe
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; the child has been killed
   */
  public T checkOutput() throws IOException, InterruptedException {
    Command<T> capturing = settings.capturesStdout() ? this : stdout(Redirect.PIPE);
    return capturing.checked().run().stdout();
  }

  private Command<T> checked() {
    return settings.accepted == null ? check() : this;
  }

  /**
   * Returns what a shell script writes to stdout and stderr, without the last newline. Python's
   * {@code getoutput}.
   *
   * @param script for {@link #shell}
   * @return the output, whatever the exit code is
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; the child has been killed
   */
  public static String getOutput(String script) throws IOException, InterruptedException {
    return getStatusOutput(script).stdout();
  }

  /**
   * Returns the exit code of a shell script and what it writes to stdout and stderr, without the
   * last newline. Python's {@code getstatusoutput}.
   *
   * @param script for {@link #shell}
   * @return both outputs in {@code stdout()}, in the order of writing
   * @throws IOException if {@link #run} would throw it
   * @throws InterruptedException if this thread was interrupted; the child has been killed
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
   * Describes the command without its arguments, which may be secret.
   *
   * @return the program and the number of its arguments
   */
  @Override
  public String toString() {
    int arguments = settings.command.size() - 1;
    return "Command["
        + describedName()
        + ", "
        + arguments
        + (arguments == 1 ? " argument]" : " arguments]");
  }

  private String describedName() {
    String name = settings.name;
    return VisibleText.of(name != null ? name : settings.shell ? "shell" : settings.program());
  }
}
