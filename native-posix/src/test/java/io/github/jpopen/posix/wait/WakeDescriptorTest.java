package io.github.jpopen.posix.wait;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends a wait: an event counter, or a pipe, or nothing if neither can be opened. */
class WakeDescriptorTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();

  private Posix posix(boolean pipe) {
    if (pipe) {
      faults.failAlways("eventCounter", N.ENOSYS());
    }
    return faults.posix();
  }

  private static int ready(WakeDescriptor wakeUp) {
    PollSet set = new PollSet(1);
    set.add(wakeUp.descriptor(), N.POLLIN());
    return HOST.poll(set, 0);
  }

  @ParameterizedTest(name = "pipe {0}")
  @ValueSource(booleans = {false, true})
  void signalStaysUntilCleared(boolean pipe) {
    WakeDescriptor wakeUp = new WakeDescriptor(posix(pipe));
    assertThat(ready(wakeUp)).isZero();
    wakeUp.signal();
    wakeUp.signal();
    assertThat(ready(wakeUp)).isEqualTo(1);
    wakeUp.clear();
    assertThat(ready(wakeUp)).isZero();
    wakeUp.clear(); // takes nothing, and does not wait for it
    wakeUp.close();
    wakeUp.close();
  }

  @ParameterizedTest(name = "pipe {0}")
  @ValueSource(booleans = {false, true})
  void signallingNeverBlocks(boolean pipe) {
    WakeDescriptor wakeUp = new WakeDescriptor(posix(pipe));
    for (int i = 0; i < 20_000; i++) { // more than a pipe holds
      wakeUp.signal();
    }
    assertThat(ready(wakeUp)).isEqualTo(1);
    int clears = 0;
    while (ready(wakeUp) == 1) {
      wakeUp.clear();
      clears++;
    }
    assertThat(clears).isBetween(1, 20_000);
    wakeUp.close();
  }

  @Test
  void wakeDescriptorIsMissingWithoutDescriptors() {
    Posix posix = posix(true);
    faults.fail("pipe", 1, N.EMFILE());
    assertThat(new WakeDescriptor(posix).isMissing()).isTrue();
    for (int end = 1; end <= 2; end++) { // both ends are closed again, which is checked at the end
      faults.fail("setNonBlocking", end, N.EINVAL());
      assertThat(new WakeDescriptor(posix).isMissing()).isTrue();
    }
  }

  @Test
  void pipeWakesAStep() throws Exception {
    faults.failAlways("eventCounter", N.ENOSYS());
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    Thread waker =
        Thread.ofPlatform()
            .start(
                () -> {
                  await("polls", () -> faults.calls("poll") > 0);
                  driver.child().wake();
                });
    long start = System.nanoTime();
    driver.step(Duration.ofSeconds(60));
    assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
    waker.join();
  }
}
