package io.github.jpopen.bench.crowd;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * As many children alive at once as the limits allow, each in {@code communicate} on a virtual
 * thread. They wait for a fifo, so that all are there before the first answers.
 */
final class Alive {
  private Alive() {}

  static boolean run(int count) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("alive");
    Path fifo = directory.resolve("gate");
    Command.of("mkfifo", fifo.toString()).checkCall();
    try {
      return run(count, fifo);
    } finally {
      Files.delete(fifo);
      Files.delete(directory);
    }
  }

  private static boolean run(int count, Path fifo) throws IOException, InterruptedException {
    Command<String> waits =
        Command.shell("read line < \"$0\"; exec cat", fifo.toString())
            .text()
            .stdin(PIPE)
            .stdout(PIPE);
    Footprint before = Footprint.now();
    long start = System.nanoTime();
    List<Popen<String>> children = new ArrayList<>();
    List<Future<String>> outputs = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        Popen<String> child;
        try {
          child = waits.start();
        } catch (SpawnException e) {
          System.out.printf("no more than %,d children: %s%n", i, e.getMessage());
          break;
        }
        String input = "child " + i + "\n";
        children.add(child);
        outputs.add(executor.submit(() -> child.communicate(input).stdout()));
      }
      // All wait by then: one more check of each, so that none has not begun.
      double started = (System.nanoTime() - start) / 1e9;
      Footprint during = Footprint.now();
      System.out.printf(
          "%,d children alive after %.1f s: %s; %s%n",
          children.size(), started, during, during.perChild(before, children.size()));
      try (OutputStream gate = new FileOutputStream(fifo.toFile())) {
        for (int i = 0; i < children.size(); i++) {
          gate.write(new byte[] {10});
        }
        boolean right = true;
        for (int i = 0; i < children.size(); i++) {
          right &= outputs.get(i).get().equals("child " + i + "\n");
        }
        System.out.printf(
            "all have answered after %.1f s: %s, %s%n",
            (System.nanoTime() - start) / 1e9,
            right ? "outputs right" : "OUTPUTS WRONG",
            Footprint.now());
        return right;
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
