package io.github.jpopen.bench.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** One way to run programs from Java. Thread-safe. */
public interface Peer {
  /** Sends the input, reads the outputs to their end, and waits for the exit. */
  Captured talk(Job job) throws Exception;

  /** Runs a program whose streams are all ours, and waits for the exit. */
  void runWithoutPipes(List<String> command) throws Exception;

  /**
   * Starts a program that outlives the timeout, captures its stdout until then, and kills it.
   *
   * @return how many nanoseconds after the timeout the caller continued
   */
  long overshoot(List<String> command, Duration timeout) throws Exception;

  /** The threads for many children at once: one for each. */
  default ThreadFactory threads() {
    return Thread.ofVirtual().factory();
  }

  /** Runs many children at once, and returns the output of each. */
  default List<Captured> talkToMany(Job job, int count) throws Exception {
    try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads())) {
      List<Future<Captured>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(executor.submit(() -> talk(job)));
      }
      List<Captured> outputs = new ArrayList<>();
      for (Future<Captured> one : running) {
        outputs.add(one.get());
      }
      return outputs;
    } catch (ExecutionException e) {
      throw new IllegalStateException("one of the children failed", e.getCause());
    }
  }
}
