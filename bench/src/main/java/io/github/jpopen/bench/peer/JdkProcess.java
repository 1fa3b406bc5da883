package io.github.jpopen.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * {@code ProcessBuilder} as a careful user writes it: the caller reads stdout, and a thread of its
 * own each reads stderr and writes stdin, so that no full pipe stops the others.
 */
final class JdkProcess implements Peer {
  private final ThreadFactory pumps;
  private final ThreadFactory threads;

  /**
   * Makes a peer.
   *
   * @param pumps what makes the threads that read and write
   * @param threads see {@link #threads}
   */
  JdkProcess(ThreadFactory pumps, ThreadFactory threads) {
    this.pumps = pumps;
    this.threads = threads;
  }

  @Override
  public ThreadFactory threads() {
    return threads;
  }

  @Override
  public Captured talk(Job job) throws IOException, InterruptedException, ExecutionException {
    byte[] input = job.input();
    Process process =
        new ProcessBuilder(job.command())
            .redirectInput(input == null ? Redirect.INHERIT : Redirect.PIPE)
            .redirectError(job.both() ? Redirect.PIPE : Redirect.INHERIT)
            .start();
    Thread writer = null;
    if (input != null) {
      writer = pumps.newThread(() -> send(input, process.getOutputStream()));
      writer.start();
    }
    FutureTask<byte[]> stderr = job.both() ? pump(process.getErrorStream()) : null;
    byte[] stdout = readAll(process.getInputStream());
    byte[] errors = stderr == null ? null : stderr.get();
    if (writer != null) {
      writer.join();
    }
    process.waitFor();
    return new Captured(stdout, errors);
  }

  private FutureTask<byte[]> pump(InputStream from) {
    FutureTask<byte[]> task = new FutureTask<>(() -> readAll(from));
    pumps.newThread(task).start();
    return task;
  }

  private static byte[] readAll(InputStream from) throws IOException {
    try (from) {
      return from.readAllBytes();
    }
  }

  private static void send(byte[] input, OutputStream stdin) {
    try (stdin) {
      stdin.write(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void runWithoutPipes(List<String> command) throws IOException, InterruptedException {
    new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Override
  public long overshoot(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT)
            .start();
    FutureTask<byte[]> stdout = pump(process.getInputStream());
    long start = System.nanoTime();
    boolean ended = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    long late = System.nanoTime() - start - timeout.toNanos();
    process.destroyForcibly().waitFor();
    try {
      stdout.get();
    } catch (ExecutionException e) {
      // The exit closes the stream, even if the pump has not begun to read.
      if (!(e.getCause() instanceof IOException)) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (ended) {
      throw new IllegalStateException("the child ended early");
    }
    return late;
  }
}
