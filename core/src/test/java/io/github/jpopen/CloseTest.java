package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The end of a try block: whether it kills, whether it waits, and that it gives everything back.
 */
class CloseTest extends ScriptedTest {
  private static Call<Boolean> closing(Popen<?> p) {
    return Call.of(
        () -> {
          p.close();
          return Thread.interrupted();
        });
  }

  @Test
  void closeClosesPipesAndWaits() throws Exception {
    ScriptedChild child = child().stdout("dropped");
    Popen<byte[]> p = start(PIPES);
    Call<Boolean> closing = closing(p);
    child.awaitStepWanting();
    assertThat(child.closedByCore()).containsExactly(STDOUT, STDERR, STDIN);
    assertThat(closing.isDone()).isFalse();
    assertThat(child.closes()).isZero();
    child.exits(5);
    closing.result();
    assertThat(p.returncode()).isEqualTo(5);
    assertThat(child.signals()).isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  /** A pipe that stays open may be full, and the child would wait for ever. */
  @Test
  void failureLeavesNoPipeOpen() throws Exception {
    ScriptedChild child = child().fails(new OutOfMemoryError("no room for stderr"));
    Popen<byte[]> p = start(PIPES);
    Call<Boolean> closing = closing(p);
    child.awaitStepWanting();
    assertThat(child.closedByCore()).containsExactly(STDOUT, STDERR, STDIN);
    child.exits(0);
    assertThat(closing.failure()).hasMessage("no room for stderr");
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void secondCloseDoesNothing() throws Exception {
    ScriptedChild child = child().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.close();
    int steps = child.steps().size();
    p.close();
    assertThat(child.steps()).hasSize(steps);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void closeAfterInterruptNeitherWaitsNorKills() throws Exception {
    ScriptedChild child = child().fails(new InterruptedException());
    Popen<byte[]> p = start(PIPES);
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::communicate);
    p.close();
    assertThat(child.signals()).isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  /** A wait for the exit that ends by an interrupt. */
  interface Wait {
    Object of(Popen<byte[]> p) throws Exception;
  }

  static List<Named<Wait>> waits() {
    Duration limit = Duration.ofMinutes(10);
    return List.of(
        Named.of("waitFor", Popen::waitFor),
        Named.of("waitFor, timed", p -> p.waitFor(limit)),
        Named.of("poll", p -> p.poll(limit)),
        Named.of("awaitAny", p -> Popen.awaitAny(List.of(p), limit)),
        Named.of("awaitAll", p -> Popen.awaitAll(List.of(p), limit)));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void closeDoesNotRepeatInterruptedWait(Wait wait) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Object> waiting =
        Call.of(
            () -> {
              try (p) {
                return wait.of(p);
              }
            });
    child.awaitStepWanting();
    waiting.interrupt();
    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
    assertThat(child.signals()).isEmpty();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void closeWaitsAfterUninterruptedWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::waitFor);
    assertThat(p.poll(Duration.ofMillis(1))).isEmpty();
    Call<Boolean> closing = closing(p);
    child.awaitStepWanting();
    assertThat(closing.isDone()).isFalse();
    child.exits(0);
    closing.result();
  }

  @Test
  void interruptedThreadDoesNotWaitAndKeepsItsFlag() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(child.closes()).isEqualTo(1);
    assertThat(child.closedByCore()).hasSize(3);
  }

  @Test
  void interruptEndsTheWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Boolean> closing = closing(p);
    child.awaitStepWanting();
    closing.interrupt();
    assertThat(closing.result()).as("the flag stays").isTrue();
    assertThat(child.closes()).isEqualTo(1);
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void closeSendsUnflushedBytes() throws Exception {
    ScriptedChild child = child().readsInput().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.stdin().write("last words".getBytes(UTF_8));
    p.close();
    assertThat(child.inputText()).isEqualTo("last words");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void interruptedCloseSendsWhatThePipeTakes() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write("last words".getBytes(UTF_8));
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(child.inputText()).isEqualTo("last words");
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void interruptedCloseReportsDroppedBytes() throws Exception {
    ScriptedChild child = child().accepts(4);
    Popen<byte[]> p = start(PIPES);
    p.stdin().write("last words".getBytes(UTF_8));
    Call<Boolean> closing = closing(p);
    child.awaitInput(4);
    closing.interrupt();
    assertThat(closing.failure())
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage(
            "interrupted: bytes that the child's stdin did not accept at once were discarded");
    assertThat(child.inputText()).isEqualTo("last");
    assertThat(child.closedByCore()).hasSize(3);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void interruptedCloseSendsEndOfText() throws Exception {
    ScriptedChild child = child().accepts(5);
    Popen<String> p = start(PIPES.text(Charset.forName("ISO-2022-JP")));
    p.stdinWriter().write("\u3042");
    p.stdin().write(new byte[8187]); // fills the buffer
    child.accepts(10_000);
    Thread.currentThread().interrupt();
    p.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(child.input()).hasSize(5 + 8187 + 3).endsWith(0x1b, '(', 'B');
  }

  @Test
  void interruptedCloseReportsBrokenPipe() throws Exception {
    child().refusesInput();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write(1);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(p::close)
        .withMessage("broken pipe: the child's stdin has no reader");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closeReportsBrokenPipeAfterTheWait() throws Exception {
    ScriptedChild child = child().refusesInput().exits(4);
    Popen<byte[]> p = start(PIPES);
    p.stdin().write("last words".getBytes(UTF_8));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(p::close)
        .withMessage("broken pipe: the child's stdin has no reader");
    assertThat(p.returncode()).isEqualTo(4);
    assertThat(child.closes()).isEqualTo(1);
    p.close();
  }

  @Test
  void closeDropsUnsentInputSilently() throws Exception {
    ScriptedChild child = child().accepts(1);
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate("input".getBytes(UTF_8), NONE));
    p.terminate();
    child.exits(0);
    p.close();
    assertThat(child.inputText()).isEqualTo("i");
    assertThat(child.closedByCore()).containsExactly(STDOUT, STDERR, STDIN);
  }

  @Test
  void closeReleasesEverythingOnFailure() throws Exception {
    IOException error = new IOException("ENOMEM");
    ScriptedChild child = child().fails(error).fails(error).fails(error).fails(error).fails(error);
    Popen<byte[]> p = start(PIPES);
    assertThatExceptionOfType(IOException.class).isThrownBy(p::close).isSameAs(error);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void closeAfterTheEndDoesNothing() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.communicate();
    int steps = child.steps().size();
    p.close();
    assertThat(child.steps()).hasSize(steps);
    assertThat(child.closes()).isEqualTo(1);
  }
}
