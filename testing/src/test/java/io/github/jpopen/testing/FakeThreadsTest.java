package io.github.jpopen.testing;

import static io.github.jpopen.Redirect.PIPE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Popen;
import io.github.jpopen.Signal;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fakes and threads: many at once, one child for several, and nothing that stays. */
class FakeThreadsTest extends FakeTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyAtOnce(boolean virtual) throws Exception {
    fakes.on("cat").answers(line -> line);
    Command<String> cat = Command.of("cat").text();
    try (var executor =
        virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newFixedThreadPool(8)) {
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String line = i + "\n";
        results.add(executor.submit(() -> cat.input(line).checkOutput()));
      }
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get(20, SECONDS)).isEqualTo(i + "\n");
      }
    }
    assertThat(fakes.calls()).hasSize(500).allMatch(FakeCall::hasEnded);
  }

  @Test
  void oneReadsWhileAnotherWritesAndAnotherWaits() throws Exception {
    fakes.on("cat").answers(line -> line).exit(5);
    try (Popen<byte[]> child = Command.of("cat").stdin(PIPE).stdout(PIPE).start();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> exit = executor.submit(() -> child.waitFor());
      Future<byte[]> output = executor.submit(() -> child.stdout().readAllBytes());
      byte[] line = "0123456789\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      for (int i = 0; i < 50_000; i++) {
        child.stdin().write(line);
      }
      child.stdin().close();
      assertThat(output.get(20, SECONDS)).hasSize(50_000 * line.length);
      assertThat(exit.get(20, SECONDS)).isEqualTo(5);
    }
  }

  @Test
  void killFromAnotherThreadEndsTheWait() throws Exception {
    fakes.on("server").hangs();
    try (Popen<byte[]> child = Command.of("server").start()) {
      CompletableFuture<?> exit = child.onExit().toCompletableFuture();
      assertThat(exit).isNotDone();
      child.sendSignal(Signal.SIGTERM);
      exit.get(20, SECONDS);
      assertThat(child.waitFor()).isEqualTo(-Signal.SIGTERM.number());
    }
  }

  @Test
  void closeEndsFakesThatRun() throws Exception {
    fakes.on("server").hangs();
    CompletableFuture<CompletedProcess<byte[]>> run =
        Command.of("server").runAsync().toCompletableFuture();
    while (fakes.calls().isEmpty()) {
      Thread.onSpinWait();
    }
    fakes.close();
    assertThat(run.get(20, SECONDS).returncode()).isEqualTo(-Signal.SIGKILL.number());
  }

  @Test
  void noThreadIsStarted() throws Exception {
    Set<Thread> before = threads();
    fakes.on("cat").answers(line -> line);
    assertThat(Command.of("cat").input("a\n").text().checkOutput()).isEqualTo("a\n");
    assertThat(threads()).isSubsetOf(before);
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("jpopen"))
        .collect(Collectors.toSet());
  }

  @Test
  void nothingRefersToClosedFakes() throws Exception {
    fakes.close();
    WeakReference<FakePrograms> closed = used();
    for (int i = 0; i < 100 && closed.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(closed.get()).isNull();
  }

  private static WeakReference<FakePrograms> used() throws Exception {
    try (FakePrograms mine = FakePrograms.install()) {
      mine.on("true").exit(0);
      Command.of("true").run();
      return new WeakReference<>(mine);
    }
  }
}
