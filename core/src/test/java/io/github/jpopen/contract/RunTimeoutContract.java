package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How {@code run} and its family end early: timeouts, interrupts, errors. The child is killed, and
 * no call hangs.
 */
public abstract class RunTimeoutContract extends ContractTest {
  @Test
  @Covers({"Run.test_timeout", "test_call_timeout", "promise 1"})
  void timeoutKillsTheChildAndThrows() throws Exception {
    for (Command<byte[]> command : List.of(child(live()), child(live()).captureOutput())) {
      Command<byte[]> limited = command.timeout(SHORT);
      assertThat(time(() -> timedOut(limited::run))).isBetween(SHORT, LONG);
      assertThat(Resources.children()).isEmpty();
      timedOut(limited::call);
      timedOut(limited::checkCall);
      assertThat(Resources.children()).isEmpty();
    }
    timedOut(() -> child(live()).timeout(Duration.ofNanos(100_000)).run());
  }

  @Test
  @Covers({"test_check_output_timeout", "Run.test_check_output_timeout"})
  void timeoutHoldsTheOutputSoFar() {
    Command<byte[]> command = child(out("BDFL"), err("why"), live()).stderr(PIPE);
    for (int seconds : new int[] {1, 4, 16}) { // a busy machine starts a child slowly
      Duration timeout = Duration.ofSeconds(seconds);
      TimeoutExpiredException e = timedOut(() -> command.timeout(timeout).checkOutput());
      assertThat(e.timeout()).isEqualTo(timeout);
      if (seconds == 16 || e.stderr().size() == 3) {
        assertThat(e.stdout().text()).isEqualTo("BDFL");
        assertThat(e.stderr().text()).isEqualTo("why");
        break;
      }
    }
  }

  @Test
  @Covers({"test_timeout_exception", "rule 27"})
  void pastTimeoutThrowsWithTheGivenTime() {
    for (Command<byte[]> command : List.of(child(live()), child(live()).captureOutput())) {
      assertThat(timedOut(() -> command.timeout(Duration.ofSeconds(-1)).run()))
          .hasMessageContaining("timed out after -1 seconds");
      assertThat(timedOut(() -> command.timeout(Duration.ZERO).run()))
          .hasMessageContaining("timed out after 0 seconds");
    }
  }

  @Test
  @Covers({"rule 39", "promise 1"})
  void grandchildCannotDelayATimedRun() throws Exception {
    Path gate = gate("grandchild");
    // Not to be killed while it starts the grandchild: Windows would leave that suspended for ever.
    Duration start = time(() -> child(grandchild(exit(0))).checkCall());
    Duration timeout = Duration.ofSeconds(1).plus(start.multipliedBy(3));
    Command<byte[]> command = child(grandchild(awaitFile(gate))).captureOutput().timeout(timeout);
    assertThat(time(() -> timedOut(command::run)))
        .isBetween(timeout, timeout.plus(Duration.ofSeconds(2)));
  }

  @Test
  @PosixOnly("the child is a script for /bin/sh")
  @Covers({"Run.test_run_with_shell_timeout_and_capture_output", "rule 39"})
  void grandchildOfAShellCannotDelayATimedRun() throws Exception {
    Path gate = gate("grandchild");
    // Ends with the test's directory, when the gate was never opened.
    String script =
        "(while [ ! -e \"$1\" ] && [ -d \"${1%/*}\" ]; do sleep 0.05; done) & echo up; exec sleep"
            + " 60";
    Command<byte[]> command =
        Command.shell(script, "sh", gate.toString()).captureOutput().timeout(SHORT);
    Duration took = time(() -> assertThat(timedOut(command::run).stdout().isCaptured()).isTrue());
    assertThat(took).isBetween(SHORT, Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"Misc.test_run_keyboardinterrupt_no_kill", "rule 35", "rule 40"})
  void interruptEndsRunAndKillsTheChild(Background.Kind kind) throws Exception {
    for (Command<byte[]> command : List.of(child(live()), child(live()).captureOutput())) {
      var running = Background.start(kind, command::run);
      Eventually.await("the child runs", () -> !Resources.children().isEmpty());
      running.interrupt();
      Duration took =
          time(() -> assertThat(running.failure()).isInstanceOf(InterruptedException.class));
      assertThat(took).isLessThan(Duration.ofSeconds(2));
      Eventually.await("the child is gone", () -> Resources.children().isEmpty());
    }
  }

  @Test
  @Covers("rule 40")
  void otherErrorKillsTheChild() throws Exception {
    IOException broken = new IOException("broken source");
    Command<byte[]> command = child(live()).input(Input.stream(new BrokenSource(broken)));
    assertThat(catchThrowableOfType(SubprocessException.class, command::run)).hasCause(broken);
    assertThat(Resources.children()).isEmpty();
  }
}
