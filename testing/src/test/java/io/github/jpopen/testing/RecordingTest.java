package io.github.jpopen.testing;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What real programs did is written to a file without secrets, and played from it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the real programs are those of POSIX systems")
class RecordingTest {
  @TempDir private Path folder;

  /** Calls of production code, and what it sees. */
  private static List<String> production() throws InterruptedException {
    List<String> seen = new ArrayList<>();
    for (Command<String> command :
        List.of(
                Command.shell("printf 'a\\\\b\\tc\\r\\n\\377'; echo oh >&2; exit 3"),
                Command.of("cat").input("some input"),
                Command.of("/bin/sh", "-c", "kill -KILL $$"),
                Command.of("no-such-program", "x"),
                Command.of("echo").secretArg("hunter2"))
            .stream()
            .map(c -> c.captureOutput().text(java.nio.charset.StandardCharsets.ISO_8859_1))
            .toList()) {
      try {
        CompletedProcess<String> run = command.run();
        seen.add(run.status() + run.stdout() + run.stderr());
      } catch (IOException e) {
        seen.add(e.toString());
      }
    }
    return seen;
  }

  @Test
  void replayIsLikeTheRealRun() throws Exception {
    Path file = folder.resolve("recording");
    List<String> real;
    try (FakePrograms recorder = FakePrograms.record(file)) {
      real = production();
      assertThat(recorder.calls()).hasSize(5);
    }
    assertThat(Files.readString(file)).contains("arg cat", "reads 10", "secret");
    try (FakePrograms fakes = FakePrograms.replay(file)) {
      assertThat(production()).isEqualTo(real);
      assertThat(fakes.calls().get(1).inputText()).isEqualTo("some input");
      assertThat(fakes.calls()).noneMatch(call -> ProcessHandle.of(call.pid()).isPresent());
    }
  }

  @Test
  void recordedChildExplainsItselfAsARealOne() throws Exception {
    try (FakePrograms _ = FakePrograms.record(folder.resolve("recording"));
        Popen<String> child =
            Command.shell("echo ready; exec sleep 60").text().stdout(PIPE).killOnClose().start()) {
      child.stdoutReader().readLine();
      assertThat(child.explain())
          .doesNotContain("the system does not show it")
          .contains(", 0 bytes in the pipe");
    }
  }

  @Test
  void secretIsNotWritten() throws Exception {
    Path file = folder.resolve("recording");
    try (FakePrograms _ = FakePrograms.record(file)) {
      Command.of("true").secretArg("hunter2").run();
    }
    assertThat(Files.readString(file)).doesNotContain("hunter2").contains("\narg true\nsecret\n");
  }

  @Test
  void repeatedCallsArePlayedInTheirOrder() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("recording"),
            """
            jpopen recording 1

            call
            arg poll
            after 30000
            stdout wait\\n
            exit 1

            call
            arg poll
            stdout done\\n
            exit 0
            """);
    try (FakePrograms _ = FakePrograms.replay(file)) {
      Command<String> poll = Command.of("poll").captureOutput().text();
      assertThat(poll.run().stdout()).isEqualTo("wait\n");
      assertThat(poll.run().stdout()).isEqualTo("done\n");
      assertThat(poll.run().stdout()).isEqualTo("done\n");
      assertThatThrownBy(() -> Command.of("poll", "x").run()).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void brokenFileIsRefusedWithItsLine() throws Exception {
    Path none = Files.writeString(folder.resolve("none"), "hello\n");
    assertThatThrownBy(() -> FakePrograms.replay(none)).hasMessageContaining("is no recording");
    Path broken =
        Files.writeString(folder.resolve("broken"), "jpopen recording 1\ncall\narg x\nexit y\n");
    assertThatThrownBy(() -> FakePrograms.replay(broken))
        .hasMessageEndingWith("broken line 4: \"exit y\"");
    FakePrograms.install().close(); // nothing is left installed
  }
}
