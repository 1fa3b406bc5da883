package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.posix.spawn.SpawnTier;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A child that has made us its tracer by {@code PTRACE_TRACEME}, as programs do that do not want to
 * be debugged. Each signal stops it then, and the kernel reports the stop to us, unasked. A stop is
 * no exit.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class TracedChildTest extends PosixTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Killed KILLED = new Killed(HOST.constants().SIGKILL(), false);

  /** Reads a byte first: by then the thread that has started it may be gone, and traces nothing. */
  private static final String PROGRAM =
      """
      #include <signal.h>
      #include <sys/ptrace.h>
      #include <unistd.h>
      int main(void) {
        char byte;
        if (read(0, &byte, 1) != 1 || ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
          return 1;
        raise(SIGSTOP);
        return 2;
      }
      """;

  /** How often a thread waits in {@code waitid}. */
  private final AtomicInteger waits = new AtomicInteger();

  /** How often a thread has waited there until something happened. */
  private final AtomicInteger waited = new AtomicInteger();

  private final Posix counting =
      new ForwardingPosix(faults.posix()) {
        @Override
        public int waitId(
            int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
          if ((options & constants().WNOHANG()) == 0) {
            waits.incrementAndGet();
          }
          int result = super.waitId(idType, id, info, options, usage);
          if ((options & constants().WNOHANG()) == 0) {
            waited.incrementAndGet();
          }
          return result;
        }
      };

  @TempDir static Path temp = Path.of("");

  @BeforeAll
  static void compile() throws Exception {
    Path source = Files.writeString(temp.resolve("traced.c"), PROGRAM);
    Process compiler =
        new ProcessBuilder("gcc", source.toString(), "-o", temp.resolve("traced").toString())
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
  }

  private StepDriver startTraced(boolean pidfd) throws Exception {
    // Not on a thread of its own, which would be the tracer until it has ended.
    Settings settings = new Settings(SpawnTier.CLOEXEC_DEFAULT, pidfd, true);
    String program = temp.resolve("traced").toString();
    SpawnRequests request = SpawnRequests.of(program).stdout(new Null()).stderr(new Null());
    return start(new PosixPlatform(counting, settings), request).idleInput();
  }

  private static void awaitStop(StepDriver driver) {
    await("stop", () -> Resources.stat(driver.child().pid())[0].equals("t"));
  }

  private void send(StepDriver driver) throws Exception {
    driver.input(new byte[1]);
    while (driver.sent() == 0) {
      driver.step(Duration.ofMillis(10));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isKilledWhileItIsStopped(boolean pidfd) throws Exception {
    StepDriver driver = startTraced(pidfd);
    send(driver);
    awaitStop(driver);
    assertThat(driver.child().signal(0)).isTrue();
    assertThat(driver.child().signal(HOST.constants().SIGKILL())).isTrue();
    assertThat(driver.run(LONG)).isTrue();
    assertThat(driver.status()).isEqualTo(KILLED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itsExitIsSeenAfterAStop(boolean pidfd) throws Exception {
    StepDriver driver = startTraced(pidfd);
    do {
      driver.step(Duration.ofMillis(10)); // from now on its exit is waited for
    } while (!pidfd && waits.get() == 0);
    send(driver);
    awaitStop(driver);
    await("the waiting thread", () -> pidfd || waited.get() > 0);
    driver.closesInput(); // its end would show that of the child
    while (!driver.log().contains("STDIN closed")) {
      driver.step(Duration.ofMillis(10));
    }
    driver.child().wake(); // as the waiting thread may have done: the first step does not wait
    int polls = faults.calls("poll");
    CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(() -> runs(driver));
    await("wait", () -> faults.calls("poll") > polls + 1);
    HOST.kill((int) driver.child().pid(), HOST.constants().SIGKILL());
    assertThat(end.get(10, TimeUnit.SECONDS)).as("before the last look").isTrue();
    assertThat(driver.status()).isEqualTo(KILLED);
  }

  private static boolean runs(StepDriver driver) {
    try {
      return driver.run(LONG);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
