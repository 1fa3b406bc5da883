package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.ExitStatus.Signaled;
import io.github.jpopen.ExitStatus.Unknown;
import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The exit: polling, waiting, and the status. */
class WaitTest extends ScriptedTest {

  @Test
  void pollIsEmptyUntilTheExit() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.poll()).isEmpty();
    child.exits(3);
    for (int i = 0; i < 3; i++) {
      assertThat(p.poll()).hasValue(3);
      assertThat(p.poll(LONG)).hasValue(3);
      assertThat(p.waitFor()).isEqualTo(3);
      assertThat(p.waitFor(NONE)).isEqualTo(3);
    }
    assertThat(child.steps()).hasSize(2);
  }

  @Test
  void pollNeitherWaitsNorMovesBytes() throws Exception {
    ScriptedChild child = child().stdout("unread");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.poll()).isEmpty();
    assertThat(child.steps())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.pastDeadline()).isTrue();
              assertThat(step.wanted()).isEmpty();
            });
  }

  @Test
  void pollLeavesAnInterruptPending() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    assertThat(p.poll()).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    child.exits(1);
    assertThat(p.poll()).hasValue(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void timedPollWaitsAndDoesNotThrow() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.poll(Duration.ofMillis(5))).isEmpty();
    assertThat(p.poll(Duration.ofMillis(-5))).isEmpty();
    Call<Boolean> call = Call.of(() -> p.poll(LONG).isPresent());
    child.awaitStepWanting();
    child.exits(0);
    assertThat(call.result()).isTrue();
  }

  @Test
  void timedPollCanBeInterrupted() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<?> call = Call.of(() -> p.poll(LONG));
    child.awaitStepWanting();
    call.interrupt();
    assertThat(call.failure()).isInstanceOf(InterruptedException.class);
    assertThat(p.poll()).isEmpty();
  }

  @Test
  void failedLookIsReported() throws Exception {
    IOException error = new IOException("no memory");
    ScriptedChild child = child().fails(error).fails(error).fails(error).fails(error);
    Popen<byte[]> p = start(PIPES);
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(p::poll).withCause(error);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> p.poll(LONG))
        .withCause(error);
    assertThatExceptionOfType(IOException.class).isThrownBy(p::waitFor).isSameAs(error);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> p.waitFor(LONG)).isSameAs(error);
    child.exits(0);
    assertThat(p.waitFor()).isZero();
  }

  @Test
  void waitForMovesNoBytesAndClosesNothing() throws Exception {
    ScriptedChild child = child().stdout("unread");
    Popen<byte[]> p = start(PIPES);
    Call<Integer> call = Call.of(p::waitFor);
    child.awaitStepWanting();
    assertThat(child.closedByCore()).isEmpty();
    child.exits(2);
    assertThat(call.result()).isEqualTo(2);
    child.endsOutputs();
    assertThat(p.communicate().stdout()).asString().isEqualTo("unread");
  }

  @Test
  void timedWaitThrows() throws Exception {
    child();
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.waitFor(Duration.ofNanos(100_000)));
    assertThat(e).hasMessage("command \"fake\" timed out after 0.0001 seconds").hasNoCause();
    assertThat(e.timeout()).isEqualTo(Duration.ofNanos(100_000));
    assertThat(e.program()).isEqualTo("fake");
    assertThat(p.poll()).isEmpty();
  }

  @Test
  void everyTimeoutLooksOnce() throws Exception {
    for (Duration limit : new Duration[] {NONE, Duration.ofSeconds(-1)}) {
      child().exits(7);
      assertThat(start(PIPES).waitFor(limit)).isEqualTo(7);
      child().exits(7);
      assertThat(start(PIPES).poll(limit)).hasValue(7);
    }
    child().exits(7);
    assertThat(start(PIPES).waitFor(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(7);
  }

  @Test
  void waitForCanBeInterruptedAndRepeated() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> call = Call.virtual(p::waitFor);
    child.awaitStepWanting();
    call.interrupt();
    assertThat(call.failure()).isInstanceOf(InterruptedException.class);
    assertThat(child.signals()).isEmpty();
    child.exits(0);
    assertThat(p.waitFor()).isZero();
  }

  @Test
  void returncodeNeedsAnObservedExit() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    String advice = "the exit of the child has not been observed yet: use poll or waitFor";
    assertThatIllegalStateException().isThrownBy(p::returncode).withMessage(advice);
    assertThatIllegalStateException().isThrownBy(p::status).withMessage(advice);
    child.exits(5);
    assertThatIllegalStateException().isThrownBy(p::returncode); // it does not look itself
    assertThat(child.steps()).isEmpty();
    assertThat(p.poll()).hasValue(5);
    assertThat(p.returncode()).isEqualTo(5);
  }

  @Test
  void signalIsANegativeReturncode() throws Exception {
    child().exits(new Termination.Killed(9, true));
    Popen<byte[]> p = start(PIPES);
    assertThat(p.waitFor()).isEqualTo(-9);
    assertThat(p.status()).isEqualTo(new Signaled(Signal.of(9), true));
    assertThat(p.status().isSuccess()).isFalse();
  }

  @Test
  void unknownStatusIsNotZero() throws Exception {
    child().exits(new Termination.Lost());
    Popen<byte[]> p = start(PIPES);
    assertThat(p.poll()).hasValue(ExitStatus.UNKNOWN_RETURNCODE);
    assertThat(p.returncode()).isEqualTo(Integer.MIN_VALUE);
    assertThat(p.status()).isEqualTo(new Unknown());
    assertThat(p.status().isSuccess()).isFalse();
  }

  @Test
  void returncodeHasAllBitsOfWindows() {
    assertThat(new Exited(0xC0000005).returncode()).isEqualTo(0xC0000005);
    assertThat(new Exited(259).isSuccess()).isFalse();
    assertThat(new Exited(0).isSuccess()).isTrue();
  }

  @Test
  void exitReleasesTheResourcesWithoutPipes() throws Exception {
    ScriptedChild child = child().exits(0);
    Popen<byte[]> p = start(Command.of("fake"));
    p.waitFor();
    assertThat(child.closes()).isEqualTo(1);
    ScriptedChild piped = child().exits(0);
    Popen<byte[]> q = start(PIPES);
    q.waitFor();
    assertThat(piped.closes()).isZero();
  }

  @Test
  void waitAfterCloseIsRefused() throws Exception {
    child();
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThatIllegalStateException().isThrownBy(p::poll).withMessage("this Popen is closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> p.poll(LONG))
        .withMessage("this Popen is closed");
    assertThatIllegalStateException().isThrownBy(p::waitFor).withMessage("this Popen is closed");
  }

  @Test
  void textFormHidesTheArguments() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES.args("--password=hunter2"));
    assertThat(p).hasToString("Popen[fake, pid 4242, returncode: none]");
    child.exits(3);
    assertThat(p.waitFor()).isEqualTo(3);
    assertThat(p).hasToString("Popen[fake, pid 4242, returncode: 3]");
    assertThat(p.pid()).isEqualTo(4242);
    assertThat(p.args()).containsExactly("fake", "--password=hunter2");
    child();
    assertThat(start(Command.of("x".repeat(81))).toString()).hasSizeLessThan(120).contains("...");
  }
}
