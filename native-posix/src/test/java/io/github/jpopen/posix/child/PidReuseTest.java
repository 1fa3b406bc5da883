package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
  void signalSparesTheNextProcessWithTheId() throws Exception {
    Process probe =
        new ProcessBuilder(
                "unshare",
                "-pf",
                "--mount-proc",
                "sh",
                "-c",
                "echo 9 > /proc/sys/kernel/ns_last_pid")
            .redirectErrorStream(true)
            .start();
    Assumptions.assumeTrue(probe.waitFor() == 0, "no namespaces of process ids here");
    String script = "exec unshare -pf --mount-proc \"$@\"";
    assertThat(new SubJvm().run(script, Main.class, temp.resolve("result")))
        .isEqualTo("50 reused, 50 alive");
  }

  /** Lets bystanders take the ids of children, and signals the children. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      int reused = 0;
      int alive = 0;
      int sigkill = platform.signalNumber("SIGKILL").orElseThrow();
      for (int attempt = 0; reused < 50 && attempt < 2_000; attempt++) {
        StepDriver driver = new StepDriver(platform, SpawnRequests.of("true").noStreams().build());
        boolean closedEarly = attempt % 2 == 0;
        if (closedEarly) {
          driver.close(); // collected by the reaper, or by close itself
          PosixTest.await("collected", () -> Resources.stat(driver.child().pid()).length == 0);
        } else {
          driver.text();
        }
        Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), "" + (driver.child().pid() - 1));
        Process bystander = new ProcessBuilder("sleep", "60").start();
        if (bystander.pid() == driver.child().pid()) {
          reused++;
          boolean sent = driver.child().signal(sigkill);
          alive += !sent && !bystander.waitFor(2, TimeUnit.MILLISECONDS) ? 1 : 0;
        }
        bystander.destroyForcibly().waitFor();
        driver.close();
      }
      SubJvm.report(arguments[0], reused + " reused, " + alive + " alive");
    }
  }
}
