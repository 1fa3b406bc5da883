package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A consumer that takes long for each line, and the limits of the call. */
class SlowConsumerTest extends ScriptedTest {
  private static final String MUCH = "line\n".repeat(40_000);

  private final List<String> lines = new ArrayList<>();

  private final Command<String> slow =
      Command.of("fake")
          .text()
          .stdout(PIPE)
          .onLine(
              (_, line) -> {
                lines.add(line);
                Thread.sleep(20);
              });

  @Test
  void timeLimitIsLookedAtBetweenLines() throws Exception {
    child().stdout(MUCH);
    Popen<String> p = start(slow);
    for (int call = 0; call < 2; call++) {
      int before = lines.size();
      assertThat(
              catchThrowableOfType(
                  TimeoutExpiredException.class, () -> p.communicate(Duration.ofMillis(50))))
          .isNotNull();
      assertThat(lines.size() - before).isBetween(1, 1000);
    }
    assertThat(lines).allMatch("line"::equals);
  }

  @Test
  void interruptIsLookedAtBetweenLines() throws Exception {
    child().stdout(MUCH);
    Popen<String> p =
        start(
            Command.of("fake")
                .text()
                .stdout(PIPE)
                .onLine(
                    (_, line) -> {
                      lines.add(line);
                      Thread.currentThread().interrupt();
                    }));
    assertThat(catchThrowableOfType(InterruptedException.class, p::communicate)).isNotNull();
    assertThat(lines).hasSizeLessThan(1000);
  }

  /** Another thread waits for the child meanwhile, and looks at its own limit. */
  @Test
  void interruptThatAConsumerThrowsEndsTheCallOfItsThread() throws Exception {
    ScriptedChild child = child().stdout("line\n");
    child.onSignal(number -> dies(child, number));
    AtomicReference<Popen<String>> started = new AtomicReference<>();
    List<Object> stopped = new ArrayList<>();
    Popen<String> p =
        start(
            Command.of("fake")
                .text()
                .stdout(PIPE)
                .onLine(
                    (_, _) -> {
                      throw new InterruptedException("of the consumer");
                    })
                .onChunk((_, _) -> stopped.add(stop(started.get()))));
    started.set(p);
    assertThat(Call.of(p::communicate).failure())
        .isInstanceOf(InterruptedException.class)
        .hasMessage("of the consumer");
    assertThat(stopped).containsExactly(-9);
  }

  /** What waits for a consumer cannot be called by it. */
  @Test
  void consumerThatCallsCommunicateIsRefused() throws Exception {
    ScriptedChild child = child().stdout("line\n");
    AtomicReference<Popen<String>> started = new AtomicReference<>();
    Popen<String> p =
        start(
            Command.of("fake")
                .text()
                .stdin(PIPE)
                .onLine((_, _) -> started.get().communicate("input", Duration.ofMinutes(1))));
    started.set(p);
    p.stdin().write('x');
    assertThat(Call.of(() -> flush(p)).failure())
        .hasMessage("a consumer of stdout failed")
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a consumer of the output cannot call communicate, which waits for the consumer");
    child.readsInput().endsOutputs().exits(0);
    p.communicate("put");
    assertThat(child.inputText()).isEqualTo("xput");
  }

  @Test
  void consumerThatCallsCommunicateOfItsPipelineIsRefused() throws Exception {
    ScriptedChild first = child().stderr("line\n");
    ScriptedChild last = child();
    AtomicReference<RunningPipeline<String>> started = new AtomicReference<>();
    Command<byte[]> stage = Command.of("fake");
    RunningPipeline<String> p =
        start(
            Pipeline.of(stage, stage)
                .text()
                .stdin(PIPE)
                .onLine((_, _) -> started.get().communicate(Duration.ofMinutes(1))));
    started.set(p);
    p.stdin().write('x');
    assertThat(Call.of(() -> flush(p.stages().getFirst())).failure())
        .hasMessage("a consumer of stderr failed")
        .hasCauseInstanceOf(IllegalStateException.class);
    first.readsInput().endsOutputs().exits(0);
    last.endsOutputs().exits(0);
    p.communicate();
    assertThat(first.inputText()).isEqualTo("x");
  }

  private static boolean flush(Popen<?> p) throws IOException {
    p.stdin().flush();
    return true;
  }

  private static void dies(ScriptedChild child, int number) {
    if (number == 9) { // and not of SIGTERM
      child.diesNow(new Killed(9, false));
    }
  }

  private static Object stop(Popen<?> p) throws InterruptedException {
    return Call.of(() -> p.stop(Duration.ofMillis(5)).returncode()).result();
  }

  @Test
  void consumerThatThrowsAtEachLineOfTheRestIsNoFloodOfExceptions() {
    ScriptedChild child = child().stdout("line\n".repeat(200));
    child.onSignal(number -> dies(child, number));
    AtomicInteger thrown = new AtomicInteger();
    Command<String> command =
        Command.of("fake")
            .text()
            .stdout(PIPE)
            .onLine(
                (_, _) -> {
                  if (child.signals().contains(9)) {
                    throw new IllegalStateException("line " + thrown.incrementAndGet());
                  }
                  Thread.sleep(12); // longer than it is let alone
                });
    TimeoutExpiredException e =
        catchThrowableOfType(
            TimeoutExpiredException.class, () -> command.timeout(Duration.ofMillis(5)).run());
    assertThat(e.getSuppressed()).hasSizeBetween(1, 16);
    assertThat(e.getSuppressed()[0]).hasMessage("line 1");
    assertThat(thrown).hasValueGreaterThan(100);
  }

  @Test
  void restOfATimeoutHasALimitAndIsKept() {
    child().stdout(MUCH).endsOutputs();
    TimeoutExpiredException e =
        catchThrowableOfType(
            TimeoutExpiredException.class, () -> slow.timeout(Duration.ofMillis(50)).run());
    assertThat(e.stdout().text()).isEqualTo(MUCH);
    assertThat(lines).hasSizeBetween(1, 1000);
  }
}
