package io.github.jpopen.bench.crowd;

import io.github.jpopen.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many children that sleep a second, each run by a virtual thread that captures its output. */
final class Sleepers {
  private static final Command<String> SLEEP =
      Command.shell("sleep 1; echo hi").text().captureOutput();

  private Sleepers() {}

  static boolean run(int count) throws IOException, InterruptedException {
    boolean right = true;
    for (String round : List.of("cold", "warm", "warm")) {
      long start = System.nanoTime();
      boolean same = round(count);
      double seconds = (System.nanoTime() - start) / 1e9;
      right &= same;
      System.out.printf(
          "%,d virtual threads, each in `sleep 1; echo hi`, parallelism %s, %s: %.2f s, %s, %s%n",
          count,
          System.getProperty("jdk.virtualThreadScheduler.parallelism", "as it is"),
          round,
          seconds,
          same ? "outputs right" : "OUTPUTS WRONG",
          Footprint.now());
    }
    return right;
  }

  private static boolean round(int count) throws InterruptedException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> outputs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        outputs.add(executor.submit(SLEEP::checkOutput));
      }
      boolean right = true;
      for (Future<String> output : outputs) {
        right &= output.get().equals("hi\n");
      }
      return right;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
