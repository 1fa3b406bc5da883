package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt wakes a conversation at any point; nothing is lost and the child lives. */
public abstract class InterruptContract extends ContractTest {
  /** Goes on until the output is there; the input was given with the first call. */
  private static Output<byte[]> goOn(Popen<byte[]> p, byte[] input, boolean first)
      throws IOException, InterruptedException {
    return first ? p.communicate(input) : p.communicate(LONG);
  }

  /**
   * An interrupt may come while bytes are moving or after the last of them. Bytes that were moved
   * must count, and the next call must continue at the same byte.
   */
  @ParameterizedTest
  @EnumSource
  @Covers({"promise 13", "rule 35"})
  void randomInterruptsLoseNothing(Background.Kind kind) throws Exception {
    long seed = System.nanoTime();
    RandomGenerator random = new SplittableRandom(seed);
    byte[] input = Pattern.bytes(4 << 20, (int) seed);
    int interrupts = 0;
    for (int round = 0; round < 12; round++) {
      var p = start(child(cat(), sleep(30)).stdin(PIPE).stdout(PIPE));
      boolean first = true;
      while (true) {
        boolean withInput = first;
        var call = Background.start(kind, () -> goOn(p, input, withInput));
        LockSupport.parkNanos(random.nextLong(15_000_000));
        call.interrupt();
        first = false;
        try {
          Output<byte[]> output = call.result();
          assertThat(Pattern.sha256(output.stdout()))
              .as("seed %s", seed)
              .isEqualTo(Pattern.sha256(input));
          break;
        } catch (AssertionError e) {
          if (!(e.getCause() instanceof InterruptedException)) {
            throw e;
          }
          interrupts++;
        }
      }
      assertThat(p.returncode()).isZero();
    }
    System.out.println("contract: " + interrupts + " interrupts of " + kind + " threads");
    assertThat(interrupts).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  @Covers("promise 13")
  void interruptEndsCommunicateSoonAndKillsNothing(Background.Kind kind) throws Exception {
    Path gate = gate("end");
    var p = start(child(out("a"), awaitFile(gate), out("b")).stdin(PIPE).stdout(PIPE));
    var call = Conversations.enter(p, kind);
    Duration took =
        time(
            () -> {
              call.interrupt();
              assertThat(call.failure()).isInstanceOf(InterruptedException.class);
            });
    assertThat(took).isLessThan(LATE);
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("ab");
  }
}
