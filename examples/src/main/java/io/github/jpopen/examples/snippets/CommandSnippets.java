package io.github.jpopen.examples.snippets;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.ChildEvent;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.TextErrors;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;

/** How a child is described: commands, inputs, redirects, options. */
public final class CommandSnippets {
  private CommandSnippets() {}

  /** Runs all that run on POSIX, in a folder of their own. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Path folder = Path.of(args[0]);
    command();
    input(folder);
    channel(folder);
    publisher();
    redirect(folder);
    stderr();
    textErrors();
    posixOptions();
    drain();
    grace();
    detached(folder);
    parse();
    secretArg();
    idleTimeout();
    killOnExit();
    killTree();
    stopSignal();
    listener();
  }

  private static void parse() {
    // @start region=parse :
    Command<byte[]> last = Command.parse("git log -1 '--format=%an, %ar'");
    IO.println(last.argv()); // [git, log, -1, --format=%an, %ar]
    // @end
  }

  private static void secretArg() {
    // @start region=secretArg :
    Command<byte[]> login = Command.of("login", "-u", "me", "-p").secretArg("hunter2");
    IO.println(login.toCommandLine()); // login -u me -p ***
    IO.println(login.named("nightly login")); // Command[nightly login, 4 arguments]
    // @end
  }

  private static void idleTimeout() throws IOException, InterruptedException {
    // @start region=idleTimeout :
    Command<byte[]> stuck = Command.shell("echo 10 %; exec sleep 60").captureOutput();
    try {
      stuck.idleTimeout(Duration.ofMillis(500)).run();
    } catch (TimeoutExpiredException e) {
      IO.println(e.limit()); // IDLE
    }
    // @end
  }

  private static void killOnExit() throws IOException {
    // @start region=killOnExit :
    Command<byte[]> helper = Command.of("sleep", "60").killOnExit();
    Popen<byte[]> child = helper.start(); // ends with this JVM, even if close is never called
    // @end
    child.kill();
    child.close();
  }

  private static void killTree() throws IOException, InterruptedException {
    // @start region=killTree :
    Command<String> build = Command.shell("sleep 60 & sleep 60 & wait").text().killTree();
    try {
      build.captureOutput().timeout(Duration.ofMillis(500)).run();
    } catch (TimeoutExpiredException e) { // both "sleep" were killed as well
      IO.println(e.ending().orElseThrow().survivors()); // []
    }
    // @end
  }

  private static void stopSignal() throws IOException, InterruptedException {
    // @start region=stopSignal :
    Command<String> recorder =
        Command.shell("trap 'echo saved; exit 0' USR1; echo up; while :; do sleep 0.1; done")
            .text();
    try (Popen<String> child = recorder.stopSignal(Signal.SIGUSR1).stdout(PIPE).start()) {
      child.stdoutReader().readLine(); // up
      IO.println(child.stop(Duration.ofSeconds(5))); // Exited[code=0]
      IO.print(child.communicate().stdout()); // saved
    }
    // @end
  }

  /** Needs a cgroup that may be written to, so the build only compiles it. */
  static void newCgroupBelow(Path delegated) throws IOException {
    // @start region=newCgroupBelow :
    Command<byte[]> build =
        Command.shell("(setsid env -i sleep 60 &); exec sleep 60")
            .killTree()
            .posix(o -> o.newCgroupBelow(delegated));
    try (Popen<byte[]> child = build.killOnClose().start()) {
      IO.println(child.killTree()); // []
    }
    // @end
  }

  private static void command() throws IOException, InterruptedException, ExecutionException {
    // @start region=command :
    Command<String> sort = Command.of("sort").env("LC_ALL", "C").text(); // immutable: share it
    String ascending = sort.input("b\na\n").checkOutput(); // "a\nb\n"
    String descending = sort.args("-r").input("b\na\n").checkOutput(); // "b\na\n"
    int code = Command.shell("exit 3").call(); // 3
    var later = sort.input("b\na\n").stdout(PIPE).runAsync(); // a CompletableFuture
    // @end
    IO.print(ascending + descending + code + "\n" + later.get().stdout());
  }

  private static void input(Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("input"), "some text");
    // @start region=input :
    Command<String> cat = Command.of("cat").text();
    String fromText = cat.input("some text").checkOutput();
    String fromFile = cat.input(Input.file(file)).checkOutput(); // mapped, not copied
    Input reopened = Input.stream(() -> Files.newInputStream(file)); // once for every child
    String fromStream = cat.input(reopened).checkOutput();
    // @end
    IO.println(fromText + ", " + fromFile + ", " + fromStream);
  }

  private static void channel(Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("channel"), "head text");
    // @start region=channel :
    try (FileChannel channel = FileChannel.open(file)) {
      Input afterHeader = Input.channel(channel.position(5));
      IO.println(Command.of("cat").text().input(afterHeader).checkOutput()); // text
    }
    // @end
  }

  private static void publisher() throws IOException, InterruptedException {
    // @start region=publisher :
    Flow.Publisher<ByteBuffer> body = HttpRequest.BodyPublishers.ofString("b\na\n");
    IO.print(Command.of("sort").text().input(Input.publisher(body)).checkOutput()); // a, b
    // @end
  }

  private static void redirect(Path folder) throws IOException, InterruptedException {
    Path words = Files.writeString(folder.resolve("words"), "b\na\n");
    Path sorted = folder.resolve("sorted");
    // @start region=redirect :
    Command<byte[]> sort = Command.of("sort").stdin(Redirect.from(words)).stderr(DEVNULL);
    sort.stdout(Redirect.to(sorted)).checkCall(); // a file: nothing passes through this JVM
    Command<String> shell = Command.shell("echo out; echo err >&2").text();
    String both = shell.stdout(PIPE).stderr(STDOUT).checkOutput(); // "out\nerr\n"
    // @end
    IO.print(Files.readString(sorted) + both);
  }

  private static void stderr() throws IOException, InterruptedException {
    // @start region=stderr :
    Command<String> tool = Command.shell("echo progress; echo warning >&2").text();
    Command<String> quiet = tool.stdout(Redirect.STDERR); // both on stderr: our stdout is for data
    IO.print(quiet.stderr(PIPE).run().stderr()); // progress, warning
    Command<String> exchanged = quiet.stderr(STDOUT);
    // @end
    IO.println(exchanged.named("exchanged"));
  }

  private static void textErrors() throws IOException, InterruptedException {
    // @start region=textErrors :
    Command<byte[]> latin1 = Command.of("printf", "caf\\351"); // 0xE9 is not UTF-8
    String marked = latin1.text(UTF_8, TextErrors.REPLACE).checkOutput(); // "caf" and U+FFFD
    String shown = latin1.text(UTF_8, TextErrors.BACKSLASH_REPLACE).checkOutput(); // "caf\\xe9"
    // @end
    IO.println(marked.codePointAt(3) + " " + shown);
  }

  private static void posixOptions() throws IOException, InterruptedException {
    // @start region=posixOptions :
    Command<byte[]> group = Command.shell("sleep 60 & wait").posix(o -> o.processGroup(0));
    try (Popen<byte[]> child = group.start()) {
      child.sendSignalToGroup(Signal.SIGKILL); // "sleep" gets it, too
      IO.println(child.waitFor()); // -9
    }
    // @end
  }

  private static void drain() throws IOException, InterruptedException {
    // @start region=drain :
    Command<String> start = Command.shell("sleep 60 & echo started").text().captureOutput();
    CompletedProcess<String> done = start.drain(Duration.ofMillis(200)).run();
    IO.print(done.stdout()); // started, after 200 ms
    IO.println(done.isComplete()); // false: "sleep" still holds the outputs
    // @end
  }

  private static void grace() throws IOException, InterruptedException {
    // @start region=grace :
    Command<String> job =
        Command.shell("trap 'echo cleaned up; exit 1' TERM; sleep 60 & wait").text();
    try {
      job.captureOutput().timeout(Duration.ofMillis(500)).grace(Duration.ofSeconds(5)).run();
    } catch (TimeoutExpiredException e) {
      IO.print(e.stdout().text()); // cleaned up
      IO.println(e.ending().orElseThrow()); // TIMEOUT: SIGTERM
    }
    // @end
  }

  private static void detached(Path folder) throws IOException {
    // @start region=detached :
    Path log = folder.resolve("daemon.log");
    long pid = Command.shell("echo up; exec sleep 1").stdout(Redirect.to(log)).startDetached();
    IO.println("process " + pid + " goes on without us");
    // @end
  }

  /** Only Windows has these options. */
  static void windowsOptions(Command<byte[]> server) throws IOException {
    // @start region=windowsOptions :
    int newGroup = 0x200; // CREATE_NEW_PROCESS_GROUP
    try (Popen<byte[]> child = server.windows(o -> o.creationFlags(newGroup)).start()) {
      child.sendSignal(Signal.CTRL_BREAK);
    }
    // @end
  }

  private static void listener() throws IOException, InterruptedException {
    // @start region=listener :
    Map<String, Integer> ended = new ConcurrentHashMap<>();
    Command<byte[]> counted =
        Command.of("true")
            .listener(
                event -> {
                  if (event instanceof ChildEvent.Exited exited) {
                    ended.merge(exited.program() + " " + exited.returncode(), 1, Integer::sum);
                  }
                });
    counted.run();
    IO.println(ended); // {true 0=1}
    // @end
  }
}
