package io.github.jpopen.bench.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.zeroturnaround.exec.ProcessExecutor;

/** ZeroTurnaround's zt-exec. Its timeout kills the child, too. */
final class ZtExec implements Peer {
  @Override
  public ThreadFactory threads() {
    return Thread.ofPlatform().factory();
  }

  @Override
  public Captured talk(Job job) throws IOException, InterruptedException, TimeoutException {
    byte[] input = job.input();
    ProcessExecutor executor =
        new ProcessExecutor(job.command()).redirectErrorStream(false).readOutput(true);
    if (input != null) {
      executor.redirectInput(new ByteArrayInputStream(input));
    }
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    if (job.both()) {
      executor.redirectError(stderr);
    }
    byte[] stdout = executor.execute().output();
    return new Captured(stdout, job.both() ? stderr.toByteArray() : null);
  }

  @Override
  public void runWithoutPipes(List<String> command)
      throws IOException, InterruptedException, TimeoutException {
    new ProcessExecutor(command).execute();
  }

  @Override
  public long overshoot(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    ProcessExecutor executor =
        new ProcessExecutor(command)
            .readOutput(true)
            .timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    long start = System.nanoTime();
    try {
      executor.execute();
    } catch (TimeoutException e) {
      return System.nanoTime() - start - timeout.toNanos();
    }
    throw new IllegalStateException("the child ended early");
  }
}
