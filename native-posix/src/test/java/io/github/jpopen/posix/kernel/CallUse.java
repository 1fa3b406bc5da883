package io.github.jpopen.posix.kernel;

import io.github.jpopen.Command;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.contract.Attempt;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * One use of the public API in which a call fails. It works, or throws an exception; an {@link
 * AssertionError} says that it returned something wrong.
 */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum CallUse {
  /** In another directory and with a stream that is a file. */
  RUN(CallUse::runsInAnotherDirectory),
  /** What is sent and read continues after a timeout. */
  TIMEOUT(() -> with(cat(), CallUse::resumes)),
  /** Each of two waits needs the poller. */
  WAIT_TWICE(() -> with(text("sleep 0.01; echo x; sleep 0.01; echo y"), CallUse::readsTwice)),
  /** A run that takes too long is killed. */
  KILLED_RUN(CallUse::runsTooLong),
  /** The child is waited for and closed. */
  WAIT(() -> with(Command.of("sleep", "0.005"), p -> require(p.waitFor(Values.LONG) == 0))),
  /** A child of which nothing is wanted is killed by its close. */
  CLOSE(CallUse::closes),
  /** A group and a descriptor that is passed on. */
  SPECIAL(CallUse::passesOn),
  /** Memory outside the heap. */
  OFF_HEAP(CallUse::takesMemory),
  /** All that the child has started is killed. */
  TREE(() -> with(Command.shell("sleep 60 & wait").killTree(), CallUse::killsTree)),
  /** A signal to the group. */
  GROUP(() -> with(Command.of("sleep", "60").posix(o -> o.processGroup(0)), CallUse::signals)),
  /** A process guards the child while it lives. */
  GUARDED(() -> with(Command.of("sleep", "60").killOnExit(), Popen::kill));

  private interface Use<T> {
    void of(Popen<T> popen) throws Exception;
  }

  /** Apart, because the actions above are made before the constants of this class. */
  private static final class Values {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(3);
    static final byte[] INPUT = input();

    private static byte[] input() {
      byte[] bytes = new byte[150_000];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ((i * 31) >> 3);
      }
      return bytes;
    }
  }

  private final Attempt.Action action;

  CallUse(Attempt.Action action) {
    this.action = action;
  }

  void run() throws Exception {
    action.run();
  }

  /** The child after a failure. */
  static void runNext() throws Exception {
    require(Command.of("true").call() == 0);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError("wrong result");
    }
  }

  // A process that could not be killed is reported.
  private static void killsTree(Popen<?> popen) {
    for (ProcessHandle survivor : popen.killTree()) {
      boolean _ = survivor.destroyForcibly();
    }
  }

  private static Command<byte[]> cat() {
    return Command.of("cat").stdin(Redirect.PIPE).captureOutput();
  }

  private static Command<String> text(String script) {
    return Command.shell(script).text().captureOutput();
  }

  private static void readsTwice(Popen<String> popen) throws Exception {
    require(popen.communicate(Values.LONG).stdout().equals("x\ny\n"));
  }

  // However it ends, no child is left that this started.
  private static <T> void with(Command<T> command, Use<T> use) throws Exception {
    Popen<T> popen = command.killOnClose().start();
    ProcessHandle process = popen.toHandle();
    try (popen) {
      use.of(popen);
    } catch (IOException e) { // perhaps no signal could be sent
      boolean _ = process.destroyForcibly();
      throw e;
    }
  }

  private static void runsInAnotherDirectory() throws Exception {
    Command<byte[]> command =
        Command.of("cat").cwd(Path.of("/")).stdout(Redirect.PIPE).stderr(Redirect.DEVNULL);
    byte[] stdout = command.input(Values.INPUT).timeout(Values.LONG).run().stdout();
    require(Arrays.equals(stdout, Values.INPUT));
  }

  private static void resumes(Popen<byte[]> popen) throws Exception {
    popen.sendSignal(Signal.SIGSTOP); // it answers nothing before the timeout
    Output<byte[]> output;
    try {
      output = popen.communicate(Values.INPUT, Values.SHORT);
    } catch (TimeoutExpiredException e) {
      popen.sendSignal(Signal.SIGCONT);
      output = popen.communicate(Values.LONG);
    }
    boolean whole = Arrays.equals(output.stdout(), Values.INPUT);
    require(whole && popen.returncode() == 0);
  }

  private static void runsTooLong() throws Exception {
    try {
      Command.of("sleep", "60").timeout(Values.SHORT).run();
      throw new AssertionError("no timeout");
    } catch (TimeoutExpiredException e) {
      // as it must
    }
  }

  private static void closes() throws Exception {
    with(cat(), popen -> popen.stdin().write(Values.INPUT, 0, 10));
  }

  private static void passesOn() throws Exception {
    String stdout =
        text("umask; test -e /dev/fd/2")
            .posix(o -> o.umask(0077).passFds(2).processGroup(0).pipeSize(4096))
            .checkOutput();
    require(stdout.endsWith("77\n"));
  }

  private static void takesMemory() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      Command<MemorySegment> command = Command.of("cat").stdout(Redirect.PIPE).offHeap(arena);
      MemorySegment stdout = command.input(Values.INPUT).timeout(Values.LONG).run().stdout();
      require(stdout.mismatch(MemorySegment.ofArray(Values.INPUT)) == -1);
    }
  }

  private static void signals(Popen<byte[]> popen) throws Exception {
    if (popen.sendSignalToGroup(Signal.SIGTERM)) {
      require(popen.waitFor(Values.LONG) == -15);
    }
  }
}
