package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Other code has closed one descriptor of a child, by its number. That is reported, and everything
 * else of the child is given back.
 */
class ForeignCloseTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();

  /** The descriptors of a child, in the order in which they are opened. */
  enum Which {
    STDIN(0),
    STDOUT(1),
    STDERR(2),
    PROCESS(3);

    private final int index;

    Which(int index) {
      this.index = index;
    }
  }

  /** Remembers what it opened, and what was closed. */
  private static final class Recording extends ForwardingPosix {
    private final List<MemorySegment> pipes = new ArrayList<>();
    private final Set<Integer> closed = ConcurrentHashMap.newKeySet();
    private final Set<Integer> processes = ConcurrentHashMap.newKeySet();
    private int process = -1;

    Recording() {
      super(HOST);
    }

    @Override
    public int pipe(MemorySegment ends) {
      int result = super.pipe(ends);
      pipes.add(MemorySegment.ofArray(ends.asSlice(0, 8).toArray(ValueLayout.JAVA_INT)));
      return result;
    }

    @Override
    public int processDescriptor(int pid) {
      process = super.processDescriptor(pid);
      return process;
    }

    @Override
    public int close(int descriptor) {
      closed.add(descriptor);
      return super.close(descriptor);
    }

    @Override
    public int signalDescriptor(ProcessNumber descriptor, int signal) {
      processes.add(descriptor.value());
      return super.signalDescriptor(descriptor, signal);
    }

    @Override
    public int waitId(
        int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
      if (idType == N.P_PIDFD()) {
        processes.add(id.value());
      }
      return super.waitId(idType, id, info, options, usage);
    }

    int number(Which which) {
      if (which == Which.PROCESS) {
        return process;
      }
      int ours = which == Which.STDIN ? Integer.BYTES : 0;
      return pipes.get(which.index).get(ValueLayout.JAVA_INT, ours);
    }
  }

  private final Recording posix = new Recording();

  private StepDriver child(boolean dead) throws Exception {
    StepDriver driver =
        start(
            new PosixPlatform(posix, Settings.ofSystemProperties()),
            dead ? SpawnRequests.of("true") : SpawnRequests.of("sleep", "60"));
    if (dead) {
      awaitDeath(driver.child().pid());
    }
    posix.closed.clear();
    return driver;
  }

  // No other thread of these tests opens a file between this and the next call of the library.
  private void closeForeign(Which which) {
    assumeTrue(posix.number(which) >= 0, "without process descriptors");
    assertThat(HOST.close(posix.number(which))).isZero();
  }

  static Stream<Arguments> cases() {
    return Stream.of(Which.values())
        .flatMap(which -> Stream.of(true, false).map(dead -> Arguments.of(which, dead)));
  }

  @ParameterizedTest(name = "{0}, dead: {1}")
  @MethodSource("cases")
  void closeGivesBackEverythingElse(Which which, boolean dead) throws Exception {
    StepDriver driver = child(dead);
    closeForeign(which);
    if (which == Which.PROCESS) {
      driver.close(); // what is not open is not closed
    } else {
      assertThatIllegalStateException().isThrownBy(driver::close).withMessageContaining("twice");
    }
    assertThat(posix.closed)
        .contains(
            posix.number(Which.STDIN), posix.number(Which.STDOUT), posix.number(Which.STDERR));
    driver.close();
    assertThat(driver.child().signal(N.SIGKILL())).isEqualTo(!dead);
    await("collected", () -> Resources.stat(driver.child().pid()).length == 0);
  }

  @Test
  void lostProcessDescriptorIsNotTouchedAgain() throws Exception {
    StepDriver driver = child(false);
    closeForeign(Which.PROCESS);
    assertThat(driver.child().signal(0)).isTrue(); // sees the loss
    int lost = posix.number(Which.PROCESS);
    posix.processes.clear();
    posix.closed.clear();
    assertThat(driver.child().signal(N.SIGKILL())).isTrue();
    await("dead", () -> Resources.isDead(driver.child().pid()));
    driver.text();
    driver.close();
    assertThat(posix.processes).doesNotContain(lost);
    assertThat(posix.closed).doesNotContain(lost);
  }

  @ParameterizedTest
  @EnumSource
  void stepReportsItAndTheChildCanBeKilled(Which which) throws Exception {
    StepDriver driver = child(false).idleInput().input(new byte[1 << 20]);
    driver.step(Duration.ZERO); // fills the pipe of stdin, so that a step waits for it
    closeForeign(which);
    assertThatIllegalStateException()
        .isThrownBy(() -> driver.run(Duration.ofSeconds(30)))
        .withMessageContaining("closed");
    assertThat(driver.child().signal(N.SIGKILL())).isTrue();
    await("dead", () -> Resources.isDead(driver.child().pid()));
    if (which == Which.PROCESS) {
      driver.close();
    } else {
      assertThatIllegalStateException().isThrownBy(driver::close).withMessageContaining("twice");
    }
    await("collected", () -> Resources.stat(driver.child().pid()).length == 0);
  }

  @Test
  void virtualThreadThatWaitsForItLooksAgain() throws Exception {
    assumeTrue(HAS_PIDFD, "without process descriptors");
    try (Popen<byte[]> p = Command.of("sleep", "60").killOnClose().start()) {
      CompletableFuture<Integer> exit = new CompletableFuture<>();
      Thread waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      exit.complete(p.waitFor());
                    } catch (Exception e) {
                      exit.completeExceptionally(e);
                    }
                  });
      await("parked", () -> waiting.getState() == Thread.State.WAITING);
      assertThat(HOST.close(processDescriptor(p.pid()))).isZero();
      assertThat(p.kill()).isTrue();
      assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(-N.SIGKILL());
    }
  }

  /** The descriptor of this process that refers to a process. */
  private static int processDescriptor(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fdinfo"))) {
      for (Path file : all.toList()) {
        try {
          if (Files.readString(file).matches("(?s).*\nPid:\t" + pid + "\n.*")) {
            return Integer.parseInt(file.getFileName().toString());
          }
        } catch (NoSuchFileException e) {
          // Closed meanwhile.
        }
      }
    }
    throw new AssertionError("no descriptor of process " + pid);
  }
}
