package io.github.jpopen.testing;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Signal.SIGTERM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.SubprocessException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A replay gives what the recorded run gave, even if that was ended by a signal. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the real programs are scripts of a POSIX shell")
class ReplayTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;

  /** What production code does with a command, and what it sees of it. */
  interface Use {
    Object of(Command<byte[]> command) throws Exception;
  }

  private static Arguments run(String name, String shell, Use use) {
    return Arguments.of(name, shell, use);
  }

  static Stream<Arguments> runs() {
    return Stream.of(
        run(
            "graceful end",
            "trap 'echo bye; exit 5' TERM; echo; while :; do sleep 0.01; done",
            c -> {
              try (Popen<byte[]> child = started(c)) {
                return child.stop(LONG) + " " + child.ending() + rest(child);
              }
            }),
        run(
            "grace that is not used",
            "trap '' TERM; echo; exec sleep 30",
            c -> {
              try (Popen<byte[]> child = started(c)) {
                return child.stop(SHORT) + " " + child.ending();
              }
            }),
        run(
            "timeout",
            "echo half; exec sleep 30",
            c -> c.captureOutput().timeout(Duration.ofMillis(200)).run()),
        run(
            "output that is read after the kill",
            "echo; echo rest; exec sleep 30",
            c -> {
              try (Popen<byte[]> child = c.stdout(PIPE).start()) {
                while (!child.explain().contains("6 bytes in the pipe")) {
                  Thread.onSpinWait();
                }
                child.kill();
                return rest(child) + child.waitFor();
              }
            }),
        run(
            "kill of a tree",
            "sleep 30 & echo; exec sleep 30",
            c -> {
              try (Popen<byte[]> child = started(c.killTree())) {
                return child.killTree() + " " + child.waitFor() + child.ending();
              }
            }),
        run(
            "output after the exit",
            "(sleep 0.05; echo late) & echo x",
            c -> new String(c.captureOutput().run().stdout(), US_ASCII)),
        run(
            "more than a pipe holds",
            "head -c 300000 /dev/zero; exit 4",
            c -> {
              var run = c.captureOutput().run();
              return run.stdout().length + " " + run.returncode();
            }),
        run(
            "stdout that is closed before a signal",
            "exec 3<&0 >&-; read line <&3",
            c -> {
              try (Popen<byte[]> child = c.stdin(PIPE).stdout(PIPE).start()) {
                String all = rest(child);
                child.sendSignal(SIGTERM);
                return all + child.waitFor() + child.ending();
              }
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void replayIsLikeTheRun(String name, String shell, Use use) throws Exception {
    Command<byte[]> command = Command.of("/bin/sh", "-c", shell);
    Path file = folder.resolve("recording");
    Object real;
    try (FakePrograms _ = FakePrograms.record(file)) {
      real = outcome(use, command);
    }
    try (FakePrograms fakes = FakePrograms.replay(file)) {
      assertThat(outcome(use, command)).as(Files.readString(file)).isEqualTo(real);
      assertThat(fakes.calls()).allMatch(FakeCall::hasEnded);
    }
  }

  @Test
  void whileRecordingExplainShowsTheRealChild() throws Exception {
    try (FakePrograms _ = FakePrograms.record(folder.resolve("recording"));
        Popen<byte[]> child = Command.of("cat").killOnClose().stdin(PIPE).start()) {
      assertThat(child.explain())
          .containsPattern(OS.LINUX.isCurrentOs() ? ": (lives, and waits|runs)" : ": ")
          .contains("0 bytes in the pipe");
    }
  }

  private static Popen<byte[]> started(Command<byte[]> command) throws Exception {
    Popen<byte[]> child = command.stdout(PIPE).start();
    assertThat(child.stdout().read()).isEqualTo('\n');
    return child;
  }

  private static String rest(Popen<byte[]> child) throws Exception {
    return new String(child.stdout().readAllBytes(), US_ASCII);
  }

  private static Object outcome(Use use, Command<byte[]> command) throws Exception {
    try {
      return String.valueOf(use.of(command));
    } catch (SubprocessException e) {
      return e + " " + e.stdout() + e.stderr();
    }
  }
}
