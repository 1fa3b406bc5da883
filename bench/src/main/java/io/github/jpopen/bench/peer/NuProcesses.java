package io.github.jpopen.bench.peer;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** NuProcess, which hands what it reads to a handler. Its children always have three pipes. */
final class NuProcesses implements Peer {
  private static final int LIMIT_SECONDS = 10;

  @Override
  public Captured talk(Job job) throws IOException, InterruptedException {
    Keeper keeper = new Keeper(job);
    await(start(job.command(), keeper));
    return keeper.captured();
  }

  // It has been seen to miss an exit; without a limit the other peers would never play.
  private static void await(NuProcess process) throws InterruptedException {
    if (process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) == Integer.MIN_VALUE) {
      throw new IllegalStateException("no exit in " + LIMIT_SECONDS + " s");
    }
  }

  private static NuProcess start(List<String> command, NuAbstractProcessHandler handler)
      throws IOException {
    NuProcessBuilder builder = new NuProcessBuilder(command);
    builder.setProcessListener(handler);
    NuProcess process = builder.start();
    if (process == null) {
      throw new IOException("NuProcess could not start " + command.getFirst());
    }
    return process;
  }

  @Override
  public void runWithoutPipes(List<String> command) throws IOException, InterruptedException {
    await(start(command, new NuAbstractProcessHandler() {}));
  }

  @Override
  public long overshoot(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    NuProcess process = start(command, new Keeper(new Job(command, null, false)));
    long start = System.nanoTime();
    int code = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    long late = System.nanoTime() - start - timeout.toNanos();
    process.destroy(true);
    await(process);
    if (code != Integer.MIN_VALUE) {
      throw new IllegalStateException("the child ended early");
    }
    return late;
  }

  // One thread starts all; NuProcess reads them with its own.
  @Override
  public List<Captured> talkToMany(Job job, int count) throws IOException, InterruptedException {
    List<Keeper> keepers = new ArrayList<>();
    List<NuProcess> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Keeper keeper = new Keeper(job);
      keepers.add(keeper);
      running.add(start(job.command(), keeper));
    }
    List<Captured> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      await(running.get(i));
      outputs.add(keepers.get(i).captured());
    }
    return outputs;
  }

  /** Keeps what comes, and sends what is to be sent as its buffer has room. */
  private static final class Keeper extends NuAbstractProcessHandler {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final @Nullable ByteArrayOutputStream stderr;
    private final byte @Nullable [] input;
    private @Nullable NuProcess process;
    private int sent;

    Keeper(Job job) {
      stderr = job.both() ? new ByteArrayOutputStream() : null;
      input = job.input();
    }

    Captured captured() {
      return new Captured(stdout.toByteArray(), stderr == null ? null : stderr.toByteArray());
    }

    @Override
    public void onStart(NuProcess started) {
      process = started;
      if (input == null) {
        started.closeStdin(true);
      } else {
        started.wantWrite();
      }
    }

    @Override
    public boolean onStdinReady(ByteBuffer buffer) {
      if (input == null || process == null) {
        return false;
      }
      int bytes = Math.min(buffer.remaining(), input.length - sent);
      buffer.put(input, sent, bytes).flip();
      sent += bytes;
      if (sent < input.length) {
        return true;
      }
      process.closeStdin(false); // once this buffer is written
      return false;
    }

    @Override
    public void onStdout(ByteBuffer buffer, boolean closed) {
      keep(buffer, stdout);
    }

    @Override
    public void onStderr(ByteBuffer buffer, boolean closed) {
      if (stderr == null) {
        buffer.position(buffer.limit());
      } else {
        keep(buffer, stderr);
      }
    }

    private static void keep(ByteBuffer buffer, ByteArrayOutputStream into) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      into.write(bytes, 0, bytes.length);
    }
  }
}
