package io.github.jpopen.bench.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * Apache Commons Exec. Its children always have three pipes. Its watchdog kills the child, and the
 * caller learns of the timeout once the child has ended.
 */
final class CommonsExec implements Peer {
  @Override
  public ThreadFactory threads() {
    return Thread.ofPlatform().factory();
  }

  @Override
  public Captured talk(Job job) throws IOException {
    byte[] input = job.input();
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    executor(
            stdout,
            job.both() ? stderr : OutputStream.nullOutputStream(),
            input == null ? null : new ByteArrayInputStream(input))
        .execute(line(job.command()));
    return new Captured(stdout.toByteArray(), job.both() ? stderr.toByteArray() : null);
  }

  private static DefaultExecutor executor(
      OutputStream stdout, OutputStream stderr, @Nullable InputStream input) {
    DefaultExecutor executor = DefaultExecutor.builder().get();
    executor.setStreamHandler(new PumpStreamHandler(stdout, stderr, input));
    return executor;
  }

  private static CommandLine line(List<String> command) {
    CommandLine line = new CommandLine(command.getFirst());
    for (String argument : command.subList(1, command.size())) {
      line.addArgument(argument, false);
    }
    return line;
  }

  @Override
  public void runWithoutPipes(List<String> command) throws IOException {
    DefaultExecutor.builder().get().execute(line(command));
  }

  @Override
  public long overshoot(List<String> command, Duration timeout) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    DefaultExecutor executor = executor(stdout, OutputStream.nullOutputStream(), null);
    executor.setWatchdog(ExecuteWatchdog.builder().setTimeout(timeout).get());
    long start = System.nanoTime();
    try {
      executor.execute(line(command));
    } catch (ExecuteException e) {
      return System.nanoTime() - start - timeout.toNanos();
    }
    throw new IllegalStateException("the child ended early");
  }
}
