package io.github.jpopen.bench.conform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * {@code ProcessBuilder} as a careful user writes it: threads read both outputs and write the
 * input, and the caller waits for the exit, then for the readers.
 */
final class BuilderLibrary implements Library {
  @Override
  public String name() {
    return "ProcessBuilder";
  }

  @Override
  public Outcome call(Call call, Duration limit) throws Exception {
    Running running = start(call);
    try {
      return running.await(limit);
    } finally {
      running.end();
    }
  }

  @Override
  public Running start(Call call) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(call.command());
    if (call.folder() != null) {
      builder.directory(call.folder().toFile());
    }
    return new Child(builder.start(), call.input());
  }

  private static final class Child implements Running {
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
      return Thread.ofPlatform().daemon().start(task);
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
          && readsStdout.join(Duration.ofNanos(end - System.nanoTime()))
          && readsStderr.join(Duration.ofNanos(end - System.nanoTime()))) {
        return new Done(process.exitValue(), stdout.toByteArray(), stderr.toByteArray());
      }
      return new TimedOut(stdout.toByteArray());
    }

    @Override
    public void end() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }
}
