package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ProcessNumber;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Process ids that the kernel reuses for another process, provoked in a namespace in which the next
 * id can be chosen.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs Linux's namespaces")
class PidReuseTest {
  @TempDir Path temp = Path.of("");

  @Test
  @Covers("promise 10")
  void signalSparesTheNextProcessWithTheId() throws Exception {
    assumeNamespaces();
    String script = "exec unshare -pf --mount-proc \"$@\"";
    assertThat(new SubJvm().run(script, ReusedIds.class, temp.resolve("result"), "50", "2000"))
        .isEqualTo("50 reused, 50 alive");
  }

  private static void assumeNamespaces() throws Exception {
    Assumptions.assumeTrue(ReusedIds.arePossible(), "no namespaces of process ids here");
  }

  @Test
  void refusedSignalSparesTheNextProcessWithTheId() throws Exception {
    Assumptions.assumeTrue(PosixTest.HAS_PIDFD, "without a pidfd every signal goes by number");
    assumeNamespaces();
    String script = "exec unshare -pf --mount-proc \"$@\"";
    assertThat(new SubJvm().run(script, Refused.class, temp.resolve("result")))
        .isEqualTo("20 reused, 20 alive, 20 refused");
  }

  /** Lets bystanders take the ids of children between the look at a child and the signal. */
  static final class Refused {
    private Refused() {}

    public static void main(String[] arguments) throws Exception {
      AtomicReference<Process> bystander = new AtomicReference<>();
      AtomicInteger child = new AtomicInteger();
      Posix refusing =
          new ForwardingPosix(PosixTest.HOST) {
            @Override
            public int signalDescriptor(ProcessNumber descriptor, int signal) {
              if (descriptor.value() < 0) {
                return super.signalDescriptor(descriptor, signal);
              }
              bystander.set(replace(child.get()));
              return -constants().EPERM();
            }
          };
      PosixPlatform platform = new PosixPlatform(refusing, Settings.ofSystemProperties());
      int sigkill = platform.signalNumber("SIGKILL").orElseThrow();
      int reused = 0;
      int alive = 0;
      int refused = 0;
      for (int attempt = 0; reused < 20 && attempt < 1_000; attempt++) {
        SpawnRequests request = SpawnRequests.of("sleep", "60").noStreams();
        try (StepDriver driver = new StepDriver(platform, request.build())) {
          child.set((int) driver.child().pid());
          boolean reported = false;
          try {
            driver.child().signal(sigkill);
          } catch (IOException e) {
            reported = String.valueOf(e.getMessage()).contains("EPERM");
          }
          Process other = Objects.requireNonNull(bystander.get());
          if (other.pid() == driver.child().pid()) {
            reused++;
            refused += reported ? 1 : 0;
            alive += other.waitFor(2, TimeUnit.MILLISECONDS) ? 0 : 1;
          }
          other.destroyForcibly().waitFor();
        }
      }
      SubJvm.report(arguments[0], reused + " reused, " + alive + " alive, " + refused + " refused");
    }

    // Ends and collects a child, as code would that waits for every child, and starts another
    // process that is to get its id.
    private static Process replace(int pid) {
      PosixConstants constants = PosixTest.HOST.constants();
      PosixTest.HOST.kill(pid, constants.SIGKILL());
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment info = arena.allocate(constants.sizeOfSigInfo(), Long.BYTES);
        PosixTest.HOST.waitId(
            constants.P_PID(),
            new ProcessNumber(pid),
            info,
            constants.WEXITED(),
            MemorySegment.NULL);
        Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), "" + (pid - 1));
        return new ProcessBuilder("sleep", "60").start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
