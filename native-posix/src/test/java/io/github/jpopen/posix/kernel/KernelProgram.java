package io.github.jpopen.posix.kernel;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The JVM in which {@link KernelJvm} makes the kernel fail. It does one act at a time, on a thread
 * that makes no other system call.
 *
 * <p>Each line of stdin is a command, answered by one line.
 */
final class KernelProgram {
  private static final AtomicReference<Worker> WORKER = new AtomicReference<>();
  private static final List<String> BEFORE = new ArrayList<>();
  private static final List<String> IDLING =
      List.of(
          "jpopen-poller", "jpopen-unwatched", "anon_inode:[eventpoll]", "anon_inode:[eventfd]");
  private static final File COUNTABLE = new File("/proc/thread-self");
  private static final String FRESH = "another platform was used";

  private KernelProgram() {}

  public static void main(String[] arguments) throws Exception {
    loadAll(arguments[0]);
    for (Act act : List.of(Act.TALK, Act.RESUME, Act.STREAM, Act.KILL, Act.CLOSE, Act.RUN)) {
      String _ = act.run("/");
    }
    String _ = Act.PROGRAM.run("/nonexistent");
    System.out.println("ready");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", 3);
      System.out.println(answer(words).replace('\n', ' '));
    }
    System.exit(0);
  }

  private static String answer(String[] words) throws Exception {
    return switch (words[0]) {
      case "worker" -> worker(words[1]);
      case "act" -> act(Act.valueOf(words[1]), words[2]);
      case "fresh" -> fresh(Act.valueOf(words[1]), words[2]);
      case "denied" -> denied(words[1], Act.valueOf(words[2]));
      case "left" -> left();
      case "memory" -> memory();
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  // A class that is loaded while read(2) fails would be another test.
  private static void loadAll(String roots) throws IOException {
    for (String root : roots.split(File.pathSeparator, -1)) {
      Path folder = Path.of(root);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .map(file -> folder.relativize(file).toString())
            .filter(name -> name.matches("io/github/jpopen/.*\\.class"))
            .filter(name -> !name.matches(".*(Test|Contract|package-info|/ffi/mac).*"))
            .map(name -> name.replace(".class", "").replace('/', '.'))
            .forEach(KernelProgram::load);
      }
    }
  }

  private static void load(String name) {
    try {
      boolean initialize = name.matches("io\\.github\\.jpopen(\\.(conversation|text|spi))?\\.\\w+");
      Class<?> _ = Class.forName(name, initialize, KernelProgram.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // a class of a test, whose library is not here
    }
  }

  /** A new thread for the next act; answers its number in the kernel. */
  private static String worker(String kind) throws Exception {
    List<String> _ = talkOnEachKindOfThread();
    BEFORE.clear();
    BEFORE.addAll(held());
    Worker worker = new Worker();
    boolean virtual = kind.equals("virtual");
    (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).name("worker").start(worker);
    WORKER.set(worker);
    return worker.answers.take();
  }

  private static String act(Act act, String argument) throws Exception {
    Worker worker = WORKER.get();
    worker.acts.put(() -> act.run(argument));
    return worker.answers.take();
  }

  // As if this JVM had started no child yet: what the library has found out is forgotten.
  private static String fresh(Act act, String argument) throws Exception {
    UsedPlatform used = new UsedPlatform();
    used.replace(new PosixPlatform());
    try {
      return act(act, argument);
    } finally {
      used.restore();
      BEFORE.add(FRESH);
    }
  }

  // For the worker only, and for its children. It ends with the thread.
  private static String denied(String calls, Act act) throws Exception {
    UsedPlatform used = new UsedPlatform();
    used.replace(new PosixPlatform());
    try {
      Worker worker = WORKER.get();
      worker.acts.put(
          () -> {
            CallFilter.install(calls);
            return act.run("");
          });
      return worker.answers.take();
    } finally {
      used.restore();
      BEFORE.add(FRESH);
    }
  }

  /** What is held that was not held before the worker began, and how the next child does. */
  private static String left() throws Exception {
    List<String> more = new ArrayList<>();
    for (int tries = 0; tries < 100; tries++) {
      more.clear();
      more.addAll(talkOnEachKindOfThread());
      more.removeIf(Act.FINE::equals);
      more.addAll(held());
      BEFORE.forEach(more::remove);
      IDLING.forEach(more::remove); // both threads end when they are idle
      if (BEFORE.contains(FRESH)) { // it keeps what wakes it for a while, as the first one does
        more.removeIf(one -> one.startsWith("anon_inode") || IDLING.contains(one));
      }
      if (more.isEmpty()) {
        return Act.FINE;
      }
      Thread.sleep(20);
    }
    return more.toString();
  }

  // It makes what the library keeps for each of them.
  private static List<String> talkOnEachKindOfThread() throws Exception {
    FutureTask<String> virtual = new FutureTask<>(() -> Act.TALK.run(""));
    Thread.ofVirtual().start(virtual);
    String first = virtual.get(); // not both at once, which would keep twice as much
    return List.of(first, Act.TALK.run(""));
  }

  /** Descriptors with those of the kind that wakes, children, and threads of the library. */
  private static List<String> held() throws IOException {
    if (!COUNTABLE.exists()) {
      return List.of();
    }
    List<String> held = new ArrayList<>(Resources.descriptors());
    held.addAll(Resources.children());
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      links.map(KernelProgram::target).filter(t -> t.startsWith("anon_inode")).forEach(held::add);
    }
    Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().toLowerCase(Locale.ROOT))
        .filter(name -> name.startsWith("jpopen"))
        .forEach(held::add);
    return held;
  }

  /** What this process has in memory, in kB. */
  private static String memory() throws IOException {
    if (!COUNTABLE.exists()) {
      return "0";
    }
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .findFirst()
        .orElseThrow();
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  /** Runs one act after it has told its number. */
  private static final class Worker implements Runnable {
    final SynchronousQueue<Job> acts = new SynchronousQueue<>();
    final SynchronousQueue<String> answers = new SynchronousQueue<>();

    @Override
    public void run() {
      try {
        answers.put(COUNTABLE.exists() ? target(COUNTABLE.toPath()).replaceAll(".*/", "") : "0");
        answers.put(acts.take().run());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private interface Job {
    String run();
  }
}
