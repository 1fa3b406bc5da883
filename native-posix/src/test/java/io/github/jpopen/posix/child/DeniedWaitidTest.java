package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Termination.Exited;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exits where a filter denies {@code waitid} and allows process descriptors: what looks at a child
 * collects it, whichever thread that is.
 */
class DeniedWaitidTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final long LATE_NANOS = 20_000_000_000L;

  /** Denies what {@code waitpid} cannot do, and runs an action before a poll. */
  private static final class Denying extends ForwardingPosix {
    private final int error;
    private volatile Runnable beforePoll = () -> {};
    private volatile int processDescriptor;

    Denying(int error) {
      super(HOST);
      this.error = error;
    }

    @Override
    public int waitId(
        int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
      boolean looks = idType != N.P_PID() || (options & N.WNOWAIT()) != 0;
      return looks ? -error : super.waitId(idType, id, info, options, usage);
    }

    @Override
    public int processDescriptor(int pid) {
      processDescriptor = super.processDescriptor(pid);
      return processDescriptor;
    }

    @Override
    public int poll(PollSet set, long nanos) {
      beforePoll.run();
      return super.poll(set, nanos);
    }
  }

  private static PosixPlatform on(Denying posix) {
    return new PosixPlatform(posix, Settings.ofSystemProperties());
  }

  private static boolean signal(StepDriver driver) {
    try {
      return driver.child().signal(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // The step has put the process descriptor into its set when the signal finds the child dead.
  @ParameterizedTest(name = "{0}, its number used again: {1}")
  @CsvSource({"ENOSYS, false", "ENOSYS, true", "EPERM, false", "EPERM, true"})
  void signalDuringAStepHidesNoExit(String error, boolean reused) throws Exception {
    Denying posix = new Denying(error.equals("EPERM") ? N.EPERM() : N.ENOSYS());
    StepDriver driver = start(on(posix), SpawnRequests.shell("exit 7").noStreams());
    awaitDeath(driver.child().pid());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
      assertThat(HOST.pipe(ends)).isZero();
      int quiet = ends.get(ValueLayout.JAVA_INT, 0);
      List<Integer> copies = new ArrayList<>();
      copies.add(quiet);
      copies.add(ends.get(ValueLayout.JAVA_INT, Integer.BYTES));
      posix.beforePoll =
          () -> {
            posix.beforePoll = () -> {};
            assertThat(signal(driver)).isFalse();
            copies.add(reused ? HOST.duplicate(quiet, posix.processDescriptor) : -1);
          };
      long start = System.nanoTime();
      try {
        driver.run(Duration.ofSeconds(60));
      } finally {
        copies.forEach(HOST::close);
      }
      assertThat(driver.status()).isEqualTo(new Exited(7));
      assertThat(System.nanoTime() - start).isLessThan(LATE_NANOS);
    }
  }

  @ParameterizedTest(name = "virtual: {0}")
  @ValueSource(booleans = {false, true})
  @SuppressWarnings("ThreadPriorityCheck") // the virtual threads would keep all carriers
  void manySignalsRaceWithTheExit(boolean virtual) throws Exception {
    PosixPlatform own = on(new Denying(N.ENOSYS()));
    for (int i = 0; i < 50; i++) {
      StepDriver driver = start(own, SpawnRequests.of("true").noStreams());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        Runnable signals =
            () -> {
              while (signal(driver)) {
                Thread.yield();
              }
            };
        threads.add(
            virtual ? Thread.ofVirtual().start(signals) : Thread.ofPlatform().start(signals));
      }
      driver.text();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(driver.status()).isEqualTo(new Exited(0));
    }
  }

  @Test
  void signalOfAClosedChildLeavesNothing() throws Exception {
    StepDriver driver = start(on(new Denying(N.ENOSYS())), SpawnRequests.of("true").noStreams());
    awaitDeath(driver.child().pid());
    assertThat(signal(driver)).isFalse();
    assertThat(driver.child().signalGroup(N.SIGKILL())).isFalse();
    driver.close();
    assertThat(signal(driver)).isFalse();
  }
}
