package io.github.jpopen.windows;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedPipeline;
import io.github.jpopen.Output;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.contract.Attempt;
import io.github.jpopen.contract.ChildLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One use of the public API in which a call of Windows fails. It works, or throws an exception; an
 * {@link AssertionError} says that it returned something wrong.
 */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum CallUse {
  /** In another directory, with a stream that is a file and much output. */
  RUN(CallUse::runsInAnotherDirectory),
  /** What is sent and read continues after a timeout. */
  TIMEOUT(() -> with(echo(), CallUse::resumes)),
  /** The child is waited for and closed. */
  WAIT(() -> with(Command.shell("exit 3"), p -> require(p.waitFor(Values.LONG) == 3))),
  /** A dialogue with a child. */
  DIALOGUE(() -> with(echo(), CallUse::talks)),
  /** A child that reads nothing of its input, which is more than a pipe holds. */
  MUCH_INPUT(CallUse::sendsMuch),
  /** A run that takes too long is killed. */
  KILLED_RUN(CallUse::runsTooLong),
  /** A child of which nothing is wanted is killed by its close. */
  CLOSE(() -> with(waiting(), popen -> popen.stdin().write(new byte[10], 0, 10))),
  /** A stream is closed while it is waited for. */
  CLOSED_STREAM(() -> with(waiting().captureOutput(), CallUse::closesStream)),
  /** A program and its directory have relative names. */
  RELATIVE(CallUse::runsCopy),
  /** Files, of which one has a relative name, and a stream of ours. */
  REDIRECT(CallUse::redirects),
  /** Two children with a pipe between them. */
  PIPELINE(CallUse::runsTwo),
  /** All that the child has started is killed. */
  TREE(() -> with(Command.shell("cmd.exe /c \"set /p x=\"").killTree(), CallUse::killsTree)),
  /** A child that ends with this JVM. */
  ENDS_WITH_JVM(CallUse::endsWithJvm),
  /** A child that nothing is asked of ends. */
  UNATTENDED(() -> with(Command.shell("exit 3"), CallUse::awaitsDeath)),
  /** A console event, which fails without a console. */
  EVENT(() -> with(waiting().windows(o -> o.creationFlags(0x200)), CallUse::sendsEvent)),
  /** Much in both directions at once. */
  CAT(CallUse::movesMuch);

  private interface Use<T> {
    void of(Popen<T> popen) throws Exception;
  }

  /** Apart, because the actions above are made before the constants of this class. */
  private static final class Values {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(1);
    static final byte[] LINES = lines();

    private static byte[] lines() {
      byte[] bytes = new byte[40_000];
      for (int i = 0; i < bytes.length; i++) {
        int column = i % 50;
        bytes[i] = (byte) (column == 48 ? '\r' : column == 49 ? '\n' : 'a' + ((i * 31L) >> 3) % 26);
      }
      return bytes;
    }
  }

  private final Attempt.Action action;

  CallUse(Attempt.Action action) {
    this.action = action;
  }

  void run() throws Exception {
    action.run();
  }

  /** The child after a failure. */
  static void runNext() throws Exception {
    String hello = Command.shell("echo hello").text().captureOutput().checkOutput();
    require(hello.equals("hello\n"));
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError("wrong result");
    }
  }

  private static Command<String> echo() {
    return Command.of("cmd.exe", "/v:on", "/c", "set /p x=& echo !x!& exit 7")
        .text()
        .stdin(Redirect.PIPE)
        .captureOutput();
  }

  private static Command<byte[]> waiting() {
    return Command.shell("set /p x=").stdin(Redirect.PIPE);
  }

  private static Path temp(String name) {
    return Path.of(System.getProperty("java.io.tmpdir"), name);
  }

  // However it ends, no child is left that this started.
  private static <T> void with(Command<T> command, Use<T> use) throws Exception {
    Popen<T> popen = command.killOnClose().start();
    Optional<ProcessHandle> process = ProcessHandle.of(popen.pid());
    try (popen) {
      use.of(popen);
    } catch (IOException | UncheckedIOException e) { // perhaps it could not be killed
      process.ifPresent(ProcessHandle::destroyForcibly);
      throw e;
    }
  }

  private static void runsInAnotherDirectory() throws Exception {
    Path file = temp("jpopen-lines");
    Files.write(file, Values.LINES);
    byte[] stdout =
        Command.of("cmd.exe", "/c", "type", file.toString())
            .cwd(Path.of("C:\\"))
            .stdout(Redirect.PIPE)
            .stderr(Redirect.DEVNULL)
            .timeout(Values.LONG)
            .run()
            .stdout();
    require(Arrays.equals(stdout, Values.LINES));
  }

  private static void resumes(Popen<String> popen) throws Exception {
    Output<String> output;
    try {
      output = popen.communicate("word\n", Values.SHORT);
    } catch (TimeoutExpiredException e) {
      output = popen.communicate(Values.LONG);
    }
    require(output.stdout().strip().equals("word") && popen.returncode() == 7);
  }

  private static void talks(Popen<String> popen) throws Exception {
    popen.stdinWriter().write("word\n");
    String line = popen.within(Values.LONG, () -> popen.stdoutReader().readLine());
    popen.stdinWriter().close(); // or what was written was not sent
    require(line != null && line.strip().equals("word") && popen.waitFor(Values.LONG) == 7);
  }

  private static void sendsMuch() throws Exception {
    byte[] input = new byte[600_000];
    require(Command.shell("exit 3").input(input).timeout(Values.LONG).run().returncode() == 3);
  }

  private static void runsTooLong() throws Exception {
    try {
      Command.shell("for /l %i in (0,0,1) do @rem").timeout(Values.SHORT).run();
      throw new AssertionError("no timeout");
    } catch (TimeoutExpiredException e) { // which says if it could not be killed
      if (e.getMessage().contains("could not be killed")) {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static void closesStream(Popen<byte[]> popen) throws Exception {
    try {
      int _ = popen.within(Values.SHORT, () -> popen.stdout().read());
      throw new AssertionError("no timeout");
    } catch (TimeoutExpiredException e) {
      popen.stdout().close();
    }
  }

  private static void runsCopy() throws Exception {
    Path copy = Path.of("target", "jpopen-copy.exe");
    if (!Files.exists(copy)) {
      Path _ = Files.copy(Path.of(System.getenv("ComSpec")), copy);
    }
    Command<byte[]> command = Command.of(Path.of(".", "jpopen-copy.exe"), "/c", "exit 3");
    require(command.cwd(Path.of("target")).call() == 3);
  }

  private static void redirects() throws Exception {
    Path file = Path.of("target", "jpopen-every-call");
    int code =
        Command.shell("echo word& exit 3")
            .stdin(Redirect.DEVNULL)
            .stdout(Redirect.to(file))
            .stderr(Redirect.INHERIT)
            .call();
    require(code == 3 && Files.readString(file).strip().equals("word"));
  }

  private static void runsTwo() throws Exception {
    CompletedPipeline<String> result =
        Pipeline.of(
                Command.shell("echo word"),
                Command.of("cmd.exe", "/v:on", "/c", "set /p x=& echo !x!& exit 7"))
            .text()
            .captureOutput()
            .timeout(Values.LONG)
            .run();
    // Wine's cmd.exe drops the last letter if the end of the line comes late.
    require(result.stdout().startsWith("wor"));
    require(result.returncodes().getLast() == 7); // the first one may write when no process reads
  }

  // A process that could not be killed is reported.
  private static void killsTree(Popen<?> popen) throws Exception {
    for (ProcessHandle survivor : popen.killTree()) {
      boolean _ = survivor.destroyForcibly();
    }
  }

  private static void endsWithJvm() throws Exception {
    require(Command.shell("exit 3").stdin(Redirect.DEVNULL).killOnExit().call() == 3);
  }

  private static void awaitsDeath(Popen<?> popen) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(popen.pid());
    if (process.isPresent()) {
      ProcessHandle _ = process.get().onExit().get(20, TimeUnit.SECONDS);
    }
    require(popen.waitFor(Values.LONG) == 3);
  }

  private static void sendsEvent(Popen<?> popen) throws Exception {
    try {
      require(popen.sendSignal(Signal.CTRL_BREAK));
    } catch (UncheckedIOException e) {
      if (!String.valueOf(e.getMessage()).contains("GenerateConsoleCtrlEvent")) {
        throw e;
      }
    }
  }

  private static void movesMuch() throws Exception {
    byte[] stdout =
        Command.of(ChildLauncher.command())
            .args("CAT")
            .stdout(Redirect.PIPE)
            .input(Values.LINES)
            .timeout(Values.LONG)
            .run()
            .stdout();
    require(Arrays.equals(stdout, Values.LINES));
  }
}
