package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.spawn.SpawnTier;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Termination.Exited;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Many spawns at once, and together with other activity of a JVM. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class NeighboursTest extends PosixTest {
  private static final boolean ISOLATED =
      Settings.ofSystemProperties().tier() != SpawnTier.SNAPSHOT;

  @TempDir Path temp = Path.of("");

  @Test
  @Covers("promise 11")
  void ourChildrenDoNotDelayProcessBuilders() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(ISOLATED, "the snapshot tier cannot promise that");
    AtomicBoolean stop = new AtomicBoolean();
    ConcurrentLinkedQueue<StepDriver> running = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    new ProcessBuilder("true").start().waitFor();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!stop.get()) {
                        running.add(
                            new StepDriver(platform, SpawnRequests.of("sleep", "3").build()));
                        Thread.sleep(5);
                      }
                    } catch (IOException | InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    long slowest = 0;
    for (int i = 0; i < 300; i++) {
      long start = System.nanoTime();
      Process process = new ProcessBuilder("true").start();
      slowest = Math.max(slowest, System.nanoTime() - start);
      process.waitFor();
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    for (StepDriver driver : running) {
      driver.child().signal(HOST.constants().SIGKILL());
      driver.close();
    }
    // A child of ours that kept the pipe of ProcessBuilder would hold it up until it ends.
    assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofMillis(1500));
  }

  // A fork in another thread, by ProcessBuilder for example, passes on each descriptor that is not
  // close-on-exec at that moment. So it is not enough to set the flag after the call that opens.
  @Test
  void ourDescriptorsAreAlwaysCloseOnExec() throws Exception {
    notLikeMac("without pipe2 a pipe is not close-on-exec for a moment");
    Set<String> known = new ConcurrentSkipListSet<>(open(false));
    AtomicBoolean stop = new AtomicBoolean();
    List<String> offenders = new ArrayList<>();
    Thread scanner =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    for (String one : open(true)) {
                      if (!known.contains(one)) {
                        offenders.add(one);
                      }
                    }
                  }
                });
    for (int i = 0; i < 1_000; i++) {
      StepDriver driver = new StepDriver(platform, SpawnRequests.of("true").build());
      driver.text();
      driver.close();
    }
    stop.set(true);
    scanner.join();
    assertThat(offenders).isEmpty();
  }

  // Open pipes and process descriptors that are not close-on-exec.
  private static List<String> open(boolean oursOnly) {
    List<String> open = new ArrayList<>();
    String[] names = new File("/proc/self/fdinfo").list();
    for (String name : java.util.Objects.requireNonNull(names)) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
        boolean ours =
            target.startsWith("pipe:")
                || target.equals("anon_inode:[pidfd]")
                || target.equals("anon_inode:[eventfd]");
        String info =
            Files.readString(Path.of("/proc/self/fdinfo", name), StandardCharsets.US_ASCII);
        int flags = info.indexOf("flags:") + 6;
        long bits = Long.parseLong(info.substring(flags, info.indexOf('\n', flags)).strip(), 8);
        // The number may have been closed and opened again between the two looks.
        boolean same =
            target.equals(Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString());
        if ((ours || !oursOnly) && same && (bits & 02000000) == 0) {
          open.add(name + " " + target);
        }
      } catch (IOException e) {
        Thread.onSpinWait(); // closed meanwhile
      }
    }
    return open;
  }

  @Test
  @Covers("promise 9")
  void thousandSpawnsLeaveNothing() throws Exception {
    output(SpawnRequests.of(TRUE));
    Resources before = Resources.now();
    for (int i = 0; i < 1_000; i++) {
      StepDriver driver = new StepDriver(platform, SpawnRequests.of(TRUE).build());
      driver.text();
      driver.close();
      assertThat(driver.status()).isEqualTo(new Exited(0));
    }
    assertThat(before.moreAfterAll()).isEmpty();
  }

  @Test
  void concurrentSpawnsDoNotDisturbEachOther() throws Exception {
    AtomicInteger right = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    for (int t = 0; t < 8; t++) {
      int seed = t;
      Thread.Builder builder = t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(
          builder.start(
              () -> {
                try {
                  for (int i = 0; i < 40; i++) {
                    byte[] input = new byte[50_000 + seed];
                    java.util.Arrays.fill(input, (byte) seed);
                    try (StepDriver driver =
                        new StepDriver(platform, SpawnRequests.of("cat").build())) {
                      driver.input(input).text();
                      right.addAndGet(java.util.Arrays.equals(input, driver.stdoutBytes()) ? 1 : 0);
                    }
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(right.get()).isEqualTo(320);
  }

  // Children of other threads are spawned while our pipe is open. If one of them inherited its
  // writing end, cat would not see the end of its input while that child runs.
  @Test
  void concurrentSpawnsDoNotHoldPipesOpen() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stop.get()) {
                      try (StepDriver driver =
                          new StepDriver(platform, SpawnRequests.of("sleep", "0.05").build())) {
                        driver.idle();
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    }
                  }));
    }
    for (int i = 0; i < 100; i++) {
      // cat ends only if no other process holds the other end of its stdin
      assertThat(output(SpawnRequests.of("cat"))).isEmpty();
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  // execve(2) fails with ETXTBSY while any process has the file open for writing. A child that was
  // forked while another thread wrote its program has it open for a moment.
  @Test
  void justWrittenProgramStarts() throws Exception {
    List<Thread> threads = new ArrayList<>();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    byte[] program = Files.readAllBytes(Path.of(TRUE));
    for (int t = 0; t < 10; t++) {
      Path file = temp.resolve("program" + t);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 8; i++) {
                        Files.deleteIfExists(file);
                        Files.write(file, program);
                        assertThat(file.toFile().setExecutable(true)).isTrue();
                        try (StepDriver driver =
                            new StepDriver(platform, SpawnRequests.of(file.toString()).build())) {
                          driver.text();
                        }
                      }
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  @Covers("promise 12")
  void flagsOfInheritedStreamsDoNotChange() throws Exception {
    List<String> before = flags();
    StepDriver driver = start(SpawnRequests.shell("exit 0").inherit());
    driver.text();
    assertThat(flags()).isEqualTo(before);
  }

  private static List<String> flags() throws IOException {
    List<String> flags = new ArrayList<>();
    for (int i = 0; i <= 2; i++) {
      flags.add(Files.readAllLines(Path.of("/proc/self/fdinfo/" + i)).get(1));
    }
    return flags;
  }

  @Test
  void manyOpenFilesDoNotReachTheChild() throws Exception {
    List<FileInputStream> open = new ArrayList<>();
    try {
      for (int i = 0; i < 2_000; i++) {
        open.add(new FileInputStream("/dev/null"));
      }
      assertThat(output(SpawnRequests.of("ls", "/proc/self/fd"))).isEqualTo("0\n1\n2\n3\n");
    } finally {
      for (FileInputStream one : open) {
        one.close();
      }
    }
  }
}
