package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.ExitStatus.Signaled;
import io.github.jpopen.ExitStatus.Unknown;
import io.github.jpopen.Signal;
import io.github.jpopen.posix.Held;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Requests;
import io.github.jpopen.posix.Talk;
import io.github.jpopen.posix.libc.Numbers;
import java.io.IOException;
import java.lang.foreign.Arena;
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
  private static final Numbers NUMBERS = HOST.numbers();
  private static final int SIGTERM = 15;
  private static final int SIGSTOP = 19;
  private static final int SIGCONT = 18;

  @BeforeEach
  void chooseHowToWait() {
    // with whatever there is
  }

  private ExitStatus status(String script) throws IOException, InterruptedException {
    Talk talk = start(Requests.shell(script));
    talk.text();
    return java.util.Objects.requireNonNull(talk.status());
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
    assertThat(status("kill -9 $$")).isEqualTo(new Signaled(Signal.SIGKILL, false));
    assertThat(status("kill -TERM $$").returncode()).isEqualTo(-15);
    assertThat(status("ulimit -c 0; kill -SEGV $$").returncode()).isEqualTo(-11);
  }

  @Test
  void exitIsSeenWhileAGrandchildHoldsThePipe() throws Exception {
    Talk talk = start(Requests.shell("sleep 60 & echo $!; exit 3"));
    while (talk.status() == null) {
      talk.step(Duration.ofSeconds(20));
    }
    assertThat(talk.status()).isEqualTo(new Exited(3));
    assertThat(talk.isOver()).isFalse();
    while (!talk.stdout().endsWith("\n")) {
      talk.step(Duration.ofSeconds(20));
    }
    HOST.kill(Integer.parseInt(talk.stdout().strip()), NUMBERS.SIGKILL());
    talk.text();
  }

  @Test
  void closedStreamIsNotAnExit() throws Exception {
    Talk talk =
        start(Requests.shell("exec >&- 2>&- <&-; read x < /proc/self/nothing; sleep 0.3; exit 5"));
    talk.text();
    assertThat(talk.log()).endsWith("exit");
    assertThat(talk.status()).isEqualTo(new Exited(5));
  }

  @Test
  void stopIsNotAnExit() throws Exception {
    Talk talk = start(Requests.shell("read x; exit 4")).idle();
    assertThat(talk.child().signal(SIGSTOP)).isTrue();
    await("stop", () -> Held.stat(talk.child().pid())[0].equals("T"));
    talk.step(Duration.ZERO);
    assertThat(talk.status()).isNull();
    assertThat(talk.child().signal(SIGCONT)).isTrue();
    await("go on", () -> !Held.stat(talk.child().pid())[0].equals("T"));
    talk.step(Duration.ZERO);
    assertThat(talk.status()).isNull();
    assertThat(talk.child().signal(NUMBERS.SIGKILL())).isTrue();
    while (talk.status() == null) {
      talk.step(Duration.ofSeconds(20));
    }
    assertThat(talk.status()).isEqualTo(new Signaled(Signal.SIGKILL, false));
  }

  @Test
  @io.github.jpopen.contract.Covers("Posix.test_send_signal_race")
  void stolenExitIsUnknown() throws Exception {
    Talk talk = start(Requests.of("true").noStreams());
    int pid = (int) talk.child().pid();
    try (Arena arena = Arena.ofConfined()) {
      assertThat(
              HOST.waitId(
                  NUMBERS.P_PID(),
                  pid,
                  arena.allocate(NUMBERS.sizeOfSigInfo(), 8),
                  NUMBERS.WEXITED()))
          .isZero();
    }
    assertThat(talk.child().signal(SIGTERM)).isFalse();
    talk.text();
    assertThat(talk.status()).isEqualTo(new Unknown());
    assertThat(talk.child().signal(SIGTERM)).isFalse();
  }

  // Another thread collects every child of the process, as a careless library may. Some statuses
  // are lost then, but no call may wait for an exit that was collected.
  @Test
  void stolenExitsDelayNothing() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Thread thief = Thread.ofPlatform().start(() -> steal(stop));
    try {
      for (int i = 0; i < 200; i++) {
        Talk talk = start(Requests.of("true"));
        talk.text();
        assertThat(talk.status()).isIn(new Exited(0), new Unknown());
        talk.close();
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
            0,
            arena.allocate(NUMBERS.sizeOfSigInfo(), 8),
            NUMBERS.WEXITED() | NUMBERS.WNOHANG());
      }
    }
  }

  @Test
  void signalReachesARunningChildOnly() throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    assertThat(talk.child().signal(0)).isTrue();
    assertThat(talk.child().signal(SIGTERM)).isTrue();
    awaitDeath(talk.child().pid());
    // A zombie would take it without complaint.
    assertThat(talk.child().signal(SIGTERM)).isFalse();
    assertThat(talk.child().signal(0)).isFalse();
    assertThat(talk.text()).isEmpty();
    assertThat(talk.status()).isEqualTo(new Signaled(Signal.SIGTERM, false));
    assertThat(talk.child().signal(SIGTERM)).isFalse();
  }

  @Test
  @io.github.jpopen.contract.Covers("Posix.test_send_signal_race")
  void noSignalIsSentAfterTheExitWasCollected() throws Exception {
    Talk talk = start(Requests.of("true"));
    talk.text();
    int kills = faults.calls("kill") + faults.calls("signalDescriptor");
    talk.child().signal(SIGTERM);
    talk.close();
    talk.child().signal(SIGTERM);
    assertThat(faults.calls("kill") + faults.calls("signalDescriptor")).isEqualTo(kills);
  }

  // Two threads signal the child while it exits and is collected. Each signal must either reach
  // the child or find that it has ended; none may fail or change the status.
  @Test
  void manySignalsRaceWithTheExit() throws Exception {
    for (int i = 0; i < 100; i++) {
      Talk talk = start(Requests.of("true").noStreams());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        while (talk.child().signal(0)) {
                          Thread.onSpinWait();
                        }
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    }));
      }
      talk.text();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(talk.status()).isEqualTo(new Exited(0));
    }
  }

  @Test
  void processHandlesStillWork() throws Exception {
    Talk talk = start(Requests.shell("sleep 0.2; exit 7"));
    var exit = ProcessHandle.of(talk.child().pid()).orElseThrow().onExit();
    talk.text();
    assertThat(talk.status()).isEqualTo(new Exited(7));
    exit.join();
  }

  @Test
  void twoHundredExitsAreSeen() throws Exception {
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      talks.add(start(Requests.shell("exit " + i).noStreams()));
    }
    for (int i = 0; i < 200; i++) {
      talks.get(i).text();
      assertThat(talks.get(i).status()).isEqualTo(new Exited(i));
    }
  }
}
