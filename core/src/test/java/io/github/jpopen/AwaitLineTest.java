package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Reading lines until one is wanted. */
class AwaitLineTest extends ScriptedTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Command<String> SERVER = Command.of("server").text().captureOutput();

  private final List<String> seen = new ArrayList<>();

  private boolean isReady(String line) {
    seen.add(line);
    return line.startsWith("ready");
  }

  @Test
  void wantedLineIsReturnedAndTheRestIsKept() throws Exception {
    ScriptedChild child = child().stdout("starting\nready on 80\nmore\n");
    Popen<String> p = start(SERVER);
    assertThat(p.awaitLine(this::isReady, LONG)).isEqualTo("ready on 80");
    assertThat(seen).containsExactly("starting", "ready on 80");
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("more\n");
  }

  @Test
  void afterATimeoutTheNextCallGoesOn() throws Exception {
    ScriptedChild child = child().stdout("starting\nrea");
    Popen<String> p = start(SERVER);
    TimeoutExpiredException e = timedOut(() -> p.awaitLine(this::isReady, SHORT));
    assertThat(e.timeout()).isEqualTo(SHORT);
    assertThat(e.stdout().text()).isEqualTo("rea");
    child.stdout("dy\n");
    assertThat(p.awaitLine(this::isReady, LONG)).isEqualTo("ready");
    assertThat(seen).containsExactly("starting", "ready");
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEmpty();
  }

  @Test
  void pastDeadlineLooksAtTheLinesThatAreThere() throws Exception {
    ScriptedChild child = child().stdout("ready\n");
    Popen<String> p = start(SERVER);
    assertThat(p.awaitLine(this::isReady, NONE)).isEqualTo("ready");
    timedOut(() -> p.awaitLine(this::isReady, NONE));
    child.endsOutputs().exits(0);
    p.communicate();
  }

  @Test
  void linesWithoutAnEndCannotHideTheDeadline() throws Exception {
    ScriptedChild child = child().stdout("no\n");
    Popen<String> p = start(SERVER);
    timedOut(
        () ->
            p.awaitLine(
                line -> {
                  child.stdout("no\n"); // there is always another one
                  return false;
                },
                SHORT));
    child.endsOutputs().exits(0);
    p.communicate();
  }

  @Test
  void lineWithoutAnEndCannotHideTheDeadline() throws Exception {
    ScriptedChild child = child();
    AtomicBoolean endless = new AtomicBoolean(true);
    writesMore(child, endless);
    Popen<String> p = start(SERVER);
    TimeoutExpiredException e = timedOut(() -> p.awaitLine(this::isReady, SHORT));
    assertThat(e.stdout().text()).startsWith("moremore");
    assertThat(seen).isEmpty();
    endless.set(false);
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).startsWith("moremore");
  }

  /** Each step has bytes. */
  private static void writesMore(ScriptedChild child, AtomicBoolean endless) {
    child.beforeAsking(
        () -> {
          if (endless.get()) {
            child.stdout("more");
            writesMore(child, endless);
          }
        });
  }

  @Test
  void closeAfterATimeoutKills() throws Exception {
    ScriptedChild child = child();
    Popen<String> p = start(SERVER);
    timedOut(() -> p.awaitLine(this::isReady, SHORT));
    child.onSignal(number -> child.endsOutputs().exits(0));
    p.close();
    assertThat(child.signals()).contains(9);
  }

  @Test
  void endBeforeTheLineExplainsItself() throws Exception {
    child().stdout("starting\n").stderr("port in use\n").endsOutputs().exits(3);
    Popen<String> p = start(SERVER);
    SubprocessException e =
        catchThrowableOfType(SubprocessException.class, () -> p.awaitLine(this::isReady, LONG));
    assertThat(e)
        .hasMessageStartingWith("stdout of \"server\" ended before the awaited line came")
        .hasMessageEndingWith(", and it wrote to stderr:\n  port in use");
    assertThat(e.stderr().text()).isEqualTo("port in use\n");
    assertThat(seen).containsExactly("starting");
  }

  @Test
  void exitThatFollowsTheEndIsReported() throws Exception {
    ScriptedChild child = child().stdout("starting\n").endsOutputs();
    exitsLater(child, 3);
    Popen<String> p = start(SERVER);
    assertThatThrownBy(() -> p.awaitLine(this::isReady, LONG))
        .hasMessage(
            "stdout of \"server\" ended before the awaited line came"
                + ": the child returned exit status 3");
  }

  private static void exitsLater(ScriptedChild child, int steps) {
    child.beforeAsking(
        () -> {
          if (steps == 0) {
            child.exits(3);
          } else {
            exitsLater(child, steps - 1);
          }
        });
  }

  @Test
  void childThatLivesOnAfterTheEndIsNotWaitedFor() throws Exception {
    child().endsOutputs();
    Popen<String> p = start(SERVER);
    assertThatThrownBy(() -> p.awaitLine(this::isReady, LONG))
        .hasMessage("stdout of \"server\" ended before the awaited line came");
  }

  @Test
  void lastLineMayHaveNoEnd() throws Exception {
    child().stdout("ready").endsOutputs().exits(0);
    assertThat(start(SERVER).awaitLine(this::isReady, LONG)).isEqualTo("ready");
  }

  @Test
  void lineMayComeOnTheOtherOutput() throws Exception {
    ScriptedChild child = child().stdout(new byte[100_000]).stderr("ready\n");
    Popen<String> p = start(SERVER);
    assertThat(p.awaitLine(StreamName.STDERR, this::isReady, LONG)).isEqualTo("ready");
    child.ends(STDOUT).ends(STDERR).exits(0);
    assertThat(p.communicate().stdout()).hasSize(100_000);
  }

  @Test
  void otherOutputMayHaveAConsumer() throws Exception {
    ScriptedChild child = child().stderr("log\n").stdout("ready\n");
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    Popen<String> p = start(Command.of("server").text().stdout(PIPE).stderr(PIPE.tee(copy)));
    assertThat(p.awaitLine(this::isReady, LONG)).isEqualTo("ready");
    child.endsOutputs().exits(0);
    p.communicate();
    assertThat(copy).hasToString("log\n");
  }

  @Test
  void anotherReaderCannotHideTheDeadline() throws Exception {
    ScriptedChild child = child();
    Popen<String> p = start(SERVER);
    Thread reader = Thread.ofPlatform().start(() -> readQuietly(p));
    while (reader.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait(); // until it waits for bytes
    }
    timedOut(() -> p.awaitLine(this::isReady, SHORT));
    child.endsOutputs().exits(0);
    reader.join();
    p.communicate();
  }

  private static void readQuietly(Popen<?> p) {
    try {
      int _ = p.stdout().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void interruptEndsIt() throws Exception {
    child();
    Popen<String> p = start(SERVER);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> p.awaitLine(this::isReady, LONG));
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void predicateThatThrowsLosesNothingElse() throws Exception {
    ScriptedChild child = child().stdout("a\nb\n");
    Popen<String> p = start(SERVER);
    assertThatIllegalStateException().isThrownBy(() -> p.awaitLine(AwaitLineTest::refuse, LONG));
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("b\n");
  }

  private static boolean refuse(String line) {
    throw new IllegalStateException(line);
  }

  @Test
  void afterCommunicateThereAreNoLines() throws Exception {
    child().endsOutputs().exits(0);
    Popen<String> p = start(SERVER);
    p.communicate();
    assertThatIllegalStateException().isThrownBy(() -> p.awaitLine(this::isReady, LONG));
  }
}
