package io.github.jpopen.posix.kernel;

import io.github.jpopen.Command;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** One use of the public API. Returns what a user sees of it; {@link #FINE} if all is well. */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum Act {
  /** 600 kB to the child and back. */
  TALK(_ -> with(cat(), p -> talk(p))),
  /** The same, and this thread waits before the first byte can move. */
  GATED(_ -> with(cat(), p -> gated(p))),
  /** The same, after a timeout in the middle. */
  RESUME(_ -> with(cat(), p -> resume(p))),
  /** 600 kB read as a stream. */
  STREAM(_ -> with(Command.shell("head -c 600000 /dev/zero").captureOutput(), Act::stream)),
  /** A child is killed, and waited for. */
  KILL(_ -> with(sleep(), p -> "killed " + p.kill() + " " + p.waitFor(Values.LONG))),
  /** A child is given a signal that it may catch. */
  TERMINATE(_ -> with(sleep(), p -> "killed " + p.terminate() + " " + p.waitFor(Values.LONG))),
  /** A child is killed, and not waited for. */
  SIGNAL(_ -> with(sleep(), p -> "killed " + p.kill())),
  /** A child that lives is waited for, and ends. */
  WAIT(_ -> with(Command.of("sleep", "0.05"), p -> "waited " + p.waitFor(Values.LONG))),
  /** A child that reads is closed; it may have written before. */
  CLOSE(_ -> closed()),
  /** A run with a timeout kills its child. */
  RUN(_ -> run()),
  /** The child starts in another directory. */
  DIRECTORY(argument -> call(Command.of("true").cwd(Path.of(argument)))),
  /** The child reads the null device, and writes to a file. */
  FILE(argument -> call(Command.of("echo", "x").stdout(Redirect.to(Path.of(argument))))),
  /** The child has neither input nor output. */
  NOTHING(_ -> call(Command.of("true").stdin(Redirect.DEVNULL).stdout(Redirect.DEVNULL))),
  /** A program is started by its path. */
  PROGRAM(argument -> call(Command.of(Path.of(argument)))),
  /** Output that moves to a file in a folder that becomes full. */
  SPILL(argument -> spill(Path.of(argument))),
  /** What the child has open. */
  DESCRIPTORS(_ -> descriptors()),
  /** All but so many of our descriptors are in use; then as {@link #TALK}. */
  FULL(argument -> full(Integer.parseInt(argument)));

  private interface Action {
    String run(String argument) throws Exception;
  }

  private interface Use {
    String of(Popen<byte[]> popen) throws Exception;
  }

  static final String FINE = "fine";

  /** Apart, because the actions above are made before the constants of this class. */
  private static final class Values {
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(40);
    static final byte[] INPUT = input();

    private static byte[] input() {
      byte[] bytes = new byte[600_000];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ((i * 31) >> 3);
      }
      return bytes;
    }
  }

  private final Action action;

  Act(Action action) {
    this.action = action;
  }

  /** Does it, and returns what was seen, or the exception in short. */
  String run(String argument) {
    try {
      return action.run(argument);
    } catch (SpawnException e) {
      return "SpawnException " + e.culprit() + " " + e.call() + " " + e.errorName();
    } catch (Exception | Error e) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    }
  }

  private static Command<byte[]> cat() {
    return Command.of("cat").stdin(Redirect.PIPE).captureOutput();
  }

  private static Command<byte[]> sleep() {
    return Command.of("sleep", "60");
  }

  // However it ends, no child is left that this started.
  private static String with(Command<byte[]> command, Use use) throws Exception {
    Popen<byte[]> popen = command.killOnClose().start();
    try (popen) {
      return use.of(popen);
    }
  }

  private static String talk(Popen<byte[]> p) throws IOException, InterruptedException {
    return verdict(p, p.communicate(Values.INPUT, Values.LONG));
  }

  private static String gated(Popen<byte[]> p) throws IOException, InterruptedException {
    try (GatedInput input = new GatedInput(Thread.currentThread(), Values.INPUT)) {
      return verdict(p, p.communicate(Input.stream(input), Values.LONG));
    }
  }

  private static String resume(Popen<byte[]> p) throws IOException, InterruptedException {
    p.sendSignal(Signal.SIGSTOP); // it answers nothing before the timeout
    try {
      return "no timeout, " + verdict(p, p.communicate(Values.INPUT, Values.SHORT));
    } catch (TimeoutExpiredException e) {
      p.sendSignal(Signal.SIGCONT);
      return verdict(p, p.communicate(Values.LONG));
    }
  }

  private static String verdict(Popen<byte[]> p, Output<byte[]> output) {
    byte[] stdout = output.stdout();
    if (Arrays.equals(stdout, Values.INPUT) && p.status() instanceof ExitStatus.Exited(int code)) {
      return code == 0 ? FINE : "code " + code;
    }
    boolean prefix = Arrays.equals(stdout, Arrays.copyOf(Values.INPUT, stdout.length));
    return (prefix ? "cut off, " : "wrong bytes, ") + p.status();
  }

  private static String stream(Popen<byte[]> p) throws IOException, InterruptedException {
    int length = p.stdout().readAllBytes().length;
    int code = p.waitFor(Values.LONG);
    return length == Values.INPUT.length && code == 0 ? FINE : length + " bytes, code " + code;
  }

  private static String closed() throws IOException {
    Popen<byte[]> popen = cat().start();
    popen.stdin().write(Values.INPUT, 0, 10);
    popen.close();
    int code = popen.poll().orElseThrow();
    return "closed " + code;
  }

  // A child that the kernel lets no signal reach is waited for.
  private static String run() throws IOException, InterruptedException {
    try {
      return "no timeout " + Command.of("sleep", "2").timeout(Values.SHORT).run();
    } catch (TimeoutExpiredException e) {
      return "timeout";
    }
  }

  private static String spill(Path folder) throws Exception {
    Command<byte[]> talker = Command.shell("head -c 300000 /dev/zero");
    try {
      return "spilled " + talker.stdout(Redirect.PIPE.spillTo(folder, 1000)).run();
    } catch (SubprocessException e) {
      Path file = e.stdout().file().orElseThrow();
      long size = Files.size(file);
      Files.delete(file);
      long missing = size - e.stdout().size();
      return "file with " + missing + " bytes more than known, " + e.getMessage();
    }
  }

  private static String call(Command<byte[]> command) throws IOException, InterruptedException {
    int code = command.call();
    return code == 0 ? FINE : "code " + code;
  }

  private static String full(int free) throws Exception {
    Deque<FileChannel> open = new ArrayDeque<>();
    try {
      try {
        while (true) {
          open.push(FileChannel.open(Path.of("/dev/null")));
        }
      } catch (FileSystemException e) {
        for (int i = 0; i < free; i++) {
          open.pop().close();
        }
      }
      return TALK.run("");
    } finally {
      for (FileChannel channel : open) {
        channel.close();
      }
    }
  }

  // "ls" itself has the directory open, as 3.
  private static String descriptors() throws IOException, InterruptedException {
    String open = Command.of("ls", "/proc/self/fd").text().checkOutput().strip();
    return open.equals("0\n1\n2\n3") ? FINE : open.replace('\n', ' ');
  }
}
