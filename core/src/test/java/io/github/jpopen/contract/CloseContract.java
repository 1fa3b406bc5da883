package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a try block: when {@code close()} waits, when it kills, and when it does neither. */
public abstract class CloseContract extends ContractTest {
  private static final int OWN_END = 7;

  /** Does something with a child that runs. */
  interface Use {
    void on(Popen<?> p) throws Exception;
  }

  @Test
  @Covers({"Context.test_pipe", "rule 36"})
  void closeClosesThePipes() throws Exception {
    Set<String> pipes = Resources.pipes();
    Popen<byte[]> p =
        start(child(out("stdout"), err("stderr"), awaitEof()).stdin(PIPE).captureOutput());
    try (p) {
      assertThat(p.stdout().readNBytes(6)).asString().isEqualTo("stdout");
      assertThat(p.stderr().readNBytes(6)).asString().isEqualTo("stderr");
    }
    assertThat(Resources.pipes()).isSubsetOf(pipes);
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers({"Context.test_returncode", "rule 36"})
  void closeWaitsForTheChild() throws Exception {
    Popen<byte[]> p = start(child(sleep(200), exit(100)));
    p.close();
    assertThat(p.returncode()).isEqualTo(100);
  }

  @Test
  @Covers("Context.test_communicate_stdin")
  void communicateWorksInsideTheBlock() throws Exception {
    Popen<byte[]> p = start(child(expect(utf8("context"))).stdin(PIPE));
    try (p) {
      p.communicate(utf8("context"));
      assertThat(p.returncode()).isZero();
    }
  }

  @Test
  @Covers("Context.test_invalid_args")
  void failedStartLeavesNothingToClose() {
    assertThatExceptionOfType(SpawnException.class)
        .isThrownBy(
            () -> {
              try (Popen<byte[]> p = Command.of("/nonexisting/program").start()) {
                p.communicate();
              }
            });
  }

  @Test
  @Covers({"Context.test_broken_pipe_cleanup", "rule 36"})
  void closeThrowsBrokenPipeAfterTheWait() throws Exception {
    Popen<byte[]> p = start(child(closeIn(), exit(0)).stdin(PIPE));
    p.stdin().write(utf8("unsent"));
    awaitDeath(p.pid());
    assertThatExceptionOfType(IOException.class).isThrownBy(p::close);
    assertThat(p.returncode()).isZero();
    p.close();
  }

  @Test
  void writtenBytesAreSentBeforeStdinIsClosed() throws Exception {
    Popen<byte[]> p = start(child(expect(utf8("last words"))).stdin(PIPE));
    p.stdin().write(utf8("last words")); // not flushed
    p.close();
    assertThat(p.returncode()).isZero();
  }

  @Test
  void interruptedCloseSendsWrittenBytes() throws Exception {
    Path received = file("received");
    Popen<byte[]> p = start(child(cat()).stdin(PIPE).stdout(Redirect.to(received)));
    p.stdin().write(utf8("last words")); // not flushed
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    Eventually.await("the child gets it", () -> received.toFile().length() == 10);
  }

  @Test
  void closingTwiceIsNotAnError() throws Exception {
    Popen<byte[]> p = start(child(exit(1)).captureOutput());
    p.close();
    p.close();
    assertThat(p.returncode()).isEqualTo(1);
  }

  @Test
  @Covers("promise 18")
  void unansweredTimeoutKills() throws Exception {
    Popen<byte[]> p = start(child(live()).captureOutput());
    assertThat(
            time(
                () ->
                    timedOut(
                        () -> {
                          try (p) {
                            p.communicate(SHORT);
                          }
                        })))
        .isLessThan(Duration.ofSeconds(5));
    assertThat(p.status().isSuccess()).isFalse();
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  static Stream<Named<Use>> timedCalls() {
    return Stream.of(
        Named.of("communicate", p -> p.communicate(SHORT)),
        Named.of("communicate with input", p -> p.communicate(new byte[1 << 20], SHORT)),
        Named.of("waitFor", p -> p.waitFor(SHORT)));
  }

  @ParameterizedTest
  @MethodSource("timedCalls")
  @Covers("promise 18")
  void everyUnansweredTimedCallKills(Use timed) throws Exception {
    Popen<byte[]> p = start(child(sleep(20_000), exit(OWN_END)).stdin(PIPE));
    timedOut(() -> timed.on(p));
    p.close();
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  static Stream<Named<Use>> answers() {
    return Stream.of(
        Named.of("poll", Popen::poll),
        Named.of("timed poll", p -> p.poll(SHORT)),
        Named.of("signal", p -> p.sendSignal(Signal.of(0))));
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Covers("promise 18")
  void answeredTimeoutDoesNotKill(Use answer) throws Exception {
    Path gate = gate("end");
    Popen<byte[]> p = start(child(awaitFile(gate), sleep(200), exit(OWN_END)).stdin(PIPE));
    timedOut(() -> p.communicate(SHORT));
    answer.on(p);
    open(gate);
    p.close();
    assertThat(p.returncode()).isEqualTo(OWN_END);
  }

  @Test
  @Covers("promise 18")
  void lastTimedCallCounts() throws Exception {
    Popen<byte[]> p = start(child(sleep(20_000), exit(OWN_END)));
    timedOut(() -> p.communicate(SHORT));
    assertThat(p.poll()).isEmpty();
    timedOut(() -> p.waitFor(SHORT));
    p.close();
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  @Test
  @PosixOnly("the child is a script for /bin/sh")
  @Covers("promise 18")
  void terminateAnswersATimeout() throws Exception {
    Path ready = file("ready");
    Popen<byte[]> p =
        start(
            Command.shell(
                "trap 'sleep 0.2; exit 7' TERM; : > \"$1\"; while :; do sleep 0.02; done",
                "sh",
                ready.toString()));
    await(ready);
    timedOut(() -> p.communicate(SHORT));
    assertThat(p.terminate()).isTrue();
    p.close();
    assertThat(p.returncode()).isEqualTo(OWN_END);
  }

  @Test
  @Covers("promise 18")
  void killAnswersATimeoutAndKeepsTheOutput() throws Exception {
    Path written = file("written");
    Popen<byte[]> p = start(child(out("kept"), touch(written), live()).stdout(PIPE));
    await(written);
    try (p) {
      timedOut(() -> p.communicate(SHORT));
      assertThat(p.kill()).isTrue();
      assertThat(p.communicate().stdout()).asString().isEqualTo("kept");
    }
  }

  @Test
  void killOnCloseKillsAtOnce() throws Exception {
    Popen<byte[]> p = start(child(sleep(20_000), exit(OWN_END)).stdin(PIPE).killOnClose());
    assertThat(time(p::close)).isLessThan(Duration.ofSeconds(5));
    assertThat(p.returncode()).isNotEqualTo(OWN_END);
  }

  @Test
  void killOnCloseKeepsTheCodeOfAnEndedChild() throws Exception {
    Popen<byte[]> p = start(child(exit(OWN_END)).killOnClose());
    assertThat(p.waitFor()).isEqualTo(OWN_END);
    p.close();
    assertThat(p.returncode()).isEqualTo(OWN_END);
  }

  @Test
  void closeDoesNotWaitForAGrandchild() throws Exception {
    Path gate = gate("grandchild");
    Popen<byte[]> p = start(child(grandchild(awaitFile(gate))).captureOutput());
    assertThat(time(p::close)).isLessThan(Duration.ofSeconds(5));
    assertThat(p.returncode()).isZero();
  }
}
