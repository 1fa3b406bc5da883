package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.spi.Termination.Killed;
import io.github.jpopen.spi.Termination.Lost;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The exit of a child and signals to it, with a process descriptor; see the subclass for without.
 */
class ExitTest extends PosixTest {
  private static final PosixConstants NUMBERS = HOST.constants();
  private static final int SIGTERM = 15;
  private static final int SIGSTOP = 19;
  private static final int SIGCONT = 18;

  @BeforeEach
  void chooseHowToWait() {
    // with whatever there is
  }

  private Termination status(String script) throws IOException, InterruptedException {
    StepDriver driver = start(SpawnRequests.shell(script));
    driver.text();
    return java.util.Objects.requireNonNull(driver.status());
  }

  @Test
  void everyCodeIsAPlainExit() throws Exception {
    assertThat(status("exit 0")).isEqualTo(new Exited(0));
    assertThat(status("exit 9")).isEqualTo(new Exited(9));
    assertThat(status("exit 127")).isEqualTo(new Exited(127));
    assertThat(status("exit 255")).isEqualTo(new Exited(255));
  }

  @Test
  void signalIsNotAnExitCode() throws Exception {
    assertThat(status("kill -9 $$")).isEqualTo(new Killed(9, false));
    assertThat(status("kill -TERM $$")).isEqualTo(new Killed(15, false));
    assertThat(status("ulimit -c 0; kill -SEGV $$")).isEqualTo(new Killed(11, false));
  }

  @Test
  void exitIsSeenWhileAGrandchildHoldsThePipe() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("sleep 60 & echo $!; exit 3"));
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(20));
    }
    assertThat(driver.status()).isEqualTo(new Exited(3));
    assertThat(driver.isOver()).isFalse();
    while (!driver.stdout().endsWith("\n")) {
      driver.step(Duration.ofSeconds(20));
    }
    HOST.kill(Integer.parseInt(driver.stdout().strip()), NUMBERS.SIGKILL());
    driver.text();
  }

  @Test
  void closedStreamIsNotAnExit() throws Exception {
    StepDriver driver =
        start(
            SpawnRequests.shell(
                "exec >&- 2>&- <&-; read x < /proc/self/nothing; sleep 0.3; exit 5"));
    driver.text();
    assertThat(driver.log()).endsWith("exit");
    assertThat(driver.status()).isEqualTo(new Exited(5));
  }

  @Test
  void stopIsNotAnExit() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("read x; exit 4")).idle();
    assertThat(driver.child().signal(SIGSTOP)).isTrue();
    await("stop", () -> Resources.stat(driver.child().pid())[0].equals("T"));
    driver.step(Duration.ZERO);
    assertThat(driver.status()).isNull();
    assertThat(driver.child().signal(SIGCONT)).isTrue();
    await("go on", () -> !Resources.stat(driver.child().pid())[0].equals("T"));
    driver.step(Duration.ZERO);
    assertThat(driver.status()).isNull();
    assertThat(driver.child().signal(NUMBERS.SIGKILL())).isTrue();
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(20));
    }
    assertThat(driver.status()).isEqualTo(new Killed(9, false));
  }

  @Test
  void exitThatIsCollectedBeforeThePidfdIsOpenedIsUnknown() throws Exception {
    AtomicBoolean stolen = new AtomicBoolean();
    Posix thief =
        new ForwardingPosix(faults.posix()) {
          @Override
          public int processDescriptor(int pid) {
            try (Arena arena = Arena.ofConfined()) {
              MemorySegment info = arena.allocate(NUMBERS.sizeOfSigInfo(), Long.BYTES);
              HOST.waitId(
                  NUMBERS.P_PID(),
                  new ProcessNumber(pid),
                  info,
                  NUMBERS.WEXITED(),
                  MemorySegment.NULL);
            }
            stolen.set(true);
            return super.processDescriptor(pid); // ESRCH
          }
        };
    StepDriver driver =
        start(
            new PosixPlatform(thief, Settings.ofSystemProperties()),
            SpawnRequests.of("echo", "all"));
    if (stolen.get()) {
      assertThat(driver.child().signal(SIGTERM)).isFalse();
    }
    assertThat(driver.text()).isEqualTo("all\n");
    assertThat(driver.status()).isEqualTo(stolen.get() ? new Lost() : new Exited(0));
  }

  @Test
  @Covers({"Posix.test_send_signal_race", "promise 5"})
  void stolenExitIsUnknown() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true").noStreams());
    int pid = (int) driver.child().pid();
    try (Arena arena = Arena.ofConfined()) {
      assertThat(
              HOST.waitId(
                  NUMBERS.P_PID(),
                  new ProcessNumber(pid),
                  arena.allocate(NUMBERS.sizeOfSigInfo(), 8),
                  NUMBERS.WEXITED(),
                  MemorySegment.NULL))
          .isZero();
    }
    assertThat(driver.child().signal(SIGTERM)).isFalse();
    driver.text();
    assertThat(driver.status()).isEqualTo(new Lost());
    assertThat(driver.child().signal(SIGTERM)).isFalse();
  }

  // Another thread collects every child of the process, as a careless library may. Some statuses
  // are lost then, but no call may wait for an exit that was collected.
  @Test
  @Covers("promise 11")
  void stolenExitsDelayNothing() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Thread thief = Thread.ofPlatform().start(() -> steal(stop));
    try {
      for (int i = 0; i < 200; i++) {
        StepDriver driver = start(SpawnRequests.of("true"));
        driver.text();
        assertThat(driver.status()).isIn(new Exited(0), new Lost());
        driver.close();
      }
    } finally {
      stop.set(true);
      thief.join();
    }
  }

  private static void steal(AtomicBoolean stop) {
    try (Arena arena = Arena.ofConfined()) {
      int anyChild = 0; // P_ALL
      while (!stop.get()) {
        HOST.waitId(
            anyChild,
            new ProcessNumber(0),
            arena.allocate(NUMBERS.sizeOfSigInfo(), 8),
            NUMBERS.WEXITED() | NUMBERS.WNOHANG(),
            MemorySegment.NULL);
      }
    }
  }

  @Test
  void signalReachesARunningChildOnly() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    assertThat(driver.child().signal(0)).isTrue();
    assertThat(driver.child().signal(SIGTERM)).isTrue();
    awaitDeath(driver.child().pid());
    // A zombie would take it without complaint.
    assertThat(driver.child().signal(SIGTERM)).isFalse();
    assertThat(driver.child().signal(0)).isFalse();
    assertThat(driver.text()).isEmpty();
    assertThat(driver.status()).isEqualTo(new Killed(15, false));
    assertThat(driver.child().signal(SIGTERM)).isFalse();
  }

  @Test
  @Covers({"Posix.test_send_signal_race", "promise 10"})
  void noSignalIsSentAfterTheExitWasCollected() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true"));
    driver.text();
    int kills = faults.calls("kill") + faults.calls("signalDescriptor");
    driver.child().signal(SIGTERM);
    driver.close();
    driver.child().signal(SIGTERM);
    assertThat(faults.calls("kill") + faults.calls("signalDescriptor")).isEqualTo(kills);
  }

  // Two threads signal the child while it exits and is collected. Each signal must either reach
  // the child or find that it has ended; none may fail or change the status.
  @Test
  @Covers("promise 10")
  void manySignalsRaceWithTheExit() throws Exception {
    for (int i = 0; i < 100; i++) {
      StepDriver driver = start(SpawnRequests.of("true").noStreams());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        while (driver.child().signal(0)) {
                          Thread.onSpinWait();
                        }
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    }));
      }
      driver.text();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(driver.status()).isEqualTo(new Exited(0));
    }
  }

  @Test
  @Covers("promise 11")
  void processHandlesStillWork() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("sleep 0.2; exit 7"));
    var exit = ProcessHandle.of(driver.child().pid()).orElseThrow().onExit();
    driver.text();
    assertThat(driver.status()).isEqualTo(new Exited(7));
    exit.join();
  }

  @Test
  @Covers("promise 5")
  void twoHundredExitsAreSeen() throws Exception {
    List<StepDriver> drivers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      drivers.add(start(SpawnRequests.shell("exit " + i).noStreams()));
    }
    for (int i = 0; i < 200; i++) {
      drivers.get(i).text();
      assertThat(drivers.get(i).status()).isEqualTo(new Exited(i));
    }
  }
}
