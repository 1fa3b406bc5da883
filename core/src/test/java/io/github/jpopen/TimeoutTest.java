package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A timeout: the exception, its contents, and that it changes nothing. */
class TimeoutTest extends ScriptedTest {

  @Test
  void timeoutLosesNothingAndKillsNothing() throws Exception {
    ScriptedChild child = child().stdout("a");
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(Duration.ofMillis(1)));
    assertThat(p.poll()).isEmpty();
    assertThat(child.signals()).isEmpty();
    child.stdout("b").stderr("c").endsOutputs().exits(0);
    Output<byte[]> output = p.communicate(LONG);
    assertThat(output.stdout()).asString().isEqualTo("ab");
    assertThat(output.stderr()).asString().isEqualTo("c");
  }

  @Test
  void exceptionHoldsTheOutputSoFar() throws Exception {
    child().stdout("o").stderr("e");
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e.stdout().bytes()).asString().isEqualTo("o");
    assertThat(e.stderr().bytes()).asString().isEqualTo("e");
    assertThat(e.stdout()).hasToString("1 byte");
  }

  @Test
  void exceptionHoldsOnlyCapturedOutput() throws Exception {
    child();
    Popen<byte[]> p = start(Command.of("fake").stderr(Redirect.PIPE));
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e.stdout().isCaptured()).isFalse();
    assertThat(e.stdout().bytes()).isEmpty();
    assertThat(e.stdout()).hasToString("not captured");
    assertThat(e.stderr().isCaptured()).isTrue();
    assertThat(e.stderr().bytes()).isEmpty();
  }

  @Test
  void exceptionHoldsTheOutputDuringInput() throws Exception {
    child().stdout("early").accepts(1);
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate("input".getBytes(UTF_8), NONE));
    assertThat(e.stdout().bytes()).asString().isEqualTo("early");
  }

  @Test
  void exceptionHoldsTheOutputBeforeTheExit() throws Exception {
    ScriptedChild child = child().stdout("all").endsOutputs();
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate(Duration.ofMillis(1)));
    assertThat(e.stdout().bytes()).asString().isEqualTo("all");
    TimeoutExpiredException waiting = timedOut(() -> p.waitFor(NONE));
    assertThat(waiting.stdout().bytes()).asString().isEqualTo("all");
    child.exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("all");
  }

  @Test
  void exceptionHoldsTheOutputOfAnEndedStream() throws Exception {
    child().stdout("all").ends(STDOUT).stderr("some");
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e.stdout().bytes()).asString().isEqualTo("all");
    assertThat(e.stderr().bytes()).asString().isEqualTo("some");
  }

  @Test
  void exceptionHoldsTheOutputAsText() throws Exception {
    child().stdout(new byte[] {'a', '\r', '\n', (byte) 0xC3});
    Popen<String> p = start(PIPES.text());
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e.stdout().text()).isEqualTo("a\n");
    assertThat(e.stdout().bytes()).containsExactly('a', '\r', '\n', 0xC3);
  }

  @Test
  void textOfAnEndedStreamIsComplete() throws Exception {
    child().stdout("a\r").stderr("a\r").ends(STDOUT);
    Popen<String> p = start(PIPES.text());
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e.stdout().text()).isEqualTo("a\n");
    assertThat(e.stderr().text()).isEqualTo("a");
  }

  @Test
  void outputInTheExceptionNeverChanges() throws Exception {
    ScriptedChild child = child().stdout("a");
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException first = timedOut(() -> p.communicate(NONE));
    child.stdout("b".repeat(5000));
    TimeoutExpiredException second = timedOut(() -> p.communicate(NONE));
    child.stdout("c").endsOutputs().exits(0);
    byte[] all = p.communicate().stdout();
    all[0] = 'X';
    first.stdout().bytes()[0] = 'Y';
    assertThat(first.stdout().bytes()).asString().isEqualTo("a");
    assertThat(second.stdout().size()).isEqualTo(5001);
    assertThat(second.stdout().bytes()).asString().isEqualTo("a" + "b".repeat(5000));
  }

  @Test
  void outputOfOneFullChunkNeverChanges() throws Exception {
    ScriptedChild child = child().stdout("a".repeat(4096 - 16));
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    child.endsOutputs().exits(0);
    p.communicate().stdout()[0] = 'X';
    assertThat(e.stdout().bytes()).asString().isEqualTo("a".repeat(4096 - 16));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE / 1000, 7})
  void exceptionHasTheTimeoutAsGiven(long millis) throws Exception {
    child().stdout("x");
    Popen<byte[]> p = start(PIPES);
    Duration given = Duration.ofMillis(millis);
    assertThat(timedOut(() -> p.communicate(given)).timeout()).isEqualTo(given);
  }

  @Test
  void messageHasTheTimeoutAsGiven() throws Exception {
    child().endsOutputs();
    Popen<byte[]> p = start(PIPES);
    Duration given = Duration.ofNanos(-123_456_789);
    TimeoutExpiredException e = timedOut(() -> p.communicate(given));
    assertThat(e.timeout()).isEqualTo(given);
    assertThat(e).hasMessage("command \"fake\" timed out after -0.123456789 seconds");
  }

  @Test
  void hugeTimeoutNeverPasses() throws Exception {
    child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.communicate(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    child().endsOutputs().exits(0);
    start(PIPES).communicate(Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000));
    assertThat(p.returncode()).isZero();
  }

  @Test
  void zeroTimeoutTakesWhatIsReady() throws Exception {
    child().stdout("ready").ends(STDERR).ends(STDOUT).exits(0);
    assertThat(start(PIPES).communicate(NONE).stdout()).asString().isEqualTo("ready");
  }

  @Test
  void zeroTimeoutClosesStdin() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void zeroTimeoutSendsWhatFits() throws Exception {
    ScriptedChild child = child().accepts(2);
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate("input".getBytes(UTF_8), NONE));
    assertThat(child.inputText()).isEqualTo("in");
  }

  @Test
  void busyChildDoesNotHideTheDeadline() throws Exception {
    ScriptedChild child = child();
    for (int i = 0; i < 1000; i++) {
      child.stdout("busy");
    }
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e.stdout().size()).isBetween(4L, 40L);
    assertThat(child.steps()).hasSizeLessThan(10);
  }

  @Test
  void deadlineDuringAStepEndsTheCall() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE)); // classes are loaded now, not within the time below
    long start = System.nanoTime();
    timedOut(() -> p.communicate(Duration.ofMillis(300)));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
    assertThat(child.steps()).anyMatch(step -> !step.pastDeadline());
  }

  @Test
  void spuriousReturnIsNotATimeout() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(LONG));
    for (int i = 0; i < 10; i++) {
      child.awaitStepWanting(STDOUT, STDERR);
      child.wake();
    }
    assertThat(call.isDone()).isFalse();
    child.endsOutputs().exits(0);
    call.result();
  }

  @Test
  void oneDeadlineCoversInputOutputAndExit() throws Exception {
    ScriptedChild child = child().accepts(1).stdout("o").endsOutputs().refusesInput();
    Popen<byte[]> p = start(PIPES);
    Duration limit = Duration.ofMillis(50);
    long start = System.nanoTime();
    timedOut(() -> p.communicate("in".getBytes(UTF_8), limit));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.multipliedBy(20));
    assertThat(child.steps().getLast().wanted()).isEmpty();
    assertThat(child.isClosedByCore(STDIN)).isFalse(); // the platform had closed it
  }
}
