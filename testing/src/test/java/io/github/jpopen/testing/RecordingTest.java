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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThatThrownBy(() -> FakePrograms.replay(none)).hasMessageContaining("is not a recording");
    Path broken =
        Files.writeString(folder.resolve("broken"), "jpopen recording 1\ncall\narg x\nexit y\n");
    assertThatThrownBy(() -> FakePrograms.replay(broken))
        .hasMessageContaining("broken line 4: \"exit y\"");
    FakePrograms.install().close(); // nothing is left installed
  }

  @ParameterizedTest
  @CsvSource({
    "'call,arg x,stdout a', is cut off: a call does not say how it ends",
    "'call,arg x', is cut off",
    "'call,arg x,call,arg y,exit 0', 'line 4: \"call\" (a call does not say how it ends'",
    "'arg x,exit 0', 'line 2: \"arg x\" (arguments follow a call)'",
    "'call,exit 0', 'line 3: \"exit 0\" (this does not belong to a call)'",
    "'call,arg x,exit 0,stdout a', 'line 5: \"stdout a\"'",
    "'call,arg x,stdout a,arg y,exit 0', 'line 5: \"arg y\" (arguments follow a call)'",
    "'call,arg x,stdout \\q,exit 0', 'unknown escape: \\q'",
    "'call,arg x,stdout a\\,exit 0', 'line 4: \"stdout a\\\"'",
    "'call,arg x,closes it,exit 0', no output: it",
  })
  void whatDoesNotFitTogetherIsRefused(String lines, String message) throws Exception {
    Path file = folder.resolve("recording");
    Files.writeString(file, "jpopen recording 1\n" + lines.replace(',', '\n') + "\n");
    assertThatThrownBy(() -> FakePrograms.replay(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void bytesThatAreNoTextAreRefusedWithTheName() throws Exception {
    Path file = Files.write(folder.resolve("binary"), new byte[] {'a', (byte) 0xff, '\n'});
    assertThatThrownBy(() -> FakePrograms.replay(file))
        .hasMessage(file + " is not a recording: it is not UTF-8");
  }

  @Test
  void lettersWrittenByHandAreUtf8() throws Exception {
    Path file = folder.resolve("recording");
    Files.writeString(file, "jpopen recording 1\ncall\narg x\nstdout é\\t€\nexit 0\n");
    try (FakePrograms _ = FakePrograms.replay(file)) {
      assertThat(Command.of("x").text().checkOutput()).isEqualTo("é\t€");
    }
  }

  @Test
  void aBlankAtTheEndIsWrittenSoThatEditorsKeepIt() throws Exception {
    Path file = folder.resolve("recording");
    try (FakePrograms _ = FakePrograms.record(file)) {
      Command.of("printf", "a b ").captureOutput().run();
    }
    assertThat(Files.readAllLines(file)).contains("arg a b\\x20", "stdout a b\\x20");
  }

  @Test
  void commandThatWasNotRecordedIsRefusedWithThoseThatWere() throws Exception {
    Path file = folder.resolve("recording");
    try (FakePrograms _ = FakePrograms.record(file)) {
      Command.of("true").secretArg("hunter2").run();
    }
    try (FakePrograms _ = FakePrograms.replay(file)) {
      assertThatThrownBy(() -> Command.of("false").run())
          .hasMessage("no fake program for [false]; there are\n  [true, ***]");
    }
  }

  @Test
  void fakesOfARecorderAreNotRecorded() throws Exception {
    Path file = folder.resolve("recording");
    try (FakePrograms recorder = FakePrograms.record(file)) {
      recorder.on("fake").exit(3);
      recorder.on("nope").failsToStart(StartFailure.NOT_FOUND);
      int _ = Command.of("fake").run().returncode();
      assertThatThrownBy(() -> Command.of("nope").run()).isInstanceOf(IOException.class);
    }
    assertThat(Files.readString(file)).isEqualTo("jpopen recording 1\n");
  }
}
