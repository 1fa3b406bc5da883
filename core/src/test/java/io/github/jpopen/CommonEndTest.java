package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The children that end with the JVM: asked together, and killed after one common time. */
class CommonEndTest extends ScriptedTest {
  private static final int TERM = Signal.SIGTERM.number();
  private static final int KILL = Signal.SIGKILL.number();
  private static final Duration SHORT = Duration.ofMillis(300);

  private final List<String> signals = new CopyOnWriteArrayList<>();
  private final List<Ender> enders = new ArrayList<>();

  private ScriptedChild start(String name, Duration grace, boolean obeys) throws IOException {
    ScriptedChild child = child();
    child.onSignal(
        number -> {
          signals.add(name + " " + number);
          if (number == KILL) {
            child.diesNow(new Killed(number, false));
          } else if (obeys) {
            child.stdout("last words").endsOutputs().exits(0);
          }
        });
    enders.add(start(PIPES.grace(grace)).ender());
    return child;
  }

  private long end(Duration limit) {
    long start = System.nanoTime();
    new CommonEnd(enders, limit).run();
    return System.nanoTime() - start;
  }

  @Test
  void gracesPassSideBySide() throws IOException {
    int count = 10;
    for (int i = 0; i < count; i++) {
      ScriptedChild _ = start("stubborn", SHORT, false);
    }
    assertThat(end(LONG)).isBetween(SHORT.toNanos(), (count - 2) * SHORT.toNanos());
    assertThat(signals.subList(0, count)).containsOnly("stubborn " + TERM);
    assertThat(signals.subList(count, 2 * count)).containsOnly("stubborn " + KILL);
  }

  /** It needs a reader for its last words, and the one before it does not end. */
  @Test
  void obedientChildEndsByItselfBehindAStubbornOne() throws IOException {
    ScriptedChild _ = start("stubborn", SHORT, false);
    ScriptedChild obedient = start("obedient", SHORT, true);
    long _ = end(SHORT);
    assertThat(obedient.signals()).containsExactly(TERM);
    assertThat(signals).containsExactly("stubborn " + TERM, "obedient " + TERM, "stubborn " + KILL);
  }

  @Test
  void childWithoutGraceWaitsForNoOther() throws IOException {
    ScriptedChild _ = start("stubborn", SHORT, false);
    ScriptedChild _ = start("plain", NONE, false);
    long _ = end(LONG);
    assertThat(signals).containsExactly("stubborn " + TERM, "plain " + KILL, "stubborn " + KILL);
  }

  @Test
  void limitIsCommon() throws IOException {
    for (int i = 0; i < 10; i++) {
      ScriptedChild _ = start("stubborn", LONG, false);
    }
    assertThat(end(SHORT)).isBetween(SHORT.toNanos(), 8 * SHORT.toNanos());
    assertThat(signals).hasSize(20);
  }

  @Test
  void allAreKilledAfterAnInterrupt() throws IOException {
    ScriptedChild _ = start("first", LONG, false);
    ScriptedChild _ = start("second", LONG, false);
    Thread.currentThread().interrupt();
    long _ = end(LONG);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(signals).endsWith("first " + KILL, "second " + KILL);
  }

  @Test
  void refusedKillSparesNoOther() throws IOException {
    ScriptedChild _ = start("immortal", NONE, false).refusesSignals(new IOException("EPERM"));
    ScriptedChild _ = start("plain", NONE, false);
    long _ = end(LONG);
    assertThat(signals).containsExactly("plain " + KILL);
  }
}
