package io.github.jpopen.bench.conform;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.bench.conform.Library.Call;
import io.github.jpopen.bench.conform.Library.Done;
import io.github.jpopen.bench.conform.Library.Outcome;
import io.github.jpopen.bench.conform.Library.Running;
import io.github.jpopen.bench.conform.Library.TimedOut;
import io.github.jpopen.bench.conform.Rule.Broken;
import io.github.jpopen.bench.conform.Rule.Check;
import io.github.jpopen.bench.conform.Rule.NotOffered;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The rules that each library is asked for. Linux, because of {@code /proc}. */
final class Rules {
  /** Far more than a pipe holds. */
  private static final int MUCH = 4 << 20;

  private static final Duration ENOUGH = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final long LATE_MILLIS = 1_000;
  private static final int CHILDREN = 20;

  private Rules() {}

  static List<Rule> all() {
    List<Rule> rules = new ArrayList<>();
    group(rules, "It never deadlocks")
        .rule("stderr is full before stdout begins", Rules::stderrIsFullFirst)
        .rule("input and output are larger than a pipe", Rules::muchBothWays)
        .rule("a child without input sees its end at once", Rules::emptyInputEnds);
    group(rules, "The outcome is true")
        .rule("outputs arrive byte for byte, each apart", Rules::outputsAreApart)
        .rule("arguments arrive as they are", Rules::argumentsArrive)
        .rule("an argument with NUL is refused, not cut", Rules::nulIsRefused)
        .rule("a child may end without reading its input", Rules::inputIsNotRead)
        .rule("the exit is waited for after the outputs have ended", Rules::outputsEndFirst)
        .rule("the output of a failed child is kept", Rules::failureKeepsOutput)
        .rule("SIGKILL differs from exit code 137", Rules::signalDiffers);
    group(rules, "Timeouts")
        .rule("on time while the child is silent", library -> onTime(library, "exec sleep 60"))
        .rule(
            "on time while it never stops writing",
            library -> onTime(library, "while :; do echo on and on; done"))
        .rule("on time while it reads no input", Rules::onTimeWithFullStdin)
        .rule(
            "on time while a background process holds the outputs",
            library -> onTime(library, "sleep 8 & sleep 60"))
        .rule("the output so far is given", Rules::timeoutGivesOutput)
        .rule("waiting again loses no byte of either direction", Rules::waitingAgain)
        .rule("the end of the child can be enough (drain)", Rules::othersAreNotWaitedFor);
    group(rules, "Interrupts")
        .rule("an interrupt ends a call at once, by an exception", Rules::interruptEndsCall);
    group(rules, "Failures to start")
        .rule("a missing program is named", Rules::missingProgram)
        .rule("a missing working directory is named", Rules::missingFolder);
    group(rules, "Nothing is left behind")
        .rule("no child after an interrupt", Rules::interruptLeavesNoChild)
        .rule("no descriptor", Rules::noDescriptor)
        .rule("no zombie", Rules::noZombie)
        .rule("fewer threads than children", Rules::fewThreads);
    return rules;
  }

  /** Adds rules under one heading. */
  private record Group(List<Rule> rules, String heading) {
    Group rule(String sentence, Check check) {
      rules.add(new Rule(heading, sentence, check));
      return this;
    }
  }

  private static Group group(List<Rule> rules, String heading) {
    return new Group(rules, heading);
  }

  private static void require(boolean condition, String otherwise) throws Broken {
    if (!condition) {
      throw new Broken(otherwise);
    }
  }

  private static Done done(Outcome outcome) throws Broken {
    if (outcome instanceof Done done) {
      return done;
    }
    throw new Broken("timed out");
  }

  private static Done done(Library library, Call call) throws Exception {
    return done(library.call(call, ENOUGH));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static void stderrIsFullFirst(Library library) throws Exception {
    Done done = done(library, Call.shell("head -c " + MUCH + " /dev/zero >&2; echo out"));
    require(done.stderr().length == MUCH, "stderr has " + done.stderr().length + " bytes");
    requireText("out\n", done.stdout());
  }

  private static void requireText(String expected, byte[] bytes) throws Broken {
    String text = new String(bytes, UTF_8);
    require(text.equals(expected), "output: " + text.strip());
  }

  private static void muchBothWays(Library library) throws Exception {
    byte[] bytes = random(MUCH);
    Done done = done(library, Call.of("cat").input(bytes));
    require(Arrays.equals(bytes, done.stdout()), "other bytes");
  }

  private static void emptyInputEnds(Library library) throws Exception {
    requireText("ended\n", done(library, Call.shell("cat; echo ended")).stdout());
  }

  private static void outputsAreApart(Library library) throws Exception {
    byte[] bytes = random(100_000);
    Done done = done(library, Call.shell("tee /dev/stderr").input(bytes));
    require(Arrays.equals(bytes, done.stdout()), "other bytes in stdout");
    require(Arrays.equals(bytes, done.stderr()), "other bytes in stderr");
  }

  private static void argumentsArrive(Library library) throws Exception {
    List<String> arguments =
        List.of("", "a b", "\"q\"", "'s'", "*", "$HOME", "\\", "${x}", "two\nlines", "ä€", "-n");
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "printf '<%s>' \"$@\"", "sh"));
    command.addAll(arguments);
    Done done = done(library, new Call(command, new byte[0], null));
    requireText("<" + String.join("><", arguments) + ">", done.stdout());
  }

  private static void nulIsRefused(Library library) throws Exception {
    try {
      Outcome outcome = library.call(Call.of("echo", "one\0two"), ENOUGH);
      throw new Broken("ran, output: " + new String(done(outcome).stdout(), UTF_8).strip());
    } catch (IOException | IllegalArgumentException e) {
      // Refused.
    }
  }

  private static void inputIsNotRead(Library library) throws Exception {
    Call call = Call.shell("exec 0<&-; echo closed").input(random(MUCH));
    for (int i = 0; i < 5; i++) {
      Done done = done(library, call);
      requireText("closed\n", done.stdout());
      require(done.code() == 0, "exit code " + done.code());
    }
  }

  private static void outputsEndFirst(Library library) throws Exception {
    Done done = done(library, Call.shell("echo early; exec >&- 2>&-; sleep 0.3; exit 7"));
    require(done.code() == 7, "exit code " + done.code());
    requireText("early\n", done.stdout());
  }

  private static void failureKeepsOutput(Library library) throws Exception {
    Done done = done(library, Call.shell("echo half; echo why >&2; exit 3"));
    require(done.code() == 3, "exit code " + done.code());
    requireText("half\n", done.stdout());
    requireText("why\n", done.stderr());
  }

  private static void signalDiffers(Library library) throws Exception {
    int killed = done(library, Call.shell("kill -9 $$")).code();
    int exited = done(library, Call.shell("exit 137")).code();
    require(exited == 137, "exit 137 gives " + exited);
    require(killed != exited, "both are " + killed);
  }

  private static void onTime(Library library, String script) throws Exception {
    onTime(library, Call.shell(script));
  }

  private static void onTimeWithFullStdin(Library library) throws Exception {
    onTime(library, Call.of("sleep", "60").input(random(MUCH)));
  }

  private static TimedOut onTime(Library library, Call call) throws Exception {
    long start = System.nanoTime();
    Outcome outcome = library.call(call, SHORT);
    long late = (System.nanoTime() - start) / 1_000_000 - SHORT.toMillis();
    require(late < LATE_MILLIS, "late by " + late / 1_000 + " s");
    return switch (outcome) {
      case TimedOut timedOut -> timedOut;
      case Done done -> throw new Broken("no timeout, but exit code " + done.code());
    };
  }

  private static void timeoutGivesOutput(Library library) throws Exception {
    byte[] stdout = onTime(library, Call.shell("echo begin; exec sleep 60")).stdout();
    if (stdout == null) {
      throw new NotOffered();
    }
    requireText("begin\n", stdout);
  }

  private static void waitingAgain(Library library) throws Exception {
    byte[] input = random(MUCH);
    Running child = library.start(Call.shell("sleep 0.4; cat; sleep 0.4").input(input));
    try {
      for (int i = 0; i < 2; i++) {
        require(child.await(Duration.ofMillis(50)) instanceof TimedOut, "no timeout");
      }
      Done done = done(child.await(ENOUGH));
      require(Arrays.equals(input, done.stdout()), "other bytes");
      require(done.code() == 0, "exit code " + done.code());
    } finally {
      child.end();
    }
  }

  private static void othersAreNotWaitedFor(Library library) throws Exception {
    Call call = Call.shell("sleep 8 & echo started; exit 4");
    long start = System.nanoTime();
    Outcome outcome =
        library.callWithoutWaitingForOthers(call, ENOUGH).orElseThrow(NotOffered::new);
    long millis = (System.nanoTime() - start) / 1_000_000;
    require(done(outcome).code() == 4, "exit code " + done(outcome).code());
    requireText("started\n", done(outcome).stdout());
    require(millis < 4_000, "after " + millis + " ms");
  }

  private static void interruptEndsCall(Library library) throws Exception {
    Optional<Outcome> outcome = interrupted(library);
    require(outcome.isEmpty(), "the call returns an exit code or a timeout");
  }

  private static void interruptLeavesNoChild(Library library) throws Exception {
    Set<Long> before = children();
    Optional<Outcome> _ = interrupted(library);
    until("a child still runs", () -> before.containsAll(children()));
  }

  /** Empty if the interrupted call throws. */
  private static Optional<Outcome> interrupted(Library library) throws Exception {
    Set<Long> before = children();
    FutureTask<Outcome> task =
        new FutureTask<>(() -> library.call(Call.of("sleep", "60"), Duration.ofMinutes(1)));
    Thread caller = Thread.ofPlatform().daemon().start(task);
    until("no child", () -> task.isDone() || !before.containsAll(children()));
    caller.interrupt();
    try {
      return Optional.of(task.get(5, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Optional.empty();
    } catch (TimeoutException e) {
      throw new Broken("not heard");
    }
  }

  private static Set<Long> children() {
    return Set.copyOf(ProcessHandle.current().children().map(ProcessHandle::pid).toList());
  }

  private static void until(String otherwise, Callable<Boolean> event) throws Exception {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!event.call()) {
      require(System.nanoTime() < end, otherwise);
      Thread.sleep(5);
    }
  }

  private static void missingProgram(Library library) throws Exception {
    isNamed(library, Call.of("no-such-program"), "no-such-program");
  }

  private static void missingFolder(Library library) throws Exception {
    Path folder = Path.of("no-such-folder").toAbsolutePath();
    isNamed(library, Call.of("true").folder(folder), "no-such-folder");
  }

  private static void isNamed(Library library, Call call, String name) throws Exception {
    try {
      Outcome outcome = library.call(call, ENOUGH);
      throw new Broken("no exception, but " + outcome.getClass().getSimpleName());
    } catch (IOException | RuntimeException e) {
      require(String.valueOf(e.getMessage()).contains(name), "message: " + e.getMessage());
    }
  }

  private static void noDescriptor(Library library) throws Exception {
    done(library, Call.of("true")); // what is opened once
    long before = descriptors();
    for (int i = 0; i < CHILDREN; i++) {
      done(library, Call.of("cat").input(random(1_000)));
    }
    until("more descriptors", () -> descriptors() < before + CHILDREN / 2);
  }

  private static long descriptors() throws IOException {
    File[] files = new File("/proc/self/fd").listFiles();
    return files == null ? 0 : files.length;
  }

  private static void noZombie(Library library) throws Exception {
    Set<String> before = zombies(); // other rules may have left some
    for (int i = 0; i < CHILDREN; i++) {
      done(library, Call.of("true"));
    }
    until("zombies", () -> before.containsAll(zombies()));
  }

  private static Set<String> zombies() throws IOException {
    Set<String> zombies = new HashSet<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        for (String child : read(task.resolve("children")).split(" ", -1)) {
          if (read(Path.of("/proc", child, "stat")).contains(") Z ")) {
            zombies.add(child);
          }
        }
      }
    }
    return zombies;
  }

  /** Empty if the task has ended since. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static void fewThreads(Library library) throws Exception {
    List<Running> running = new ArrayList<>();
    int before = threads();
    try {
      for (int i = 0; i < CHILDREN; i++) {
        running.add(library.start(Call.of("sleep", "60")));
      }
      int more = threads() - before;
      require(more < CHILDREN, more + " threads for " + CHILDREN + " children");
    } finally {
      for (Running child : running) {
        child.end();
      }
    }
  }

  private static int threads() {
    return Thread.getAllStackTraces().size();
  }
}
