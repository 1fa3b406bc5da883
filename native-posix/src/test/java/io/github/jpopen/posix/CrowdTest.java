package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Termination.Exited;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many children at once, and children that exit before we look. */
class CrowdTest extends PosixTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path temp = Path.of("");

  @Test
  @Covers("promise 14")
  void thousandChildrenMayExitAtOnce() throws Exception {
    int count = 1000;
    Path gate = temp.resolve("gate");
    output(SpawnRequests.of("mkfifo", gate.toString()));
    List<StepDriver> drivers = new ArrayList<>();
    List<Future<Boolean>> ends = new ArrayList<>();
    AtomicInteger waiting = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        // Opening the fifo waits until there is a writer, which there is for all of them at once.
        StepDriver driver =
            start(
                SpawnRequests.shell("exec < \"$1\"; exit $2", "sh", gate.toString(), "" + i % 256));
        drivers.add(driver);
        ends.add(
            executor.submit(
                () -> {
                  waiting.incrementAndGet();
                  return driver.run(LONG);
                }));
      }
      await("all wait", () -> waiting.get() == count);
      try (OutputStream writer = new FileOutputStream(gate.toFile())) {
        for (Future<Boolean> end : ends) {
          assertThat(end.get()).isTrue();
        }
        writer.flush();
      }
    }
    for (int i = 0; i < count; i++) {
      assertThat(drivers.get(i).status()).isEqualTo(new Exited(i % 256));
    }
  }

  @Test
  void childMayExitBeforeItsPidfdIsOpened() throws Exception {
    List<Integer> waitedFor = new ArrayList<>();
    PosixPlatform late =
        new PosixPlatform(
            new ForwardingPosix(HOST) {
              @Override
              public int processDescriptor(int pid) {
                awaitDeath(pid);
                waitedFor.add(pid);
                return super.processDescriptor(pid);
              }
            },
            Settings.ofSystemProperties());
    for (int i = 0; i < 5; i++) {
      StepDriver driver = start(late, SpawnRequests.shell("echo out; exit 9"));
      assertThat(driver.text()).isEqualTo("out\n");
      assertThat(driver.status()).isEqualTo(new Exited(9));
      assertThat(driver.child().signal(0)).isFalse();
    }
    int asked = LIKE_MAC ? 1 : 5; // once is enough where the call is missing
    assertThat(waitedFor).hasSize(Settings.ofSystemProperties().pidfd() ? asked : 0);
  }

  // Bytes that the conversation does not want must not wake a thread that waits for the exit.
  @Test
  void unwantedOutputDoesNotWakeAWait() throws Exception {
    StepDriver driver =
        start(SpawnRequests.shell("head -c 50000 /dev/zero; sleep 0.2; exit 4")).idle();
    int before = faults.calls("poll");
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (driver.status() == null) {
                      driver.child().step(driver, Deadline.never());
                    }
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
    thread.join();
    assertThat(driver.status()).isEqualTo(new Exited(4));
    boolean poller = Settings.ofSystemProperties().epoll();
    assertThat(faults.calls("poll") - before).isLessThanOrEqualTo(poller ? 8 : 16);
  }
}
