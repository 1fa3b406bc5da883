package io.github.jpopen.examples;

import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Each row of the README's table of differences: what {@link ProcessBuilder} does, and jpopen. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are programs of POSIX systems")
@Timeout(60)
class BesideProcessBuilderTest {
  /** More than a pipe holds, on both outputs, stderr first. */
  private static final String MUCH = "head -c 300000 /dev/zero >&2; echo done";

  private static final int MUCH_ON_STDERR = 300_000;
  private static final int PIPE_CAPACITY = 65_536;
  private static final int CHILDREN = 20;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatWasStarted() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process builder(String script) throws IOException {
    Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
    started.add(process);
    return process;
  }

  @Test
  void aFullStderrBlocksTheReaderOfStdout() throws Exception {
    Process process = builder(MUCH);
    FutureTask<byte[]> read = reading(process.getInputStream());
    until(() -> process.getErrorStream().available() >= PIPE_CAPACITY);
    assertFalse(read.isDone(), "the child waits until stderr is read");

    CompletedProcess<byte[]> done = Command.shell(MUCH).captureOutput().run();
    assertEquals("done\n", new String(done.stdout(), UTF_8));
    assertEquals(MUCH_ON_STDERR, done.stderr().length);
  }

  @Test
  void waitingBeforeReadingTimesOut() throws Exception {
    Process process = builder("head -c 300000 /dev/zero");
    assertFalse(process.waitFor(1, SECONDS));

    CompletedProcess<byte[]> done =
        Command.shell("head -c 300000 /dev/zero")
            .captureOutput()
            .timeout(Duration.ofMinutes(1))
            .run();
    assertEquals(300_000, done.stdout().length);
  }

  @Test
  void anInterruptDoesNotEndARead() throws Exception {
    Process process = builder("read line; echo done");
    FutureTask<byte[]> read = new FutureTask<>(process.getInputStream()::readAllBytes);
    Thread reader = startReading(read);
    reader.interrupt();
    process.getOutputStream().close(); // which ends the child
    assertEquals("done\n", new String(read.get(50, SECONDS), UTF_8));

    try (Popen<byte[]> child = Command.of("sleep", "60").stdout(PIPE).killOnClose().start()) {
      FutureTask<InterruptedException> end =
          new FutureTask<>(() -> assertThrows(InterruptedException.class, child::communicate));
      Thread caller = Thread.ofPlatform().daemon().start(end);
      caller.interrupt();
      end.get(50, SECONDS);
      assertThrows(TimeoutExpiredException.class, () -> child.communicate(Duration.ofMillis(1)));
      assertTrue(child.poll().isEmpty(), "the child lives on");
    }
  }

  @Test
  void aChildThatDoesNotReadItsInputIsNoFailure() throws Exception {
    Process process = builder("exec 0<&-; echo closed; sleep 60");
    process.inputReader().readLine();
    IOException broken =
        assertThrows(IOException.class, () -> process.getOutputStream().write(new byte[1 << 20]));
    assertEquals("Broken pipe", broken.getMessage());

    CompletedProcess<byte[]> done =
        Command.shell("exec 0<&-; echo closed").input(new byte[1 << 20]).captureOutput().run();
    assertEquals("closed\n", new String(done.stdout(), UTF_8));
    assertEquals(0, done.returncode());
  }

  @Test
  void aFailureExplainsItself() throws Exception {
    String script = "echo 'no such branch' >&2; exit 3";
    assertEquals(3, builder(script).waitFor());

    CalledProcessException failure =
        assertThrows(
            CalledProcessException.class,
            () -> Command.shell(script).captureOutput().check().run());
    assertEquals(3, failure.returncode());
    assertTrue(failure.getMessage().endsWith("no such branch"), failure.getMessage());
  }

  @Test
  void aSignalIsNoExitCode() throws Exception {
    assertEquals(137, builder("kill -9 $$").waitFor());
    assertEquals(137, builder("exit 137").waitFor());

    try (Popen<byte[]> killed = Command.shell("kill -9 $$").start();
        Popen<byte[]> exited = Command.shell("exit 137").start()) {
      assertEquals(-9, killed.waitFor());
      assertEquals(137, exited.waitFor());
      assertTrue(killed.status() instanceof ExitStatus.Signaled, killed.status().toString());
      assertTrue(exited.status() instanceof ExitStatus.Exited, exited.status().toString());
    }
  }

  @Test
  void theChildrenOfAShellEndWithIt() throws Exception {
    String script = "sleep 60 & echo $!; wait";
    Process shell = builder(script);
    ProcessHandle left = handle(shell.inputReader().readLine());
    shell.destroyForcibly().waitFor();
    assertTrue(left.isAlive());
    left.destroyForcibly();

    try (Popen<String> tree = Command.shell(script).text().stdout(PIPE).killTree().start()) {
      ProcessHandle sleep = handle(tree.stdoutReader().readLine());
      assertEquals(List.of(), tree.killTree());
      sleep.onExit().get(50, SECONDS);
    }
  }

  @Test
  void aBackgroundProcessHoldsTheOutputOpen() throws Exception {
    Process shell = builder("read line; sleep 60 & echo $! >&2");
    FutureTask<byte[]> read = reading(shell.getInputStream());
    shell.getOutputStream().close(); // which ends the shell
    ProcessHandle sleep = handle(shell.errorReader().readLine());
    assertEquals(0, shell.waitFor());
    assertFalse(read.isDone(), "the shell has ended, and its output has not");
    sleep.destroyForcibly();
    read.get(50, SECONDS);

    CompletedProcess<String> done =
        Command.shell("sleep 60 & echo $!")
            .text()
            .captureOutput()
            .drain(Duration.ofMillis(50))
            .run();
    assertEquals(0, done.returncode());
    assertFalse(done.isComplete());
    assertTrue(handle(done.stdout().strip()).destroyForcibly());
  }

  @Test
  void eachChildHasAThread() throws Exception {
    for (int i = 0; i < CHILDREN; i++) {
      started.add(new ProcessBuilder("sleep", "60").start());
    }
    until(() -> threadsThatWaitForAnExit() >= CHILDREN);

    Set<Thread> before = threads();
    List<Popen<byte[]>> children = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      children.add(Command.of("sleep", "60").killOnClose().start());
    }
    long more = startedSince(before);
    for (Popen<byte[]> child : children) {
      child.close();
    }
    assertTrue(more < CHILDREN / 4, () -> more + " threads for " + CHILDREN + " children");
  }

  /** In the JDK's native wait; its idle threads for that are kept for a while. */
  private static long threadsThatWaitForAnExit() {
    return Thread.getAllStackTraces().values().stream()
        .filter(stack -> stack.length > 0)
        .filter(stack -> stack[0].getMethodName().equals("waitForProcessExit0"))
        .count();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet();
  }

  private static long startedSince(Set<Thread> before) {
    return threads().stream().filter(thread -> !before.contains(thread)).count();
  }

  private static ProcessHandle handle(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static FutureTask<byte[]> reading(InputStream stream) throws Exception {
    FutureTask<byte[]> read = new FutureTask<>(stream::readAllBytes);
    startReading(read);
    return read;
  }

  /** Returns once the thread is in the system's read. */
  private static Thread startReading(FutureTask<?> read) throws Exception {
    Thread reader = Thread.ofPlatform().daemon().start(read);
    until(
        () -> {
          StackTraceElement[] stack = reader.getStackTrace();
          return stack.length > 0 && stack[0].getMethodName().equals("readBytes");
        });
    return reader;
  }

  private static void until(Callable<Boolean> event) throws Exception {
    while (!event.call()) {
      Thread.sleep(1);
    }
  }
}
