package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
