package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Chaos;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Exited;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Chaos} with scripted children: many rounds, with every rule of the seam checked. */
class ChaosTest extends ScriptedTest {
  /** A round takes a few milliseconds; on a busy machine it may end before any interrupt. */
  private static final int ENOUGH_ROUNDS = 3000;

  private static final Duration SHORT_TIER = Duration.ofMillis(700);

  @ParameterizedTest
  @EnumSource
  void eightThreadsAndOneChild(Chaos.Plan plan) throws Exception {
    rounds(plan, SHORT_TIER);
  }

  @Test
  @Timeout(value = 7200)
  @EnabledIfSystemProperty(
      named = "io.github.jpopen.soak",
      matches = "\\d+",
      disabledReason = "runs for so many seconds a plan when it is asked for")
  void soak() throws Exception {
    for (Chaos.Plan plan : Chaos.Plan.values()) {
      rounds(plan, Duration.ofSeconds(Long.getLong("io.github.jpopen.soak", 0)));
    }
  }

  private void rounds(Chaos.Plan plan, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    long seeds = System.nanoTime();
    int rounds = 0;
    long interrupts = 0;
    while (System.nanoTime() < end || (interrupts == 0 && rounds < ENOUGH_ROUNDS)) {
      interrupts += round(plan, seeds + rounds);
      rounds++;
      closeAllAndCheck();
    }
    System.out.printf("chaos: %s, %d rounds, %d interrupts%n", plan, rounds, interrupts);
    assertThat(interrupts).isPositive();
  }

  private int round(Chaos.Plan plan, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] data = new byte[1 + random.nextInt(60_000)];
    random.nextBytes(data);
    ScriptedChild child = child().readsInput();
    AtomicBoolean killed = new AtomicBoolean();
    child.onSignal(
        _ -> {
          if (!killed.getAndSet(true)) {
            child.diesNow(new Exited(9));
            child.readsInput(); // otherwise the input would wait for ever, which no system does
          }
        });
    Popen<byte[]> popen = start(PIPES);
    Thread life = Thread.startVirtualThread(() -> live(child, data, random.split()));
    byte[] errors = {'e'};
    int interrupts = Chaos.run(new Chaos.Subject(popen, data, errors, 7), plan, seed);
    life.join();
    if (plan != Chaos.Plan.KILL && plan != Chaos.Plan.CLOSE) {
      assertThat(child.input()).as("%s with seed %s", plan, seed).isEqualTo(data);
    }
    return interrupts;
  }

  /** The exit comes before, between or after the rest. */
  private static void live(ScriptedChild child, byte[] data, SplittableRandom random) {
    boolean exitsEarly = random.nextInt(4) == 0;
    child.writes(STDOUT, data, 1 + random.nextInt(data.length));
    if (exitsEarly) {
      child.exits(7);
    }
    child.stderr("e");
    child.endsOutputs();
    if (!exitsEarly) {
      child.exits(7);
    }
  }
}
