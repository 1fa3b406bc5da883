package io.github.jpopen.posix.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedPipeline;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.RunningPipeline;
import io.github.jpopen.TimeoutExpiredException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One use of the public API that may take threads of the library. It works, or throws; an {@link
 * AssertionError} says that it returned something wrong.
 */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum ThreadUse {
  RUN(_ -> require(text("echo x").checkOutput().equals("x\n"))),
  RUN_WITH_TIMEOUT(_ -> timedRun()),
  COMMUNICATE(_ -> with(cat(), p -> require(isInput(p.communicate(Values.INPUT, Values.LONG))))),
  COMMUNICATE_AFTER_TIMEOUT(
      _ -> with(Command.shell("sleep 0.1; echo x").captureOutput(), ThreadUse::resume)),
  COMMUNICATE_ASYNC(
      _ -> with(cat(), p -> require(isInput(get(p.communicateAsync(Input.of(Values.INPUT))))))),
  RUN_ASYNC(_ -> require(get(text("echo x").runAsync()).stdout().equals("x\n"))),
  WAIT_FOR(_ -> with(Command.of("sleep", "0.05"), p -> require(p.waitFor(Values.LONG) == 0))),
  ON_EXIT(_ -> with(Command.of("sleep", "0.05"), p -> require(get(p.onExit()).returncode() == 0))),
  AWAIT_ANY(_ -> with(Command.of("sleep", "0.05"), ThreadUse::awaitAny)),
  AWAIT_ALL(
      _ ->
          with(
              Command.of("sleep", "0.05"),
              p -> require(Popen.awaitAll(List.of(p), Values.LONG) && p.returncode() == 0))),
  STREAM_INPUT(
      _ -> with(cat(), p -> require(isInput(p.communicate(Input.stream(bytes()), Values.LONG))))),
  STREAM_INPUT_OF_RUN(
      _ ->
          require(
              Arrays.equals(
                  Command.of("cat")
                      .captureOutput()
                      .input(Input.stream(bytes()))
                      .timeout(Values.LONG)
                      .run()
                      .stdout(),
                  Values.INPUT))),
  STOP(_ -> with(Command.of("sleep", "60"), p -> require(p.stop(Values.LONG).returncode() == -15))),
  KILL_TREE(
      _ -> with(Command.shell("sleep 60 & wait").killTree(), p -> require(p.killTree().isEmpty()))),
  CLOSE_OF_LIVING_CHILD(_ -> ThreadUse.close(Command.of("sleep", "60").start())),
  CLOSE_OF_LIVING_CHILDREN(_ -> closeThree()),
  PIPELINE(ThreadUse::pipeline),
  PIPELINE_WITH_GRACE(_ -> timedPipeline()),
  STOP_OF_PIPELINE(_ -> stopPipeline()),
  DROP(_ -> drop()),
  OTHER_UMASK(_ -> require(text("umask").posix(o -> o.umask(0077)).checkOutput().endsWith("77\n"))),
  FIFO(ThreadUse::fifo);

  private interface Action {
    void run(Path temp) throws Exception;
  }

  private interface Use {
    void of(Popen<byte[]> popen) throws Exception;
  }

  /** Apart, because the actions above are made before the constants of this class. */
  private static final class Values {
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(20);
    static final byte[] INPUT = input();

    private static byte[] input() {
      byte[] bytes = new byte[200_000];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ((i * 31) >> 3);
      }
      return bytes;
    }
  }

  private final Action action;

  ThreadUse(Action action) {
    this.action = action;
  }

  void run(Path temp) throws Exception {
    action.run(temp);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError("wrong result");
    }
  }

  private static Command<byte[]> cat() {
    return Command.of("cat").stdin(Redirect.PIPE).captureOutput();
  }

  private static Command<String> text(String script) {
    return Command.shell(script).timeout(Values.LONG).text().captureOutput();
  }

  private static InputStream bytes() {
    return new BufferedInputStream(new ByteArrayInputStream(Values.INPUT)); // not known as memory
  }

  private static <R> R get(CompletableFuture<R> future) throws Exception {
    return future.get(Values.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static boolean isInput(Output<byte[]> output) {
    return Arrays.equals(output.stdout(), Values.INPUT);
  }

  // However it ends, no child is left that this started.
  private static void with(Command<byte[]> command, Use use) throws Exception {
    Popen<byte[]> popen = command.killOnClose().start();
    try (popen) {
      use.of(popen);
    }
  }

  private static void timedRun() throws Exception {
    try {
      throw new AssertionError(Command.of("sleep", "60").timeout(Values.SHORT).run().toString());
    } catch (TimeoutExpiredException e) {
      // as it must
    }
  }

  private static void pipeline(Path temp) throws Exception {
    Path input = Files.write(temp.resolve("input"), Values.INPUT);
    Pipeline<byte[]> cats = Pipeline.of(Command.of("cat"), Command.of("cat")).captureOutput();
    try {
      CompletedPipeline<byte[]> done = cats.input(Input.file(input)).timeout(Values.LONG).run();
      require(Arrays.equals(done.stdout(), Values.INPUT));
    } finally {
      require(!isOpen(input));
    }
  }

  private static boolean isOpen(Path file) throws IOException {
    Path real = file.toRealPath();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          if (Files.readSymbolicLink(descriptor).equals(real)) {
            return true;
          }
        } catch (NoSuchFileException e) {
          // closed meanwhile
        }
      }
    }
    return false;
  }

  /** The stages ignore the request. If it throws, they were killed: close would wait for them. */
  private static void stopPipeline() throws Exception {
    Command<byte[]> first = Command.shell("trap '' TERM; echo up; exec sleep 60");
    Command<byte[]> last = Command.shell("trap '' TERM; read line; echo $line; exec sleep 60");
    RunningPipeline<byte[]> p = Pipeline.of(first, last).captureOutput().start();
    boolean up = false;
    try (p) {
      try {
        require(p.stdout().read() == 'u');
        up = true;
      } finally {
        if (!up) {
          boolean _ = p.kill();
        }
      }
      require(p.stop(Values.SHORT).returncode() == -9);
    }
  }

  private static void timedPipeline() throws Exception {
    Command<byte[]> sleep = Command.of("sleep", "60");
    Pipeline<byte[]> sleeps = Pipeline.of(sleep, sleep).captureOutput().grace(Values.LONG);
    try {
      throw new AssertionError(sleeps.timeout(Values.SHORT).run().toString());
    } catch (TimeoutExpiredException e) {
      // as it must
    }
  }

  private static void resume(Popen<byte[]> popen) throws Exception {
    try {
      throw new AssertionError(popen.communicate(Values.SHORT).toString());
    } catch (TimeoutExpiredException e) {
      require(popen.communicate(Values.LONG).stdout().length == 2);
    }
  }

  private static void awaitAny(Popen<byte[]> popen) throws Exception {
    Optional<Popen<byte[]>> first = Popen.awaitAny(List.of(popen), Values.LONG);
    require(first.isPresent() && popen.returncode() == 0);
  }

  /** Its exit is collected by the library, after it was killed by another than that. */
  private static void close(Popen<byte[]> popen) throws Exception {
    ProcessHandle process = popen.toHandle();
    closeWithoutWaiting(popen);
    require(process.destroyForcibly());
  }

  /** An interrupted thread does not wait for the exit. */
  static void closeWithoutWaiting(Popen<byte[]> popen) throws IOException {
    Thread.currentThread().interrupt();
    try {
      popen.close();
    } finally {
      boolean _ = Thread.interrupted();
    }
  }

  private static void closeThree() throws Exception {
    Command<byte[]> sleep = Command.of("sleep", "60").captureOutput();
    for (int i = 0; i < 3; i++) {
      close(sleep.start());
    }
  }

  private static void drop() throws Exception {
    Command<byte[]> command = Command.of("true").captureOutput();
    for (int i = 0; i < 3; i++) {
      Popen<byte[]> _ = command.start();
    }
  }

  private static void fifo(Path temp) throws Exception {
    String fifo = temp.resolve("fifo").toString();
    int made = new ProcessBuilder("mkfifo", fifo).start().waitFor();
    Process reader = new ProcessBuilder("cat", fifo).start();
    try {
      require(made == 0);
      require(Command.of("echo", "x").stdout(Redirect.to(Path.of(fifo))).call() == 0);
      require(new String(reader.getInputStream().readAllBytes(), US_ASCII).equals("x\n"));
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }
}
