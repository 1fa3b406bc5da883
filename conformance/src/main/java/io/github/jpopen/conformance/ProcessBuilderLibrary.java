package io.github.jpopen.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * {@link ProcessBuilder} as a careful user writes it: three threads move the bytes, and the caller
 * waits. It is here to compare with, and to show what a {@link ProcessLibrary} looks like.
 *
 * @since 0.1
 */
public final class ProcessBuilderLibrary implements ProcessLibrary {
  /** Makes one. */
  public ProcessBuilderLibrary() {}

  @Override
  public String name() {
    return "ProcessBuilder";
  }

  @Override
  public Outcome run(Call call, Duration limit) throws IOException, InterruptedException {
    Child child = child(call);
    try {
      return child.await(limit);
    } finally {
      child.end();
    }
  }

  @Override
  public String runText(Call call, Charset charset, Duration limit)
      throws IOException, InterruptedException {
    if (run(call, limit) instanceof Outcome.Ended ended) {
      return new String(ended.stdout(), charset);
    }
    throw new IOException("timed out");
  }

  @Override
  public RunningCall start(Call call) throws IOException {
    return child(call);
  }

  private static Child child(Call call) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(call.command());
    builder.environment().putAll(call.environment());
    call.directory().ifPresent(directory -> builder.directory(directory.toFile()));
    return new Child(builder.start(), call.input());
  }

  /** A process with its threads. */
  private static final class Child implements RunningCall {
    private final Process process;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final Thread readsStdout;
    private final Thread readsStderr;

    Child(Process process, byte[] input) {
      this.process = process;
      readsStdout = start(() -> read(process.getInputStream(), stdout));
      readsStderr = start(() -> read(process.getErrorStream(), stderr));
      start(() -> write(input, process.getOutputStream()));
    }

    private static Thread start(Runnable task) {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
      return thread;
    }

    private static void read(InputStream from, OutputStream into) {
      try (from) {
        from.transferTo(into);
      } catch (IOException e) {
        // A child that is killed closes the stream under its reader.
      }
    }

    private static void write(byte[] input, OutputStream stdin) {
      try (stdin) {
        stdin.write(input);
      } catch (IOException e) {
        // A child may end, or close its stdin, without reading all.
      }
    }

    @Override
    public Outcome await(Duration limit) throws InterruptedException {
      long end = System.nanoTime() + limit.toNanos();
      if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)
          && join(readsStdout, end)
          && join(readsStderr, end)) {
        return new Outcome.Ended(process.exitValue(), stdout.toByteArray(), stderr.toByteArray());
      }
      return new Outcome.TimedOut(stdout.toByteArray());
    }

    private static boolean join(Thread thread, long end) throws InterruptedException {
      long millis = (end - System.nanoTime()) / 1_000_000;
      thread.join(Math.max(millis, 1)); // 0 would wait for ever
      return !thread.isAlive();
    }

    @Override
    public void end() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }
}
