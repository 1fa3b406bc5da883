package io.github.jpopen.testing;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Signal.SIGKILL;
import static io.github.jpopen.Signal.SIGSEGV;
import static io.github.jpopen.Signal.SIGTERM;
import static io.github.jpopen.Signal.SIGUSR1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedPipeline;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A fake program and a real one give the same result, exception and message. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the real programs are scripts of a POSIX shell")
class SameRulesTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final byte[] MUCH = new byte[1_000_000];

  /** What production code does with a command, and what it sees of it. */
  interface Use {
    Object of(Command<byte[]> command) throws Exception;
  }

  private static Arguments rule(String name, String shell, Consumer<FakeProgram> script, Use use) {
    return Arguments.of(name, shell, script, use);
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        rule(
            "both outputs",
            "echo a; echo b >&2",
            p -> p.stdout("a\n").stderr("b\n"),
            c -> shown(c.captureOutput().run())),
        rule("exit code", "exit 3", p -> p.exit(3), c -> c.run().status()),
        rule(
            "check",
            "echo x; echo why >&2; exit 3",
            p -> p.stdout("x\n").stderr("why\n").exit(3),
            c -> c.captureOutput().check().run()),
        rule("checkOutput", "echo x; exit 1", p -> p.stdout("x\n").exit(1), Command::checkOutput),
        rule("accepted codes", "exit 1", p -> p.exit(1), c -> c.check(0, 1).run().returncode()),
        rule("crash", "kill -SEGV $$", p -> p.diesOf(SIGSEGV), c -> c.check().run()),
        rule("crash as a code", "kill -KILL $$", p -> p.diesOf(SIGKILL), c -> c.run().returncode()),
        rule(
            "timeout of run",
            "echo half; exec sleep 30",
            p -> p.stdout("half\n").hangs(),
            c -> c.captureOutput().timeout(SHORT).run()),
        rule(
            "timeout of an input that is not read",
            "exec sleep 30",
            p -> p.ignoresInput().hangs(),
            c -> {
              try {
                return c.input(MUCH).captureOutput().timeout(SHORT).run();
              } catch (TimeoutExpiredException e) {
                return e.getMessage() + e.bytesSent();
              }
            }),
        rule(
            "grace",
            "exec sleep 30",
            FakeProgram::hangs,
            c -> {
              try {
                return c.captureOutput().timeout(SHORT).grace(LONG).run();
              } catch (TimeoutExpiredException e) {
                return e.getMessage() + e.status() + e.ending();
              }
            }),
        rule(
            "grace that is not used",
            "trap '' TERM; echo; exec sleep 30",
            p -> p.ignores(SIGTERM).stdout("\n").hangs(),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                int first = child.stdout().read();
                return first + " " + child.stop(Duration.ofMillis(50)) + child.ending();
              }
            }),
        rule(
            "signal that is caught",
            "trap 'echo bye; exit 5' TERM; echo; while :; do sleep 0.01; done",
            p -> p.onSignal(SIGTERM, s -> s.stdout("bye\n").exit(5)).stdout("\n").hangs(),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                int first = child.stdout().read();
                child.sendSignal(SIGTERM);
                return first + " " + child.waitFor() + text(child.stdout());
              }
            }),
        rule(
            "signal that is caught, after which it goes on",
            "trap 'echo usr' USR1; echo; while :; do sleep 0.01; done",
            p -> p.onSignal(SIGUSR1, s -> s.stdout("usr\n")).stdout("\n").hangs(),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                int first = child.stdout().read();
                child.sendSignal(SIGUSR1);
                String caught = new String(child.stdout().readNBytes(4), US_ASCII);
                return first + caught + child.stop(LONG) + child.ending();
              }
            }),
        rule(
            "signal that is caught once",
            "trap 'trap \"\" TERM; echo one' TERM; echo; while :; do sleep 0.01; done",
            p -> p.onSignal(SIGTERM, s -> s.ignores(SIGTERM).stdout("one\n")).stdout("\n").hangs(),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                int first = child.stdout().read();
                child.sendSignal(SIGTERM);
                String one = new String(child.stdout().readNBytes(4), US_ASCII);
                return first + one + child.stop(Duration.ofMillis(50)) + child.ending();
              }
            }),
        rule(
            "signal to a group",
            "sleep 30 & echo; exec sleep 30",
            p -> p.stdout("\n").leavesOutputOpen().hangs(),
            c -> {
              try (Popen<byte[]> child = c.posix(o -> o.processGroup(0)).stdout(PIPE).start()) {
                int first = child.stdout().read();
                child.sendSignalToGroup(SIGTERM);
                return first + text(child.stdout()) + child.waitFor() + child.ending();
              }
            }),
        rule(
            "bytes in a pipe",
            "echo abc; exec sleep 30",
            p -> p.stdout("abc\n").hangs(),
            c -> {
              try (Popen<byte[]> child = c.killOnClose().stdout(PIPE).start()) {
                while (!child.explain().contains("0 bytes received, 4 bytes in the pipe")) {
                  Thread.onSpinWait();
                }
                return child.explain().contains("lives");
              }
            }),
        rule(
            "file of both outputs, one of them closed",
            "exec >&-; echo x >&2",
            p -> p.closesStdout().stderr("x\n"),
            c -> {
              Path file = Files.createTempFile("both", ".txt");
              int code = c.stdout(Redirect.to(file)).stderr(Redirect.STDOUT).run().returncode();
              String content = Files.readString(file);
              Files.delete(file);
              return code + content;
            }),
        rule(
            "redirect to a folder",
            "exit 0",
            p -> p.exit(0),
            c -> c.stdout(Redirect.to(Path.of("src"))).run()),
        rule(
            "dialogue",
            "while read line; do echo \"<$line>\"; done",
            p -> p.answers(line -> "<" + line + ">"),
            c -> {
              try (Popen<byte[]> child = c.stdin(PIPE).stdout(PIPE).start()) {
                child.stdin().write("a\n".getBytes(US_ASCII));
                child.stdin().flush();
                String first = new String(child.stdout().readNBytes(4), US_ASCII);
                return first + shown(child.communicate("b\nc".concat("\n").getBytes(US_ASCII)));
              }
            }),
        rule(
            "whole input before the output",
            "cat > /dev/null; echo done",
            p -> p.readsInput().stdout("done\n"),
            c -> shown(c.input(MUCH).captureOutput().run())),
        rule(
            "input that is read to a half",
            "read line; exec <&-; echo $line; exit 2",
            p -> p.ignoresInput().readsLine().closesStdin().stdout("first\n").exit(2),
            c -> shown(c.input(lines(200_000)).captureOutput().run())),
        rule(
            "input of a program that never reads",
            "exit 0",
            p -> p.ignoresInput().exit(0),
            c -> shown(c.input(MUCH).captureOutput().run())),
        rule(
            "output that is not read",
            "head -c 200000 /dev/zero",
            p -> p.stdout(new byte[200_000]),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                Object late = outcome(() -> child.waitFor(SHORT));
                return late + " " + child.communicate().stdout().length + child.waitFor();
              }
            }),
        rule(
            "limit of an output",
            "echo 0123456789abc; exec sleep 30",
            p -> p.stdout("0123456789abc\n").hangs(),
            c -> c.stdout(PIPE.limit(10)).run()),
        rule(
            "stdout closed early",
            "echo x; exec >&-; sleep 0.05; exit 4",
            p -> p.stdout("x\n").closesStdout().after(Duration.ofMillis(50)).exit(4),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                String all = text(child.stdout());
                return all + child.waitFor();
              }
            }),
        rule(
            "resumed conversation",
            "echo a; sleep 0.4; echo b",
            p -> p.stdout("a\n").after(Duration.ofMillis(400)).stdout("b\n"),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                Object late = outcome(() -> child.communicate(SHORT));
                return late + shown(child.communicate());
              }
            }),
        rule(
            "output that another process holds",
            "sleep 30 & echo x",
            p -> p.stdout("x\n").leavesOutputOpen(),
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).killTree().drain(SHORT).start()) {
                String all = shown(child.communicate());
                return all + child.killTree();
              }
            }),
        rule(
            "text that is none",
            "printf 'a\\377'",
            p -> p.stdout(new byte[] {'a', (byte) 0xff}),
            c -> c.text().checkOutput()),
        rule(
            "idle timeout",
            "echo x; exec sleep 30",
            p -> p.stdout("x\n").hangs(),
            c -> c.captureOutput().idleTimeout(SHORT).run()),
        rule(
            "lines while they come",
            "echo a; echo b >&2; echo c",
            p -> p.stdout("a\n").stderr("b\n").stdout("c\n"),
            c -> {
              List<String> seen = new ArrayList<>();
              int code =
                  c.text().onLine((stream, line) -> seen.add(stream + line)).run().returncode();
              seen.sort(null); // two streams have no order
              return seen + " " + code;
            }),
        rule(
            "poll and a signal after the exit",
            "exit 7",
            p -> p.exit(7),
            c -> {
              try (Popen<byte[]> child = c.start()) {
                int code = child.waitFor();
                child.sendSignal(SIGTERM);
                child.kill();
                return code + " " + child.poll() + child.ending();
              }
            }),
        rule(
            "close waits",
            "sleep 0.1; exit 6",
            p -> p.after(Duration.ofMillis(100)).exit(6),
            c -> {
              Popen<byte[]> child = c.start();
              child.close();
              return child.poll();
            }),
        rule(
            "close kills",
            "exec sleep 30",
            FakeProgram::hangs,
            c -> {
              Popen<byte[]> child = c.killOnClose().start();
              child.close();
              return child.poll() + " " + child.ending();
            }),
        rule(
            "stderr into stdout",
            "echo a; echo b >&2; echo c",
            p -> p.stdout("a\n").stderr("b\n").stdout("c\n"),
            c -> shown(c.stdout(PIPE).stderr(Redirect.STDOUT).run())),
        rule(
            "redirect that cannot be opened",
            "exit 0",
            p -> p.exit(0),
            c -> c.stdin(Redirect.from(Path.of("no-such-folder", "x"))).run()),
        rule(
            "working directory that does not exist",
            "exit 0",
            p -> p.failsToStart(StartFailure.NO_WORKING_DIRECTORY),
            c -> c.cwd(Path.of("/no/such/folder")).run()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void fakeAndRealAreAlike(String name, String shell, Consumer<FakeProgram> script, Use use) {
    Command<byte[]> command = Command.of("/bin/sh", "-c", shell);
    Object real = outcome(() -> use.of(command));
    try (FakePrograms fakes = FakePrograms.install()) {
      script.accept(fakes.on("sh"));
      assertThat(outcome(() -> use.of(command))).isEqualTo(real);
      assertThat(outcome(() -> onVirtualThread(() -> use.of(command)))).isEqualTo(real);
      assertThat(fakes.calls()).allMatch(FakeCall::hasEnded);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pipelines")
  void pipelinesAreAlike(String name, List<String> shell, List<Consumer<FakeProgram>> scripts) {
    List<Command<byte[]>> stages = shell.stream().map(s -> Command.of("/bin/sh", "-c", s)).toList();
    Pipeline<byte[]> pipeline = Pipeline.of(stages).captureOutput();
    Object real = outcome(() -> shown(pipeline.run()));
    try (FakePrograms fakes = FakePrograms.install()) {
      for (int i = 0; i < scripts.size(); i++) {
        scripts.get(i).accept(fakes.on("sh", "-c", shell.get(i)));
      }
      assertThat(outcome(() -> shown(pipeline.run()))).isEqualTo(real);
      assertThat(fakes.calls()).allMatch(FakeCall::hasEnded);
    }
  }

  static Stream<Arguments> pipelines() {
    return Stream.of(
        pipeline(
            "two stages",
            List.of("echo b; echo a", "sort"),
            List.of(p -> p.stdout("b\na\n"), p -> p.readsInput().stdout("a\nb\n"))),
        pipeline(
            "a writer without a reader",
            List.of("exec yes", "head -n 1"),
            List.of(
                p -> p.stdout("y\n".repeat(200_000)),
                p -> p.ignoresInput().readsLine().stdout("y\n"))),
        pipeline(
            "stderr of all",
            List.of("echo 1 >&2", "cat; echo 2 >&2", "cat >&2"),
            List.of(
                p -> p.stderr("1\n"), p -> p.readsInput().stderr("2\n"), FakeProgram::readsInput)),
        pipeline(
            "a stage that fails",
            List.of("echo x; exit 3", "cat"),
            List.of(p -> p.stdout("x\n").exit(3), p -> p.readsInput().stdout("x\n"))));
  }

  private static Arguments pipeline(
      String name, List<String> shell, List<Consumer<FakeProgram>> scripts) {
    return Arguments.of(name, shell, scripts);
  }

  private interface Action {
    Object run() throws Exception;
  }

  private static Object onVirtualThread(Action action) throws Exception {
    FutureTask<Object> task = new FutureTask<>(() -> outcome(action));
    Thread.ofVirtual().start(task).join();
    return task.get();
  }

  /** A result, or the exception with its message and what it holds. */
  private static Object outcome(Action action) {
    try {
      return String.valueOf(action.run());
    } catch (SubprocessException e) {
      String start = e instanceof SpawnException s ? s.culprit() + s.call() + s.errorName() : "";
      return start + e + e.stdout() + e.stderr();
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static String shown(CompletedProcess<byte[]> process) {
    return process.status()
        + (process.hasStdout() ? text(process.stdout()) : "-")
        + (process.hasStderr() ? text(process.stderr()) : "-")
        + process.isComplete();
  }

  private static String shown(io.github.jpopen.Output<byte[]> output) {
    return (output.hasStdout() ? text(output.stdout()) : "-")
        + (output.hasStderr() ? text(output.stderr()) : "-")
        + output.isComplete();
  }

  private static String shown(CompletedPipeline<byte[]> pipeline) {
    return pipeline.returncodes() + text(pipeline.stdout()) + sorted(text(pipeline.stderr()));
  }

  /** Stages that write at the same time have no order. */
  private static List<String> sorted(String text) {
    return text.lines().sorted().toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  private static String text(InputStream stream) throws Exception {
    return text(stream.readAllBytes());
  }

  private static byte[] lines(int bytes) {
    return "first\n".repeat(bytes / 6).getBytes(US_ASCII);
  }
}
