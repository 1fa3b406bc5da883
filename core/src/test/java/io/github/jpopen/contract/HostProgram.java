package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.INHERIT;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDERR;
import static io.github.jpopen.Redirect.STDOUT;
import static io.github.jpopen.Redirect.fd;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.ChildEvent;
import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Another JVM that uses the library, for what cannot be tried in the JVM of the tests: see {@link
 * HostContract}.
 */
public final class HostProgram extends ChildSteps {
  private static final InheritableThreadLocal<byte[]> INHERITABLE = new InheritableThreadLocal<>();

  private HostProgram() {}

  /** One thing a host can do. */
  @SuppressWarnings("ImmutableEnumChecker") // the actions have no state
  private enum Task {
    /** A child that inherits both outputs. */
    INHERITING(_ -> requireZero(child(out("out "), err("err ")).call())),
    /** A child whose stderr goes where our stdout goes. */
    MERGING(_ -> requireZero(child(err("err")).stderr(STDOUT).call())),
    /** A child whose stdout goes where our stderr goes. */
    MIRRORING(_ -> requireZero(child(out("out "), err("err")).stdout(STDERR).call())),
    /** A child whose outputs are exchanged. */
    EXCHANGING(
        _ -> requireZero(child(out("out"), err("err")).stdout(STDERR).stderr(STDOUT).call())),
    /** A child whose stdout is our descriptor 1, and whose stderr too. */
    NUMBERED(_ -> requireZero(child(out("out "), err("err")).stdout(fd(1)).stderr(fd(1)).call())),
    /** A child whose three streams are our descriptors of these numbers. */
    SHUFFLED(args -> requireZero(shuffled(args).call())),
    /**
     * A conversation, and what a child inherits, with some of our first three descriptors closed.
     */
    WITHOUT(HostProgram::without),
    /** Conversations with ten free descriptors, and a failure with none. */
    EXHAUSTED(_ -> exhausted()),
    /** What a child has open after our limit was set below what we have open. */
    LOWERED(_ -> lowered()),
    /** What a child's end looks like here. */
    ENDING(_ -> System.out.print(child(exit(7)).call() + " " + child(exit(0)).call())),
    /** The bytes of the environment that a child inherits. */
    ENVIRONMENT(_ -> requireZero(Command.of("/bin/cat", "/proc/self/environ").call())),
    /** The one file of a directory, as the input of a child. */
    SENDING(args -> sending(Path.of(args.getFirst()))),
    /** A conversation on each kind of thread; both last until a file is there. */
    TALKING(args -> talking(Path.of(args.getFirst()))),
    /** Ends while a child is alive and another was handed to the reaper. */
    LEAVING(args -> leaving(Path.of(args.getFirst()))),
    /** Ends in some way while a child is alive that is to be killed then. */
    KILLING(args -> killing(args.getFirst())),
    /** Ends when a child has ended that is to be killed with its tree; what it started lives. */
    BEQUEATHING(args -> bequeathing(args)),
    /** The exception of two calls that need native access. */
    DENIED(_ -> denied()),
    /** The names of the platform threads that conversations on virtual threads add. */
    CROWDED(_ -> crowded()),
    /** Whether the values of the virtual thread that started the first child are collected. */
    INHERITING_NOTHING(_ -> inheritingNothing()),
    /** Runs a child with a listener that throws, in a JVM without a log. */
    LISTENING(_ -> System.out.print(child(exit(7)).listener(HostProgram::fail).call())),
    /** Forgets a child, and waits until its listener hears of that. */
    DROPPING(_ -> dropping()),
    /** Forgets a child. */
    FORGETTING(_ -> forgetting());

    final Action action;

    Task(Action action) {
      this.action = action;
    }
  }

  private interface Action {
    void run(List<String> args) throws Exception;
  }

  /**
   * Does one task.
   *
   * @param args its name and its arguments
   * @throws Exception if it failed
   */
  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    Task.valueOf(words.getFirst()).action.run(words.subList(1, words.size()));
    System.out.flush();
  }

  /** The arguments that start this program with more JVM options, for {@link Command}. */
  static List<String> launcher(List<String> options, String task, String... args) {
    Stream<String> words = Stream.concat(Stream.of(Task.valueOf(task).name()), Stream.of(args));
    return ChildLauncher.jvm(options, HostProgram.class, words.toArray(String[]::new));
  }

  private static void fail(ChildEvent event) {
    throw new IllegalStateException(event.toString());
  }

  private static void requireZero(int code) {
    System.out.flush();
    if (code != 0) {
      throw new IllegalStateException("the child ended with " + code);
    }
  }

  private static Command<byte[]> shuffled(List<String> numbers) {
    List<Redirect> to = numbers.stream().map(n -> fd(Integer.parseInt(n))).toList();
    return child(cat(), err("err")).stdin(to.get(0)).stdout(to.get(1)).stderr(to.get(2));
  }

  /** Our streams may be closed, so this writes a report. */
  private static void without(List<String> args) throws IOException, InterruptedException {
    Path report = Path.of(args.getFirst());
    Popen<String> p = child(catBoth()).text().stdin(PIPE).captureOutput().start();
    var output = p.communicate("through pipes");
    StringBuilder text = new StringBuilder();
    text.append(output.stdout()).append('|').append(output.stderr()).append('\n');
    for (int n = 0; n < 3; n++) {
      text.append(inherited(n)).append('\n');
    }
    Files.writeString(report, text);
  }

  /** Where a child's descriptor leads that it inherits from us. */
  private static String inherited(int n) throws IOException, InterruptedException {
    Path answer = Files.createTempFile("answer", null);
    try {
      Command<byte[]> asking =
          Command.shell("readlink /proc/$$/fd/" + n + " > \"$1\"", "sh", answer.toString());
      int _ = asking.stdin(INHERIT).stdout(INHERIT).stderr(INHERIT).call();
      return Files.readString(answer).strip();
    } finally {
      Files.delete(answer);
    }
  }

  private static void exhausted() throws IOException, InterruptedException {
    Command<byte[]> talk = child(cat()).input("x").captureOutput();
    Command<byte[]> missing = Command.of("/nonexisting").captureOutput();
    String warm = talk.run().returncode() + failing(missing); // loads the classes
    Deque<FileChannel> open = new ArrayDeque<>();
    Path any = Path.of("/dev/null");
    try {
      while (true) {
        open.push(FileChannel.open(any));
      }
    } catch (IOException _) {
      // no descriptor is left
    }
    System.out.print(failing(talk.check()) + " ");
    for (int i = 0; i < 10; i++) {
      open.pop().close();
    }
    int good = 0;
    for (int i = 0; i < 15; i++) {
      good += talk.run().stdout().length;
    }
    System.out.print(good + " " + warm);
  }

  private static void lowered() throws IOException, InterruptedException {
    Deque<FileChannel> open = new ArrayDeque<>();
    while (open.size() < 300) {
      open.push(FileChannel.open(Path.of("/dev/null")));
    }
    while (open.size() > 200) {
      open.removeLast().close(); // so that low numbers are free
    }
    String self = "--pid=" + ProcessHandle.current().pid();
    requireZero(Command.of("prlimit", self, "--nofile=250:250").call());
    requireZero(Command.of("ls", "/proc/self/fd").call());
    System.out.print(open.size());
  }

  private static void crowded() throws Exception {
    virtually(50, () -> Thread.sleep(Duration.ofMillis(1))); // starts the carriers and the timer
    List<String> before = platformThreads();
    // Each has to be waited for.
    virtually(8, () -> requireZero(child(sleep(50), cat()).input("x").captureOutput().call()));
    List<String> added = platformThreads();
    before.forEach(added::remove);
    System.out.print(String.join(" ", added));
  }

  private static void inheritingNothing() throws Exception {
    List<WeakReference<?>> given = startedByAThreadThatIsGone();
    Eventually.await(
        "the collector finds the context class loader and the inheritable value",
        () -> {
          System.gc();
          return given.stream().allMatch(reference -> reference.refersTo(null));
        });
    System.out.print("collected " + given.size());
  }

  private static List<WeakReference<?>> startedByAThreadThatIsGone() throws Exception {
    ClassLoader loader = new URLClassLoader(new URL[0]);
    byte[] value = new byte[1];
    virtually(
        1,
        () -> {
          Thread.currentThread().setContextClassLoader(loader);
          INHERITABLE.set(value);
          requireZero(child(cat()).input("x").captureOutput().call());
        });
    return List.of(new WeakReference<>(loader), new WeakReference<>(value));
  }

  private interface Call {
    void go() throws Exception;
  }

  private static void virtually(int count, Call call) throws Exception {
    List<Future<Boolean>> calls = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        calls.add(
            executor.submit(
                () -> {
                  call.go();
                  return true;
                }));
      }
    }
    for (Future<Boolean> done : calls) {
      boolean _ = done.get();
    }
  }

  private static List<String> platformThreads() {
    return new ArrayList<>(
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> !name.startsWith("ForkJoinPool-1-worker-")) // carriers come and go
            .sorted()
            .toList());
  }

  private static String failing(Command<?> command) throws IOException, InterruptedException {
    try {
      return "ran: " + command.run();
    } catch (SpawnException e) {
      return e.culprit() + "/" + e.errorName();
    }
  }

  private static void sending(Path directory) throws IOException, InterruptedException {
    try (Stream<Path> files = Files.list(directory)) {
      requireZero(child(cat()).input(Input.file(files.findFirst().orElseThrow())).call());
    }
  }

  // The poller waits in epoll_wait(2) for the virtual thread, the other thread in ppoll(2).
  private static void talking(Path gate) throws IOException, InterruptedException {
    var other = Background.start(Background.Kind.VIRTUAL, () -> communicate(gate));
    System.out.print(communicate(gate) + " " + other.result());
  }

  private static String communicate(Path gate) throws IOException, InterruptedException {
    Popen<String> p = child(out("a"), awaitFile(gate), out("b")).text().captureOutput().start();
    return p.communicate(Duration.ofSeconds(30)).stdout();
  }

  private static void leaving(Path gate) throws IOException {
    Popen<byte[]> alive = child(awaitFile(gate)).stdin(PIPE).start();
    Popen<byte[]> early = child(awaitFile(gate)).stdin(PIPE).captureOutput().start();
    Thread.currentThread().interrupt();
    early.close();
    System.out.print("left " + (alive.pid() != early.pid()));
  }

  private static void bequeathing(List<String> files) throws IOException {
    Path ready = Path.of(files.get(0));
    Step heir =
        starting(touch(ready), awaitFile(Path.of(files.get(1))), touch(Path.of(files.get(2))));
    Command<byte[]> command =
        child(heir, awaitFile(ready)).stdin(Redirect.DEVNULL).stdout(Redirect.DEVNULL);
    Popen<byte[]> p = command.stderr(Redirect.DEVNULL).killOnExit().killTree().start();
    long pid = p.pid(); // no call of the library observes the exit
    Eventually.await(
        "the child has ended",
        () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  private static void killing(String way) throws IOException, InterruptedException {
    Command<byte[]> command = child(live()).stdin(Redirect.DEVNULL).killOnExit();
    switch (way) {
      case "return" -> {
        Popen<byte[]> _ = command.start(); // forgotten as well
      }
      case "graceful" -> {
        Popen<byte[]> _ = command.grace(Duration.ofMillis(50)).start();
      }
      case "exit" -> {
        Popen<byte[]> p = command.start();
        System.exit(p.poll().orElse(7));
      }
      case "run" -> {
        Thread.ofPlatform().daemon().start(HostProgram::exitWhenAChildRuns);
        command.run();
      }
      case "tree" -> {
        Popen<byte[]> p = child(starting(live()), live()).killOnExit().killTree().start();
        Descendants.awaitOne(p.toHandle());
      }
      case "late" -> {
        Thread late =
            new Thread(
                () -> {
                  try {
                    int _ = command.call();
                  } catch (IllegalStateException e) {
                    System.out.print(e.getMessage());
                  } catch (IOException | InterruptedException e) {
                    System.out.print(e);
                  }
                });
        Runtime.getRuntime().addShutdownHook(late);
      }
      default -> { // until a signal comes
        Popen<byte[]> _ = command.start();
        System.out.print("up\n");
        System.out.flush();
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  private static void exitWhenAChildRuns() {
    Eventually.await("the child runs", () -> ProcessHandle.current().children().count() > 0);
    System.exit(7);
  }

  private static void denied() {
    Command<byte[]> command = Command.of("true");
    for (int i = 0; i < 2; i++) {
      try {
        System.out.println("ran: " + command.run());
      } catch (IOException | InterruptedException | RuntimeException | Error e) {
        System.out.println(e.getClass().getName() + ": " + e.getMessage());
      }
    }
  }

  private static void dropping() throws IOException {
    AtomicBoolean told = new AtomicBoolean();
    Command<byte[]> heard =
        child(exit(0))
            .captureOutput()
            .listener(
                event -> {
                  if (event instanceof ChildEvent.Exited) {
                    told.set(true);
                  }
                });
    long pid = heard.start().pid();
    Eventually.await(
        "the collector finds " + pid,
        () -> {
          System.gc();
          return told.get();
        });
    System.out.print("told");
  }

  private static void forgetting() throws IOException {
    Set<String> before = Resources.pipes();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(log, true, UTF_8)); // the logger takes it with its first line
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      pids.add(child(exit(0)).captureOutput().start().pid());
    }
    Eventually.await(
        "the collector finds them",
        () -> {
          System.gc();
          return log.toString(UTF_8).split("forgotten", -1).length > pids.size()
              && before.containsAll(Resources.pipes())
              && Resources.children().isEmpty();
        });
    err.print(log.toString(UTF_8));
    System.out.print(pids.size());
  }
}
