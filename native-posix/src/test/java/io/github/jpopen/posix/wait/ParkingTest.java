package io.github.jpopen.posix.wait;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination.Exited;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A virtual thread that steps a child is parked while nothing happens, and holds no carrier. */
class ParkingTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Both ways the poller waits. */
  enum Way {
    EPOLL,
    POLL
  }

  private PosixPlatform platform(Way way) {
    Settings usual = Settings.ofSystemProperties();
    return new PosixPlatform(
        faults.posix(), new Settings(usual.tier(), usual.pidfd(), way == Way.EPOLL));
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private static FutureTask<Void> virtually(Step step) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              step.run();
              return null;
            });
    Thread.ofVirtual().start(task);
    return task;
  }

  private static void join(FutureTask<Void> task) throws Exception {
    task.get(30, TimeUnit.SECONDS);
  }

  /** How often anything was armed. */
  private int armed() {
    return faults.calls("epollAdd") + faults.calls("epollModify");
  }

  @ParameterizedTest
  @EnumSource
  @Covers("promise 14")
  void waitingThreadsHoldNoCarrier(Way way) throws Exception {
    PosixPlatform own = platform(way);
    int many = 4 * Runtime.getRuntime().availableProcessors();
    List<StepDriver> drivers = new ArrayList<>();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(many);
    for (int i = 0; i < many; i++) {
      StepDriver driver = start(own, SpawnRequests.shell("read x; echo \"$x\"")).idleInput();
      drivers.add(driver);
      tasks.add(
          virtually(
              () -> {
                begun.countDown();
                driver.run(LONG);
              }));
    }
    assertThat(begun.await(20, TimeUnit.SECONDS)).as("each got a carrier").isTrue();
    for (int i = many - 1; i >= 0; i--) {
      StepDriver driver = drivers.get(i);
      byte[] line = (i + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      // The conversation wants more while the thread waits.
      driver.input(line);
      driver.child().wake();
      join(tasks.get(i));
      assertThat(driver.stdoutBytes()).isEqualTo(line);
      assertThat(driver.status()).isEqualTo(new Exited(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesMoveBothWaysUnchanged(Way way) throws Exception {
    byte[] input = new byte[5_000_000];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) ((i * 31) >>> 3);
    }
    StepDriver driver = start(platform(way), SpawnRequests.of("cat")).input(input);
    join(virtually(() -> driver.run(LONG)));
    assertThat(Arrays.equals(driver.stdoutBytes(), input)).isTrue();
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }

  @ParameterizedTest
  @EnumSource
  void everyEndIsSeenOneByOne(Way way) throws Exception {
    StepDriver driver =
        start(
            platform(way),
            SpawnRequests.shell(
                "exec <&-; sleep 0.05; exec >&-; sleep 0.05; exec 2>&-; sleep 0.05; exit 3"));
    join(virtually(() -> driver.idleInput().run(LONG)));
    assertThat(driver.log()).containsExactly("STDIN refused", "STDOUT end", "STDERR end", "exit");
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }

  @ParameterizedTest
  @EnumSource
  void deadlineIsKept(Way way) throws Exception {
    StepDriver driver = start(platform(way), SpawnRequests.of("sleep", "60"));
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      join(virtually(() -> assertThat(driver.run(Duration.ofMillis(50))).isFalse()));
      assertThat(System.nanoTime() - start).isBetween(50_000_000L, 5_000_000_000L);
    }
  }

  // The wake-up may come before, during or after the moment in which the thread parks. If one is
  // lost, the step never ends.
  @ParameterizedTest
  @EnumSource
  void wakeUpsAreNotLost(Way way) throws Exception {
    StepDriver driver = start(platform(way), SpawnRequests.of("sleep", "60"));
    join(
        virtually(
            () -> {
              for (int i = 0; i < 1000; i++) {
                Thread waker = Thread.ofVirtual().start(driver.child()::wake);
                driver.child().step(driver, Deadline.never());
                waker.join();
                driver.step(Duration.ZERO); // takes the wake-up, should the step have ended without
              }
            }));
  }

  // The kernel reuses a closed number for the next pipe at once. The poller must not confuse the
  // new pipe with the old one.
  @ParameterizedTest
  @EnumSource
  void closedDescriptorNumberMayBeReused(Way way) throws Exception {
    PosixPlatform own = platform(way);
    for (int i = 0; i < 50; i++) {
      StepDriver quiet = start(own, SpawnRequests.of("sleep", "60"));
      join(virtually(() -> quiet.step(Duration.ofMillis(1))));
      quiet.child().signal(N.SIGKILL());
      quiet.close();
      StepDriver next = start(own, SpawnRequests.shell("sleep 0.01; echo " + i));
      join(virtually(() -> next.run(LONG)));
      assertThat(next.stdout()).isEqualTo(i + "\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void childGetsSigpipeAtOnce(Way way) throws Exception {
    StepDriver driver = start(platform(way), SpawnRequests.shell("read x; cat /dev/zero"));
    join(virtually(() -> driver.step(Duration.ofMillis(20))));
    driver.input(new byte[] {'\n'});
    driver.step(Duration.ZERO);
    long pid = driver.child().pid();
    driver.close(); // SIGPIPE for cat
    await("the child ends", () -> ProcessHandle.of(pid).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void onePollerWaitsForAll(Way way) throws Exception {
    PosixPlatform own = platform(way);
    long before = pollers();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      StepDriver driver = start(own, SpawnRequests.shell("sleep 0.1; echo hi"));
      tasks.add(virtually(() -> driver.run(LONG)));
    }
    for (FutureTask<Void> task : tasks) {
      join(task);
    }
    assertThat(pollers() - before).isLessThanOrEqualTo(1);
    assertThat(faults.calls("epollCreate")).isEqualTo(way == Way.EPOLL ? 1 : 0);
    assertThat(faults.calls("epollDelete")).isEqualTo(faults.calls("epollAdd"));
  }

  private static long pollers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("jpopen-poller"))
        .count();
  }

  @Test
  void platformThreadNeedsNoPoller() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("sleep 0.05; echo hi"));
    FutureTask<String> task = new FutureTask<>(driver::text);
    Thread.ofPlatform().start(task);
    assertThat(task.get(30, TimeUnit.SECONDS)).isEqualTo("hi\n");
    assertThat(faults.calls("epollCreate")).isZero();
  }

  @Test
  void onlyReportedDescriptorsAreRearmed() throws Exception {
    StepDriver driver =
        start(
            platform(Way.EPOLL),
            SpawnRequests.shell("read x; for i in 1 2 3 4 5; do echo $i; sleep 0.02; done"));
    join(virtually(() -> driver.step(Duration.ofMillis(10))));
    int atFirst = armed();
    driver.input(new byte[] {'\n'});
    join(virtually(() -> driver.run(LONG)));
    assertThat(driver.stdout()).isEqualTo("1\n2\n3\n4\n5\n");
    // five lines, the input, the end of two streams, the exit
    assertThat(armed() - atFirst).isLessThanOrEqualTo(12);
  }

  @Test
  void pollReplacesDeniedEpoll() throws Exception {
    for (int error : new int[] {N.ENOSYS(), N.EPERM()}) {
      faults.failAlways("epollCreate", error);
      StepDriver driver = start(platform(Way.EPOLL), SpawnRequests.shell("sleep 0.05; echo hi"));
      join(virtually(() -> driver.run(LONG)));
      assertThat(driver.stdout()).isEqualTo("hi\n");
      assertThat(armed()).isZero();
      faults.heal();
    }
  }

  @Test
  void waitWorksWithoutAPoller() throws Exception {
    for (int error : new int[] {N.EMFILE(), N.ENFILE(), N.ENOMEM()}) {
      faults.failAlways("epollCreate", error);
      StepDriver driver = start(platform(Way.EPOLL), SpawnRequests.shell("sleep 0.05; echo hi"));
      join(virtually(() -> driver.run(LONG)));
      assertThat(driver.stdout()).isEqualTo("hi\n");
      faults.heal();
    }
  }

  @Test
  void waitWorksForUnarmedDescriptors() throws Exception {
    notLikeMac("without epoll");
    PosixPlatform own = platform(Way.EPOLL);
    int descriptors = HAS_PIDFD ? 4 : 3;
    for (String call : new String[] {"epollAdd", "epollModify"}) {
      for (int error : new int[] {N.ENOMEM(), N.EPERM()}) {
        for (int occurrence = 1; occurrence <= descriptors; occurrence++) {
          faults.fail(call, occurrence, error);
          // An answer that comes before the thread parks needs no call.
          for (int tries = 0; tries == 0 || (tries < 20 && !faults.unfired().isEmpty()); tries++) {
            askAndAnswer(own, 6);
          }
          faults.heal();
        }
      }
    }
  }

  // The first wait adds every descriptor; each wait after an answer arms stdout again.
  private void askAndAnswer(PosixPlatform own, int times) throws Exception {
    String script = "i=0; while [ $i -lt " + times + " ]; do read x; echo $x; i=$((i+1)); done";
    StepDriver driver = start(own, SpawnRequests.shell(script)).idleInput();
    for (int i = 1; i <= times; i++) {
      join(virtually(() -> driver.run(Duration.ofMillis(10))));
      driver.input("x\n".repeat(i).getBytes(UTF_8));
      int all = 2 * i;
      join(virtually(() -> stepUntil(driver, () -> driver.stdout().length() == all)));
    }
    join(virtually(() -> driver.run(LONG)));
    assertThat(driver.stdout()).isEqualTo("x\n".repeat(times));
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }

  private static void stepUntil(StepDriver driver, BooleanSupplier condition)
      throws IOException, InterruptedException {
    while (!condition.getAsBoolean()) {
      driver.step(LONG);
    }
  }

  @Test
  void failingEpollWaitDoesNotEndTheWait() throws Exception {
    notLikeMac("without epoll");
    PosixPlatform own = platform(Way.EPOLL);
    faults.failAlways("epollWait", N.ENOMEM());
    StepDriver driver = start(own, SpawnRequests.shell("sleep 0.1; echo hi"));
    join(virtually(() -> driver.run(LONG)));
    assertThat(driver.stdout()).isEqualTo("hi\n");
    faults.heal();
    StepDriver next = start(own, SpawnRequests.shell("sleep 0.1; echo there"));
    join(virtually(() -> next.run(LONG)));
    assertThat(next.stdout()).isEqualTo("there\n");
  }
}
