package io.github.jpopen.posix.soak;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.SubJvm;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Does everything at once for some minutes, and compares what the process holds. */
public final class SoakProgram {
  private static final int WORKERS = 4;
  private static final int MOST_PROBLEMS = 20;
  private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SHORT_OF_FILES_MILLIS = 300;
  private static final double MOST_GROWTH_MIB = 8;

  private final double minutes;
  private volatile long end;
  private final LongAdder actions = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final LoaderRounds loaders = new LoaderRounds();
  private final List<Usage> samples = new ArrayList<>();
  private volatile boolean shortOfFiles;

  private SoakProgram(double minutes) {
    this.minutes = minutes;
  }

  /**
   * Runs.
   *
   * @param arguments the file for the result, and how many minutes
   */
  public static void main(String[] arguments) throws Exception {
    SubJvm.report(arguments[0], new SoakProgram(Double.parseDouble(arguments[1])).run());
  }

  private String run() throws Exception {
    for (SoakActions.Action action : SoakActions.ALL) {
      action.run(new SplittableRandom(1)); // links, and starts what stays
    }
    loaders.run();
    try (FileLimit limit = new FileLimit()) {
      Usage before = Usage.settled();
      workFor(limit);
      return result(before, Usage.settled());
    }
  }

  private void workFor(FileLimit limit) throws Exception {
    end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      long seed = System.nanoTime() + i;
      Runnable work = () -> work(new SplittableRandom(seed));
      workers.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
    }
    while (isOn()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(SAMPLE_NANOS, Math.max(1, end - System.nanoTime())));
      // The copies of the library that were dropped; a JVM unloads them when its metaspace is full.
      System.gc();
      samples.add(Usage.now());
      System.out.println(samples.getLast());
      loaders.run();
      shortOfFiles = true;
      limit.lower();
      Thread.sleep(SHORT_OF_FILES_MILLIS);
      limit.restore();
      shortOfFiles = false;
    }
    for (Thread worker : workers) {
      worker.join();
    }
  }

  private boolean isOn() {
    return System.nanoTime() - end < 0 && problems.size() < MOST_PROBLEMS;
  }

  private void work(SplittableRandom random) {
    while (isOn()) {
      SoakActions.Action action = SoakActions.ALL.get(random.nextInt(SoakActions.ALL.size()));
      boolean early = shortOfFiles;
      try {
        action.run(random);
        actions.increment();
      } catch (IOException e) {
        // A lowered limit refuses pipes and descriptors, for a moment after it was restored as
        // well.
        if (early || shortOfFiles || isWantOfFiles(e)) {
          refused.increment();
        } else {
          problems.add(e.toString());
        }
      } catch (Exception | OutOfMemoryError e) { // which is how the JVM says that it has no thread
        if (early || shortOfFiles) {
          refused.increment();
        } else {
          problems.add(e + " at " + e.getStackTrace()[0]);
        }
      } catch (AssertionError e) {
        problems.add(e + " at " + e.getStackTrace()[1]);
      }
    }
  }

  private static boolean isWantOfFiles(Throwable e) {
    return String.valueOf(e.getMessage()).contains("EMFILE");
  }

  private String result(Usage before, Usage after) {
    double growth = Usage.growthMib(samples);
    int left = loaders.left();
    if (after.descriptors() > before.descriptors()) {
      problems.add("descriptors: " + Resources.descriptors());
    }
    int helpers = before.children().size(); // the shell that changes the limit
    if (after.children().size() > helpers) {
      problems.add("children: " + after.children());
    }
    if (after.threads() > before.threads()) {
      problems.add("threads: " + Thread.getAllStackTraces().keySet());
    }
    if (left > 0) {
      problems.add("class loaders are left");
    }
    if (growth > MOST_GROWTH_MIB) {
      problems.add("memory grows");
    }
    String figures =
        "soak: %.1f min, %d actions, %d refused for want of files, %d class loaders of which %d are left; "
                .formatted(minutes, actions.sum(), refused.sum(), loaders.count(), left)
            + "descriptors %+d, children %+d, threads %+d, RSS %+.1f MiB after the first fifth (%+.0f KiB/min), loaded classes %+d, %s"
                .formatted(
                    after.descriptors() - before.descriptors(),
                    after.children().size() - before.children().size(),
                    after.threads() - before.threads(),
                    growth,
                    growth * 1024 / (minutes * 0.8),
                    after.classes() - before.classes(),
                    after.anonymous());
    return figures + "\n" + (problems.isEmpty() ? SubJvm.FINE : String.join("\n", problems));
  }

  /** The soft limit of open files of this process, changed by a shell that was started before. */
  private static final class FileLimit implements AutoCloseable {
    private static final int USUAL = 1024;

    private final Process shell;

    FileLimit() throws IOException {
      long pid = ProcessHandle.current().pid();
      String script = "while read -r limit; do prlimit --pid " + pid + " --nofile=$limit: ; done";
      shell =
          new ProcessBuilder("sh", "-c", script)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    }

    void lower() throws IOException {
      String[] open = new File("/proc/self/fd").list();
      set(open == null ? USUAL : open.length);
    }

    void restore() throws IOException {
      set(USUAL);
    }

    private void set(int limit) throws IOException {
      shell.outputWriter().write(limit + "\n");
      shell.outputWriter().flush();
    }

    @Override
    public void close() throws IOException {
      restore();
      shell.outputWriter().close();
      Process _ = shell.onExit().join();
    }
  }
}
