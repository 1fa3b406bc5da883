package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.Faults;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.PollSet;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.posix.spawn.SpawnTier;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.spi.Termination.Killed;
import io.github.jpopen.spi.Termination.Lost;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error of every call that is made for a running child, the first, second and third time. */
class ChildFaultsTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final int EIO = 5;
  private static final int EFAULT = 14;
  private static final int EISDIR = 21;
  private static final int ENOSPC = 28;
  private static final int SIGTERM = 15;
  private static final byte[] INPUT = new byte[300_000];

  private static Stream<Arguments> rows(Object... callsAndErrors) {
    List<Arguments> rows = new ArrayList<>();
    String call = "";
    for (Object one : callsAndErrors) {
      if (one instanceof String name) {
        call = name;
      } else {
        int error = (Integer) one;
        for (int occurrence = 1; occurrence <= 3; occurrence++) {
          rows.add(Arguments.of(call, N.errorName(error), error, occurrence));
        }
      }
    }
    return rows.stream();
  }

  static Stream<Arguments> invisible() {
    return rows(
        "poll",
        N.EINTR(),
        N.EAGAIN(),
        N.ENOMEM(),
        "read",
        N.EINTR(),
        N.EAGAIN(),
        "write",
        N.EINTR(),
        N.EAGAIN(),
        "waitId",
        N.EINTR(),
        N.EINVAL(),
        "processDescriptor",
        N.ENOSYS(),
        N.EPERM(),
        N.EINVAL(),
        N.EMFILE(),
        N.ENFILE(),
        N.ENOMEM(),
        N.ENODEV(),
        N.ESRCH(),
        "setPipeSize",
        N.EPERM(),
        N.EINVAL());
  }

  @ParameterizedTest(name = "{0} {1} #{3}")
  @MethodSource("invisible")
  @io.github.jpopen.contract.Covers({"test_communicate_eintr", "promise 21"})
  void retriedFaultsAreInvisible(String call, String name, int error, int occurrence)
      throws Exception {
    // EINVAL of waitid stands for a kernel that does not know P_PIDFD.
    boolean needsPidfd =
        call.equals("processDescriptor") || (call.equals("waitId") && error == N.EINVAL());
    assumeTrue(HAS_PIDFD || !needsPidfd, "without process descriptors");
    faults.fail(call, occurrence, error);
    for (int i = 0; i < 3; i++) {
      StepDriver driver = start(SpawnRequests.of("cat")).input(INPUT);
      driver.text();
      assertThat(driver.stdoutBytes()).isEqualTo(INPUT);
      assertThat(driver.status()).isEqualTo(new Exited(0));
      assertThat(driver.failure()).isNull();
    }
  }

  @Test
  void failedChildSignalResetIsInvisible() throws Exception {
    faults.fail("restoreChildSignal", 1, N.EINVAL());
    PosixPlatform own = new PosixPlatform(faults.posix(), Settings.ofSystemProperties());
    StepDriver driver = start(own, SpawnRequests.of("cat")).input(INPUT);
    driver.text();
    assertThat(driver.stdoutBytes()).isEqualTo(INPUT);
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }

  static Stream<Arguments> missingCounters() {
    return rows("eventCounter", N.EMFILE(), N.ENFILE(), N.ENOMEM(), N.ENODEV());
  }

  // A counter is kept for the next wait, so the nth is opened by n waits at the same time.
  @ParameterizedTest(name = "{0} {1} #{3}")
  @MethodSource("missingCounters")
  void missingEventCounterIsInvisible(String call, String name, int error, int occurrence)
      throws Exception {
    int before = faults.calls(call);
    faults.fail(call, occurrence, error);
    List<StepDriver> children = new ArrayList<>();
    List<FutureTask<String>> waits = new ArrayList<>();
    for (int i = 0; i < occurrence; i++) {
      StepDriver driver = start(SpawnRequests.of("cat")).input(INPUT).idleInput();
      FutureTask<String> wait = new FutureTask<>(driver::text);
      Thread.ofPlatform().start(wait);
      children.add(driver);
      waits.add(wait);
    }
    await("all wait", () -> faults.calls(call) - before >= occurrence);
    for (int i = 0; i < occurrence; i++) {
      StepDriver driver = children.get(i);
      await("all comes back", () -> driver.stdoutBytes().length == INPUT.length);
      assertThat(driver.child().signal(N.SIGKILL())).isTrue();
      waits.get(i).get();
      assertThat(driver.stdoutBytes()).isEqualTo(INPUT);
      assertThat(driver.status()).isEqualTo(new Killed(9, false));
      assertThat(driver.failure()).isNull();
    }
  }

  static Stream<Arguments> breaksReading() {
    return rows("read", EIO, N.EBADF(), EISDIR, EFAULT);
  }

  @ParameterizedTest(name = "{0} {1} #{3}")
  @MethodSource("breaksReading")
  void failedReadBreaksOneStreamOnly(String call, String name, int error, int occurrence)
      throws Exception {
    StepDriver driver =
        start(
            SpawnRequests.shell(
                "echo a; sleep 0.01; echo b >&2; exec >&-; sleep 0.01; echo c >&2; exit 3"));
    faults.fail(call, occurrence, error);
    driver.text();
    assertThat(driver.failure()).hasMessageContaining(call).hasMessageContaining(name);
    assertThat(driver.log().stream().filter(line -> line.endsWith("failed"))).hasSize(1);
    assertThat(driver.status()).isNotNull();
  }

  static Stream<Arguments> breaksWriting() {
    return rows("write", EIO, N.EBADF(), ENOSPC);
  }

  @ParameterizedTest(name = "{0} {1} #{3}")
  @MethodSource("breaksWriting")
  void failedWriteBreaksTheInputOnly(String call, String name, int error, int occurrence)
      throws Exception {
    StepDriver driver = start(SpawnRequests.of("cat")).input(INPUT);
    faults.fail(call, occurrence, error);
    driver.text();
    assertThat(driver.log()).contains("STDIN failed", "STDOUT end", "exit");
    assertThat(driver.failure()).hasMessageContaining("write: " + name);
    assertThat(driver.stdoutBytes()).hasSize((int) driver.sent());
  }

  @ParameterizedTest
  @MethodSource("occurrences")
  void brokenPipeIsNotAnError(int occurrence) throws Exception {
    StepDriver driver = start(SpawnRequests.of("cat")).input(INPUT);
    faults.fail("write", occurrence, N.EPIPE());
    driver.text();
    assertThat(driver.log()).contains("STDIN refused");
    assertThat(driver.failure()).isNull();
  }

  static IntStream occurrences() {
    return IntStream.rangeClosed(1, 3);
  }

  @ParameterizedTest
  @MethodSource("occurrences")
  void failedCloseIsNotRepeated(int occurrence) throws Exception {
    for (int error : new int[] {N.EINTR(), EIO}) {
      faults.failAfterwards("close", occurrence, error);
      int calls = faults.calls("close");
      output(SpawnRequests.of("true"));
      // six ends and at most one process descriptor; none twice
      assertThat(faults.calls("close") - calls).isLessThanOrEqualTo(7 + ENDS_OF_THREAD);
    }
  }

  @Test
  void failingPollThrowsOnlyWithoutADeadline() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO);
    faults.failAlways("poll", N.ENOMEM());
    long start = System.nanoTime();
    driver.step(Duration.ofMillis(50));
    assertThat(System.nanoTime() - start).isGreaterThan(49_000_000L);
    driver.step(Duration.ZERO);
    assertThatThrownBy(() -> driver.child().step(driver, Deadline.never()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ENOMEM");
  }

  // The pauses between the failing polls count against the deadline. A virtual thread only looks,
  // with 0, and parks for the rest.
  @Test
  void failingPollKeepsTheDeadline() throws Exception {
    List<Long> asked = new CopyOnWriteArrayList<>();
    Posix failing =
        new ForwardingPosix(HOST) {
          @Override
          public int poll(PollSet set, long nanos) {
            asked.add(nanos);
            return asked.size() <= 5 ? -N.ENOMEM() : super.poll(set, nanos);
          }
        };
    StepDriver driver =
        start(
            new PosixPlatform(failing, Settings.ofSystemProperties()),
            SpawnRequests.of("sleep", "60").stdin(new Null()));
    long start = System.nanoTime();
    driver.step(Duration.ofMillis(400));
    assertThat(System.nanoTime() - start).isGreaterThan(399_000_000L);
    assertThat(asked).hasSizeGreaterThan(5);
    for (int i = 1; i <= 5; i++) {
      assertThat(asked.get(i)).isLessThanOrEqualTo(asked.get(0) == 0 ? 0 : asked.get(i - 1) - 1);
    }
  }

  // A poll(2) that fails does not look at the wake-up descriptor.
  @Test
  void wakeEndsAFailingPoll() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    driver.step(Duration.ZERO);
    faults.failAlways("poll", N.ENOMEM());
    int calls = faults.calls("poll");
    Thread waker =
        Thread.startVirtualThread(
            () -> {
              await("poll fails", () -> faults.calls("poll") > calls + 1);
              driver.child().wake();
            });
    long start = System.nanoTime();
    driver.step(Duration.ofSeconds(20));
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    waker.join();
  }

  @Test
  void pollNamesTheDescriptorLimit() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    faults.failAlways("poll", N.EINVAL());
    assertThatThrownBy(() -> driver.step(Duration.ofSeconds(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("RLIMIT_NOFILE");
  }

  @Test
  void spuriousReadinessIsHarmless() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cat")).input(INPUT);
    for (int i = 1; i <= 3; i++) {
      faults.answer("poll", 2 * i, 1);
    }
    driver.text();
    assertThat(driver.stdoutBytes()).isEqualTo(INPUT);
  }

  @Test
  void missingPidfdIsAskedForOnce() throws Exception {
    for (int error : new int[] {N.ENOSYS(), N.EPERM(), N.EINVAL()}) {
      Faults own = faultsOf(HOST).failAlways("processDescriptor", error);
      PosixPlatform other =
          new PosixPlatform(own.posix(), new Settings(SpawnTier.CLOEXEC_DEFAULT, true, true));
      for (int i = 0; i < 3; i++) {
        start(other, SpawnRequests.of("true")).text();
      }
      assertThat(own.calls("processDescriptor")).isEqualTo(1);
    }
  }

  @Test
  void failedPidfdAffectsOneChildOnly() throws Exception {
    for (int error : new int[] {N.EMFILE(), N.ENFILE(), N.ENOMEM(), N.ENODEV()}) {
      Faults own = faultsOf(HOST).failAlways("processDescriptor", error);
      PosixPlatform other =
          new PosixPlatform(own.posix(), new Settings(SpawnTier.CLOEXEC_DEFAULT, true, true));
      for (int i = 0; i < 3; i++) {
        start(other, SpawnRequests.of("true")).text();
      }
      assertThat(own.calls("processDescriptor")).isEqualTo(3);
    }
  }

  @Test
  void lostExitIsUnknown() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true"));
    int pid = (int) driver.child().pid();
    awaitDeath(pid);
    faults.failAlways("waitId", N.ECHILD());
    driver.text();
    assertThat(driver.status()).isEqualTo(new Lost());
    try (Arena arena = Arena.ofConfined()) {
      HOST.waitId(
          N.P_PID(),
          new ProcessNumber(pid),
          arena.allocate(N.sizeOfSigInfo(), 8),
          N.WEXITED(),
          MemorySegment.NULL);
    }
  }

  @Test
  void refusedSignalIsNotSentByNumber() throws Exception {
    assumeTrue(HAS_PIDFD, "without a process descriptor every signal is sent by number");
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    for (int i = 0; i < 3; i++) {
      faults.fail("signalDescriptor", 1, N.EPERM()); // as for a child that has become another user
      assertThatThrownBy(() -> driver.child().signal(SIGTERM))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("EPERM");
    }
    assertThat(faults.calls("kill")).isZero();
    assertThat(faults.calls("signalDescriptor")).as("one question for all").isEqualTo(4);
    assertThat(driver.child().signal(SIGTERM)).isTrue();
  }

  @Test
  void signalFallsBackToTheProcessId() throws Exception {
    StepDriver driver = start(SpawnRequests.of("sleep", "60"));
    for (int error : new int[] {N.ENOSYS(), N.EPERM()}) {
      if (HAS_PIDFD) {
        faults.failAlways("signalDescriptor", error);
      }
      assertThat(driver.child().signal(0)).isTrue();
      faults.failAlways("kill", N.EPERM());
      assertThatThrownBy(() -> driver.child().signal(SIGTERM))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("EPERM");
      faults.heal();
    }
    faults.failAlways(HAS_PIDFD ? "signalDescriptor" : "kill", N.ESRCH());
    assertThat(driver.child().signal(SIGTERM)).isFalse();
  }

  @Test
  void groupOfAChildThatOtherCodeHasCollectedIsNotSignalled() throws Exception {
    StepDriver driver = start(SpawnRequests.of("true").noStreams().processGroup(0));
    int pid = Math.toIntExact(driver.child().pid());
    awaitDeath(pid);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(N.sizeOfSigInfo(), 8);
      ProcessNumber number = new ProcessNumber(pid);
      HOST.waitId(N.P_PID(), number, info, N.WEXITED(), MemorySegment.NULL);
    }
    int before = faults.calls("kill");
    assertThat(driver.child().signalGroup(0)).isFalse();
    assertThat(faults.calls("kill")).isEqualTo(before);
  }
}
