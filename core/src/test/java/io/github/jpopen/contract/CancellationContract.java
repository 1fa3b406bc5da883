package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's ways to cancel a task interrupt the call and leave the child alone. */
public abstract class CancellationContract extends ContractTest {
  private static ExecutorService executor(Background.Kind kind) {
    return kind == Background.Kind.VIRTUAL
        ? Executors.newVirtualThreadPerTaskExecutor()
        : Executors.newCachedThreadPool();
  }

  /** A child that has written "a", waits for the gate, and then writes "b". */
  private Popen<byte[]> waiting(Path gate) throws IOException {
    Popen<byte[]> p = start(child(out("a"), awaitFile(gate), out("b")).stdin(PIPE).stdout(PIPE));
    timedOutWith(p, 1);
    return p;
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"promise 13", "promise 25"})
  void nextCallContinuesAfterCancelledTask(Background.Kind kind) throws Exception {
    Path gate = gate("end");
    Popen<byte[]> p = waiting(gate);
    Future<byte[]> task;
    try (ExecutorService executor = executor(kind)) {
      task = executor.submit(() -> p.communicate().stdout());
      assertThat(p.poll(SHORT)).isEmpty();
      Duration took =
          time(
              () -> {
                assertThat(task.cancel(true)).isTrue();
                executor.shutdown();
                assertThat(executor.awaitTermination(LONG.toSeconds(), SECONDS)).isTrue();
              });
      assertThat(took).isLessThan(LATE);
    }
    assertThatExceptionOfType(CancellationException.class).isThrownBy(task::get);
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("ab");
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"promise 13", "promise 25"})
  void invokeAnyKillsNoChildOfALoser(Background.Kind kind) throws Exception {
    List<Path> gates = List.of(gate("0"), gate("1"), gate("2"));
    List<Popen<byte[]>> children = new ArrayList<>();
    List<Callable<String>> calls = new ArrayList<>();
    for (Path gate : gates) {
      Popen<byte[]> p = waiting(gate);
      children.add(p);
      calls.add(() -> new String(p.communicate().stdout(), UTF_8));
    }
    open(gates.get(1));
    try (ExecutorService executor = executor(kind)) {
      assertThat(executor.invokeAny(calls)).isEqualTo("ab");
    } // waits for all threads
    assertThat(children.get(0).poll()).isEmpty();
    assertThat(children.get(2).poll()).isEmpty();
    assertThat(children.get(1).poll()).hasValue(0);
    open(gates.get(0));
    open(gates.get(2));
    assertThat(children.get(0).communicate().stdout()).asString().isEqualTo("ab");
    assertThat(children.get(2).communicate().stdout()).asString().isEqualTo("ab");
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"promise 13", "promise 25"})
  void invokeAnyKillsTheChildOfALosingRun(Background.Kind kind) throws Exception {
    List<Callable<CompletedProcess<byte[]>>> runs =
        List.of(child(live()).captureOutput()::run, child(out("won")).captureOutput()::run);
    try (ExecutorService executor = executor(kind)) {
      assertThat(executor.invokeAny(runs).stdout()).asString().isEqualTo("won");
    }
    if (Resources.COUNTABLE) {
      Eventually.await("the loser is gone", () -> Resources.children().isEmpty());
    }
  }

  /** The name of a method of Java's preview API, which Java 26 changed. */
  private static final String ANY_SUCCESSFUL =
      Runtime.version().feature() == 25 ? "anySuccessfulResultOrThrow" : "anySuccessfulOrThrow";

  /** A program for another JVM, because its preview API would make this class a preview class. */
  private static final String SCOPE =
      """
      import io.github.jpopen.Popen;
      import io.github.jpopen.Redirect;
      import io.github.jpopen.contract.ChildSteps;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.concurrent.StructuredTaskScope;
      import java.util.concurrent.StructuredTaskScope.Joiner;

      class Scope extends ChildSteps {
        private static Popen<String> waiting(Path gate) throws Exception {
          return child(out("a"), awaitFile(gate), out("b")).text().stdin(Redirect.PIPE)
              .stdout(Redirect.PIPE).start();
        }

        private static void anySuccessful(Path gate) throws Exception {
          Popen<String> slow = waiting(gate);
          Popen<String> fast = child(out("fast")).text().stdout(Redirect.PIPE).start();
          try (var scope = StructuredTaskScope.open(Joiner.<String>ANY_SUCCESSFUL())) {
            scope.fork(() -> slow.communicate().stdout());
            scope.fork(() -> fast.communicate().stdout());
            System.out.print(scope.join() + " ");
          } // waits for the thread of the other
          System.out.print(slow.poll().isEmpty() ? "alive " : "dead ");
          Files.createFile(gate);
          System.out.print(slow.communicate().stdout() + " ");
        }

        private static void timeout(Path gate) throws Exception {
          Popen<String> slow = waiting(gate);
          long start = System.nanoTime();
          try (var scope = StructuredTaskScope.open(Joiner.awaitAll(),
              config -> config.withTimeout(Duration.ofMillis(100)))) {
            scope.fork(() -> slow.communicate().stdout());
            scope.join();
          } catch (StructuredTaskScope.TimeoutException e) {
            System.out.print("timeout ");
          }
          long millis = (System.nanoTime() - start) / 1_000_000;
          System.out.print(millis < 1000 ? "soon " : millis + " ms ");
          System.out.print(slow.poll().isEmpty() ? "alive " : "dead ");
          Files.createFile(gate);
          System.out.print(slow.communicate().stdout() + " ");
        }

        private static void run() throws Exception {
          try (var scope = StructuredTaskScope.open(Joiner.ANY_SUCCESSFUL())) {
            scope.fork(child(live()).captureOutput()::run);
            var won = scope.fork(child(exit(3)).captureOutput()::run);
            scope.join();
            System.out.print(won.get().returncode());
          }
        }

        public static void main(String[] gates) throws Exception {
          anySuccessful(Path.of(gates[0]));
          timeout(Path.of(gates[1]));
          run();
        }
      }
      """
          .replace("ANY_SUCCESSFUL", ANY_SUCCESSFUL);

  @Test
  @Covers({"promise 13", "promise 25"})
  void taskScopeCancelsCalls() throws Exception {
    assumeTrue(
        ModuleFinder.ofSystem().find("jdk.compiler").isPresent(),
        "this Java has no compiler for what is preview");
    List<String> java =
        List.of(
            ChildLauncher.java(),
            "--enable-preview",
            "--source",
            Integer.toString(Runtime.version().feature()),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            ChildLauncher.everything(),
            file("Scope.java", SCOPE).toString(),
            gate("first").toString(),
            gate("second").toString());
    CompletedProcess<String> result =
        Command.of(java)
            .removeEnv("JAVA_TOOL_OPTIONS")
            .removeEnv("JDK_JAVA_OPTIONS")
            .text()
            .captureOutput()
            .timeout(Duration.ofSeconds(50))
            .run();
    assertThat(result.stdout())
        .as(result.stderr())
        .isEqualTo("fast alive ab timeout soon alive ab 3");
    assertThat(result.returncode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Covers({"promise 13", "promise 25"})
  void interruptEndsAwaitAnyAndAwaitAll(boolean all) throws Exception {
    List<Popen<byte[]>> children = List.of(start(child(live())), start(child(live())));
    for (Background.Kind kind : Background.Kind.values()) {
      Background<Boolean> waiting =
          Background.start(
              kind,
              () ->
                  all
                      ? Popen.awaitAll(children, LONG)
                      : Popen.awaitAny(children, LONG).isPresent());
      assertThat(children.getFirst().poll(SHORT)).isEmpty();
      Duration took =
          time(
              () -> {
                waiting.interrupt();
                assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
              });
      assertThat(took).isLessThan(LATE);
      assertThat(Popen.awaitAny(children, Duration.ZERO)).isEmpty();
    }
  }
}
