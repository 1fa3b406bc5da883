package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Chaos} with real children. */
public abstract class StressContract extends ContractTest {
  private static final Duration SHORT_TIER = Duration.ofMillis(700);

  /** One in three is free of interrupts, and where a child starts slowly few rounds are run. */
  private static final int ENOUGH_ROUNDS = 20;

  /** A shell where there is one: it starts ten times as fast. */
  private static Command<byte[]> subject() {
    Command<byte[]> command =
        File.separatorChar == '/'
            ? Command.shell("cat; printf err >&2; exit 7")
            : child(cat(), err("err"), exit(7));
    return command.stdin(PIPE).captureOutput();
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"promise 13", "promise 15"})
  void eightThreadsAndOneChild(Chaos.Plan plan) throws Exception {
    rounds(plan, SHORT_TIER);
  }

  @Test
  @Timeout(value = 7200)
  @EnabledIfSystemProperty(
      named = "io.github.jpopen.soak",
      matches = "\\d+",
      disabledReason = "runs for so many seconds a plan when it is asked for")
  @Covers("promise 15")
  void soak() throws Exception {
    for (Chaos.Plan plan : Chaos.Plan.values()) {
      rounds(plan, Duration.ofSeconds(Long.getLong("io.github.jpopen.soak", 0)));
    }
  }

  private void rounds(Chaos.Plan plan, Duration time) throws IOException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long seeds = System.nanoTime();
    int rounds = 0;
    long interrupts = 0;
    while (System.nanoTime() < end || (interrupts == 0 && rounds < ENOUGH_ROUNDS)) {
      long seed = seeds + rounds;
      SplittableRandom random = new SplittableRandom(seed);
      byte[] input = Pattern.bytes(1 + random.nextInt(400_000), (int) seed);
      Popen<byte[]> p = subject().start();
      try {
        interrupts += Chaos.run(new Chaos.Subject(p, input, utf8("err"), 7), plan, seed);
      } catch (AssertionError e) {
        boolean _ = p.kill();
        throw e;
      }
      rounds++;
    }
    System.out.printf("contract: %s, %d rounds, %d interrupts%n", plan, rounds, interrupts);
    assertThat(interrupts).isPositive();
  }
}
