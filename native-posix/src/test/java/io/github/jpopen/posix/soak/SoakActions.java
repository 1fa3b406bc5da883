package io.github.jpopen.posix.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** What a soak does, one action at a time. Each checks what comes out. */
final class SoakActions {
  /** One of them. */
  interface Action {
    void run(RandomGenerator random) throws Exception;
  }

  private static final Command<byte[]> TRUE = Command.of("true");
  private static final Command<byte[]> CAT = Command.of("cat").captureOutput();
  private static final Command<byte[]> SLEEP = Command.of("sleep", "60").captureOutput();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private SoakActions() {}

  /** All of them. The more a class of faults hurts, the more often it stands here. */
  static final List<Action> ALL =
      List.of(
          SoakActions::runs,
          SoakActions::runs,
          SoakActions::captures,
          SoakActions::exchanges,
          SoakActions::timesOut,
          SoakActions::isKilled,
          SoakActions::isInterrupted,
          SoakActions::isDropped,
          SoakActions::isDropped,
          SoakActions::cancelsRun,
          SoakActions::cancelsCommunicate,
          SoakActions::isMissing,
          SoakActions::listens,
          SoakActions::isAwaited);

  private static void runs(RandomGenerator random) throws Exception {
    require(TRUE.call() == 0, "code");
  }

  private static void captures(RandomGenerator random) throws Exception {
    String text = "x" + random.nextInt();
    byte[] output = Command.of("echo", text).captureOutput().run().stdout();
    require(new String(output, UTF_8).equals(text + "\n"), "captured");
  }

  private static void exchanges(RandomGenerator random) throws Exception {
    byte[] input = new byte[random.nextInt(200_000)];
    random.nextBytes(input);
    require(Arrays.equals(CAT.input(input).run().stdout(), input), "bytes");
  }

  private static void timesOut(RandomGenerator random) throws Exception {
    try {
      SLEEP.timeout(Duration.ofMillis(random.nextInt(10))).run();
      throw new AssertionError("no timeout");
    } catch (TimeoutExpiredException e) {
      // as it must
    }
  }

  private static void isKilled(RandomGenerator random) throws Exception {
    try (Popen<byte[]> child = SLEEP.killOnClose().start()) {
      if (random.nextBoolean()) {
        require(child.kill(), "kill");
        require(child.waitFor(LIMIT) == -9, "killed");
      }
    }
  }

  private static void isInterrupted(RandomGenerator random) throws Exception {
    try (Popen<byte[]> child = SLEEP.killOnClose().start()) {
      Thread here = Thread.currentThread();
      Thread other =
          Thread.startVirtualThread(
              () -> {
                pause(random.nextInt(5));
                here.interrupt();
              });
      try {
        child.communicate();
        throw new AssertionError("no interrupt");
      } catch (InterruptedException e) {
        other.join();
      }
    } finally {
      boolean _ = Thread.interrupted();
    }
  }

  @SuppressWarnings("CheckReturnValue") // nobody waits for it: that is the test
  private static void isDropped(RandomGenerator random) throws Exception {
    TRUE.stdin(Redirect.PIPE).captureOutput().start();
  }

  private static void cancelsRun(RandomGenerator random) {
    CompletableFuture<?> future = SLEEP.runAsync();
    pause(random.nextInt(5));
    future.cancel(true);
    require(future.isDone(), "cancelled");
  }

  private static void cancelsCommunicate(RandomGenerator random) throws Exception {
    byte[] input = new byte[100_000];
    random.nextBytes(input);
    try (Popen<byte[]> child = CAT.stdin(Redirect.PIPE).start()) {
      CompletableFuture<?> future = child.communicateAsync(Input.of(input));
      pause(random.nextInt(3));
      future.cancel(true);
      Output<byte[]> output = child.communicate(LIMIT);
      require(Arrays.equals(output.stdout(), input), "bytes after a cancel");
    }
  }

  private static void isMissing(RandomGenerator random) throws IOException {
    try {
      Command.of("no-such-program").start().close();
      throw new AssertionError("started");
    } catch (SpawnException e) {
      // as it must
    }
  }

  private static void listens(RandomGenerator random) throws Exception {
    try (Popen<byte[]> child = TRUE.start()) {
      require(child.onExit().get(60, TimeUnit.SECONDS).returncode() == 0, "exit");
    }
  }

  private static void isAwaited(RandomGenerator random) throws Exception {
    try (Popen<byte[]> first = TRUE.start();
        Popen<byte[]> second = TRUE.start()) {
      require(Popen.awaitAll(List.of(first, second), LIMIT), "both");
      require(Popen.awaitAny(List.of(first, second), LIMIT).isPresent(), "any");
    }
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
