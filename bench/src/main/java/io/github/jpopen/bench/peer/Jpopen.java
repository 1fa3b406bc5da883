package io.github.jpopen.bench.peer;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** jpopen, with its output in one of three forms. */
final class Jpopen implements Peer {
  /** What the output becomes. */
  enum Form {
    BYTES,
    TEXT,
    OFF_HEAP
  }

  private final Form form;
  private final ThreadFactory threads;

  Jpopen(Form form, ThreadFactory threads) {
    this.form = form;
    this.threads = threads;
  }

  @Override
  public ThreadFactory threads() {
    return threads;
  }

  @Override
  public Captured talk(Job job) throws IOException, InterruptedException {
    Command<byte[]> command = Command.of(job.command()).stdout(PIPE);
    if (job.both()) {
      command = command.stderr(PIPE);
    }
    if (job.input() != null) {
      command = command.stdin(PIPE);
    }
    return switch (form) {
      case BYTES -> captured(talk(command, job), job.both(), () -> {});
      case TEXT -> captured(talk(command.text(), job), job.both(), () -> {});
      case OFF_HEAP -> {
        Arena arena = Arena.ofShared();
        yield captured(talk(command.offHeap(arena), job), job.both(), arena::close);
      }
    };
  }

  private static <T> Output<T> talk(Command<T> command, Job job)
      throws IOException, InterruptedException {
    try (Popen<T> child = command.start()) {
      byte[] input = job.input();
      return input == null ? child.communicate() : child.communicate(Input.wrap(input));
    }
  }

  private static <T> Captured captured(Output<T> output, boolean both, Runnable owner) {
    return new Captured(output.stdout(), both ? output.stderr() : null, owner);
  }

  @Override
  public void runWithoutPipes(List<String> command) throws IOException, InterruptedException {
    int code = Command.of(command).call();
    if (code != 0) {
      throw new IOException("exit code " + code);
    }
  }

  @Override
  public long overshoot(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    try (Popen<byte[]> child = Command.of(command).stdout(PIPE).start()) {
      long start = System.nanoTime();
      try {
        child.communicate(timeout);
      } catch (TimeoutExpiredException e) {
        return System.nanoTime() - start - timeout.toNanos();
      }
      throw new IllegalStateException("the child ended early");
    } // kills the child, because nothing followed the timeout
  }

  /** The same from one thread: all are started, then listened to one after the other. */
  static Peer inTurn() {
    return new InTurn();
  }

  private static final class InTurn implements Peer {
    private final Jpopen one = new Jpopen(Form.BYTES, Thread.ofPlatform().factory());

    @Override
    public Captured talk(Job job) throws Exception {
      return one.talk(job);
    }

    @Override
    public void runWithoutPipes(List<String> command) throws Exception {
      one.runWithoutPipes(command);
    }

    @Override
    public long overshoot(List<String> command, Duration timeout) throws Exception {
      return one.overshoot(command, timeout);
    }

    // Good for children whose output fits into a pipe until it is their turn.
    @Override
    public List<Captured> talkToMany(Job job, int count) throws Exception {
      List<Popen<byte[]>> children = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        children.add(Command.of(job.command()).stdout(PIPE).start());
      }
      List<Captured> outputs = new ArrayList<>();
      for (Popen<byte[]> child : children) {
        try (child) {
          outputs.add(captured(child.communicate(), false, () -> {}));
        }
      }
      return outputs;
    }
  }
}
