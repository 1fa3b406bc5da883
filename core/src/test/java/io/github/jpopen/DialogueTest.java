package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written is sent before any call waits for the child; no flush is needed for that. */
class DialogueTest extends ScriptedTest {
  interface Waiting {
    Object call(Popen<byte[]> p) throws Exception;
  }

  /** The calls that wait, and what the child does then. */
  @SuppressWarnings("ImmutableEnumChecker") // the actions have no state
  enum Wait {
    READ(p -> p.stdout().read()),
    READ_ARRAY(p -> p.stdout().read(new byte[10])),
    READ_STDERR(p -> p.stderr().read()),
    READ_CHARACTER(p -> p.stdoutReader().read()),
    READ_LINE(p -> p.stdoutReader().readLine()),
    WAIT_FOR(Popen::waitFor),
    WAIT_FOR_IN_TIME(p -> p.waitFor(LONG)),
    POLL(p -> p.poll(LONG)),
    ON_EXIT(p -> p.onExit().get()),
    AWAIT_ANY(p -> Popen.awaitAny(List.of(p), LONG)),
    AWAIT_ALL(p -> Popen.awaitAll(List.of(p), LONG)),
    COMMUNICATE(Popen::communicate);

    final Waiting action;

    Wait(Waiting action) {
      this.action = action;
    }
  }

  private static void answer(ScriptedChild child) {
    child.awaitInput(9);
    child.stdout("answer\n").stderr("answer\n").endsOutputs().exits(0);
  }

  @ParameterizedTest
  @EnumSource
  void textIsSentBeforeAWait(Wait wait) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    p.stdinWriter().write("question\n");
    assertThat(child.steps()).isEmpty();
    Call<Object> waiting = Call.of(() -> wait.action.call(p));
    answer(child);
    waiting.result();
    assertThat(child.inputText()).isEqualTo("question\n");
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreSentBeforeAWait(Wait wait) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write("question\n".getBytes(UTF_8));
    Call<Object> waiting = Call.virtual(() -> wait.action.call(p));
    answer(child);
    waiting.result();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COMMUNICATE") // which seals the streams
  void textIsSentWhileAnotherThreadWaits(Wait wait) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    Call<Object> waiting = Call.of(() -> wait.action.call(p));
    child.awaitStep();
    p.stdinWriter().write("question\n");
    answer(child);
    waiting.result();
    assertThat(child.inputText()).isEqualTo("question\n");
  }

  @Test
  void readyAndAvailableSendWithoutWaiting() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    p.stdinWriter().write("one");
    assertThat(p.stdoutReader().ready()).isFalse();
    assertThat(child.inputText()).isEqualTo("one");
    p.stdinWriter().write("two");
    assertThat(p.stdout().available()).isZero();
    assertThat(child.inputText()).isEqualTo("onetwo");
  }

  @Test
  void linesAreGathered() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    for (int i = 0; i < 10_000; i++) {
      p.stdinWriter().write("0123456789\n");
    }
    assertThat(child.steps()).hasSizeBetween(1, 20);
    p.stdinWriter().flush();
    assertThat(child.inputText()).isEqualTo("0123456789\n".repeat(10_000));
  }

  @Test
  void closeSends() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    p.stdinWriter().write("question\n");
    p.stdinWriter().close();
    assertThat(child.inputText()).isEqualTo("question\n");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void communicateSendsBeforeItsInput() throws Exception {
    ScriptedChild child = child().readsInput().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.stdinWriter().write("first\n");
    p.communicate("second\n");
    assertThat(child.inputText()).isEqualTo("first\nsecond\n");
  }

  @Test
  void aReadSucceedsAndTheNextFlushFailsIfTheChildReadsNoMore() throws Exception {
    child().refusesInput().stdout("x");
    Popen<byte[]> p = start(PIPES);
    p.stdinWriter().write("question\n");
    assertThat(p.stdout().read()).isEqualTo('x');
    assertThatIOException()
        .isThrownBy(() -> p.stdinWriter().flush())
        .withMessage("broken pipe: the child's stdin has no reader");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20})
  void killingCloseSendsNothing(int grace) throws Exception {
    ScriptedChild child = child().readsInput();
    int kill = Signal.SIGKILL.number();
    child.onSignal(
        number -> {
          if (number == kill) {
            child.diesNow(new io.github.jpopen.spi.Termination.Killed(kill, false));
          }
        });
    Popen<byte[]> p = start(PIPES.killOnClose().grace(Duration.ofMillis(grace)));
    p.stdinWriter().write("question\n");
    p.close();
    assertThat(child.inputText()).isEmpty();
  }

  @Test
  void writersAndReadersOnTheirOwnThreadsLoseNothing() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> out = Call.of(() -> p.stdout().readAllBytes().length);
    Call<Integer> err = Call.virtual(() -> p.stderr().readAllBytes().length);
    Call<Integer> first = Call.of(() -> write(p));
    Call<Integer> second = Call.virtual(() -> write(p));
    assertThat(first.result() + second.result()).isEqualTo(6000);
    child.awaitInput(6000);
    child.stdout("x").stderr("yz").ends(STDOUT).ends(STDERR).exits(0);
    assertThat(out.result()).isEqualTo(1);
    assertThat(err.result()).isEqualTo(2);
    assertThat(child.inputText().lines()).hasSize(2000).containsOnly("ab");
  }

  private static int write(Popen<byte[]> p) throws IOException {
    for (int i = 0; i < 1000; i++) {
      p.stdinWriter().write("ab\n");
    }
    return 3000;
  }
}
