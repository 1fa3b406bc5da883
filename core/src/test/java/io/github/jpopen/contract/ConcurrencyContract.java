package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One child, many threads: one thread owns the conversation, and all see its end. */
public abstract class ConcurrencyContract extends ContractTest {
  @ParameterizedTest
  @EnumSource
  @Covers({"rule 31", "promise 15"})
  void secondCommunicateIsRefused(Background.Kind kind) throws Exception {
    Path gate = gate("end");
    var p = start(child(out("x"), awaitFile(gate), err("y")).captureOutput());
    var first = Conversations.enter(p, kind);
    open(gate);
    Output<byte[]> output = first.result();
    assertThat(output.stdout()).asString().isEqualTo("x");
    assertThat(output.stderr()).asString().isEqualTo("y");
    assertThat(p.communicate()).isSameAs(output);
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"test_threadsafe_wait", "rule 33", "promise 15"})
  void everyWaiterGetsTheSameCode(Background.Kind kind) throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(33)));
    List<Background<Integer>> waiters = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      boolean timed = i % 2 == 0;
      waiters.add(Background.start(kind, () -> timed ? p.waitFor(LONG) : p.waitFor()));
    }
    timedOut(() -> p.waitFor(SHORT));
    open(gate);
    for (Background<Integer> waiter : waiters) {
      assertThat(waiter.result()).isEqualTo(33);
    }
    assertThat(p.poll()).hasValue(33);
  }

  @Test
  @Covers({"test_threadsafe_wait", "rule 33"})
  void killEndsTheWaitOfAnotherThread() throws Exception {
    var p = start(child(live()));
    var waiting = Background.start(() -> p.waitFor());
    timedOut(() -> p.waitFor(Duration.ofMillis(20)));
    assertThat(p.kill()).isTrue();
    int code = p.waitFor();
    assertThat(waiting.result()).isEqualTo(code);
    assertThat(p.returncode()).isEqualTo(code);
  }

  @Test
  @Covers("rule 31")
  void pollSeesTheExitDuringAWait() throws Exception {
    Path gate = gate("end");
    var p = start(child(awaitFile(gate), exit(12)));
    var waiting = Background.start(() -> p.waitFor());
    assertThat(p.poll(SHORT)).isEmpty();
    open(gate);
    awaitDeath(p.pid());
    assertThat(p.poll()).isEqualTo(OptionalInt.of(12));
    assertThat(waiting.result()).isEqualTo(12);
  }

  @Test
  @Covers("promise 15")
  void waitAndPollWorkDuringCommunicate() throws Exception {
    Path gate = gate("end");
    int size = 1 << 20;
    var p = start(child(awaitFile(gate), flood(size), exit(3)).captureOutput());
    var conversation = Conversations.enter(p, Background.Kind.PLATFORM);
    var waiting = Background.start(Background.Kind.VIRTUAL, () -> p.waitFor());
    assertKept(SHORT, time(() -> timedOut(() -> p.waitFor(SHORT))));
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(waiting.result()).isEqualTo(3);
    assertThat(conversation.result().stdout()).hasSize(size);
  }

  @Test
  @Covers("promise 15")
  void killEndsCommunicateOfAnotherThread() throws Exception {
    Path written = file("written");
    var p = start(child(out("kept"), touch(written), live()).captureOutput());
    await(written);
    var conversation = Conversations.enter(p, Background.Kind.PLATFORM);
    assertThat(p.kill()).isTrue();
    assertThat(conversation.result().stdout()).asString().isEqualTo("kept");
  }

  @Test
  @Covers("promise 15")
  void closeEndsCommunicateOfAnotherThread() throws Exception {
    var p = start(child(live()).captureOutput().killOnClose());
    var conversation = Conversations.enter(p, Background.Kind.PLATFORM);
    p.close();
    Eventually.await("the other thread hears of it", conversation::isDone);
    assertThat(p.poll()).isNotEmpty();
  }

  /**
   * Four threads close one child at the same time. Each must wait for the exit, and the pipes must
   * be closed once: a second close(2) could hit a descriptor of another thread.
   */
  @Test
  @Covers("promise 15")
  void manyThreadsMayClose() throws Exception {
    for (int round = 0; round < 5; round++) {
      var p = start(child(sleep(20), exit(2)).stdin(PIPE).captureOutput());
      List<Background<String>> closers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        closers.add(
            Background.start(
                Background.Kind.inTurn(i),
                () -> {
                  p.close();
                  return "closed";
                }));
      }
      for (Background<String> closer : closers) {
        assertThat(closer.result()).isEqualTo("closed");
      }
      assertThat(p.returncode()).isEqualTo(2);
    }
  }

  @Test
  @Covers("promise 15")
  void threeThreadsUseThreeStreams() throws Exception {
    byte[] bytes = Pattern.bytes(4 << 20, 5);
    var p = start(child(catBoth()).stdin(PIPE).captureOutput());
    var out = Background.start(() -> p.stdout().readAllBytes());
    var err = Background.start(Background.Kind.VIRTUAL, () -> p.stderr().readAllBytes());
    var in =
        Background.start(
            () -> {
              p.stdin().write(bytes);
              p.stdin().close();
              return "sent";
            });
    assertThat(in.result()).isEqualTo("sent");
    assertThat(Pattern.sha256(out.result())).isEqualTo(Pattern.sha256(bytes));
    assertThat(Pattern.sha256(err.result())).isEqualTo(Pattern.sha256(bytes));
    assertThat(p.waitFor()).isZero();
  }

  @Test
  @Covers("promise 15")
  void threeThreadsUseThreeTexts() throws Exception {
    String text =
        IntStream.range(0, 50_000).mapToObj(i -> "line \u2603 " + i + "\n").collect(joining());
    Popen<String> p = start(child(catBoth()).text().stdin(PIPE).captureOutput());
    var out = Background.start(() -> p.stdoutReader().lines().collect(joining("\n", "", "\n")));
    var err =
        Background.start(
            Background.Kind.VIRTUAL,
            () -> p.stderrReader().lines().collect(joining("\n", "", "\n")));
    try (Writer stdin = p.stdinWriter()) {
      stdin.write(text);
    }
    assertThat(out.result()).isEqualTo(text);
    assertThat(err.result()).isEqualTo(text);
    assertThat(p.waitFor()).isZero();
  }

  @Test
  @Covers("promise 15")
  void manyConversationsRunAtOnce() throws Exception {
    List<Background<String>> conversations = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      byte[] input = Pattern.bytes(200_000 + i, i);
      conversations.add(
          Background.start(
              Background.Kind.inTurn(i),
              () -> {
                Popen<byte[]> p = start(child(cat()).stdin(PIPE).stdout(PIPE));
                boolean same =
                    Pattern.sha256(p.communicate(input).stdout()).equals(Pattern.sha256(input));
                return same ? "same" : "different";
              }));
    }
    for (Background<String> conversation : conversations) {
      assertThat(conversation.result()).isEqualTo("same");
    }
  }

  /**
   * One thread signals the child while another collects its exit. After that the id may belong to
   * another process, so no signal may be sent then, and none may fail.
   */
  @Test
  @Covers({"promise 10", "promise 15"})
  void signalsDuringTheExitDoNoHarm() throws Exception {
    for (int round = 0; round < 10; round++) {
      var p = start(child(exit(0)));
      var killer =
          Background.start(
              () -> {
                int sent = 0;
                while (p.sendSignal(io.github.jpopen.Signal.of(0))) {
                  sent++;
                }
                return sent;
              });
      assertThat(p.waitFor()).isZero();
      assertThat(killer.result()).isNotNegative();
    }
  }
}
