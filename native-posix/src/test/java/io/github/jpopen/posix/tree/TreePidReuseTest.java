package io.github.jpopen.posix.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.posix.child.ReusedIds;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that gets the id of an ended child, and leads a group and a session of that number. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs Linux's namespaces")
class TreePidReuseTest {
  @TempDir Path temp = Path.of("");

  @Test
  void killSparesTheNextProcessWithTheId() throws Exception {
    Assumptions.assumeTrue(ReusedIds.arePossible(), "no namespaces of process ids here");
    String script = "exec unshare -pf --mount-proc \"$@\"";
    assertThat(new SubJvm().run(script, Kills.class, temp.resolve("result")))
        .isEqualTo("30 reused, 30 alive, 0 survivors");
  }

  /** Kills trees whose child has ended, with and without the token. */
  static final class Kills {
    private Kills() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      int reused = 0;
      int alive = 0;
      int survivors = 0;
      for (int attempt = 0; reused < 30 && attempt < 1_000; attempt++) {
        SpawnRequests request = SpawnRequests.of("true").noStreams().processGroup(0);
        SpawnRequests marked = attempt % 2 == 0 ? request.tree() : request;
        try (StepDriver driver = new StepDriver(platform, marked.build())) {
          driver.text();
          long id = driver.child().pid();
          Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), "" + (id - 1));
          // It is no leader of a group, so setsid(1) does not fork.
          Process bystander = new ProcessBuilder("setsid", "sh", "-c", "sleep 60 & wait").start();
          if (bystander.pid() == id) {
            reused++;
            PosixTest.await("it has a child", () -> bystander.children().count() == 1);
            survivors += driver.child().killTree(Deadline.after(Duration.ofSeconds(2))).size();
            alive +=
                bystander.waitFor(2, TimeUnit.MILLISECONDS) || bystander.children().count() != 1
                    ? 0
                    : 1;
          }
          bystander.descendants().forEach(ProcessHandle::destroyForcibly);
          bystander.destroyForcibly().waitFor();
        }
      }
      SubJvm.report(
          arguments[0], reused + " reused, " + alive + " alive, " + survivors + " survivors");
    }
  }
}
