package io.github.jpopen.posix.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.posix.child.ReusedIds;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A guard whose children have ended, and whose ids belong to other processes by then. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs Linux's namespaces")
class GuardPidReuseTest {
  private static final int START_TIME = 19;

  /** Above the ids that a JVM needs for itself. */
  private static final int FRESH = 2_000;

  @TempDir Path temp = Path.of("");

  @Test
  void guardSparesTheNextProcessWithTheId() throws Exception {
    Assumptions.assumeTrue(ReusedIds.arePossible(), "no namespaces of process ids here");
    String script = "exec unshare -pf --mount-proc \"$@\"";
    assertThat(new SubJvm().run(script, Guarded.class, temp.resolve("result")))
        .isEqualTo("10 reused, 10 alive, 10 killed");
  }

  /** Lets bystanders take the ids of processes that a guard is to kill. */
  static final class Guarded {
    private Guarded() {}

    public static void main(String[] arguments) throws Exception {
      int reused = 0;
      int alive = 0;
      int killed = 0;
      for (int attempt = 0; reused < 10 && attempt < 500; attempt++) {
        // Java takes a process for ended that gets the id of one whose exit it is collecting.
        lastId(FRESH + 20L * attempt);
        Process guard = new ProcessBuilder("/bin/sh", "-c", GuardScript.TEXT).start();
        Process victim = sleep();
        Process other = sleep();
        String start = startTime(victim);
        Writer input = guard.outputWriter();
        input.write("+ 1 " + victim.pid() + " \n+ 2 " + other.pid() + " \n");
        input.flush();
        PosixTest.await("it reads", () -> Resources.stat(guard.pid())[0].equals("S"));
        victim.destroyForcibly().waitFor();
        lastId(victim.pid() - 1);
        Process bystander = sleep();
        String begun = startTime(bystander);
        boolean taken = bystander.pid() == victim.pid() && !begun.equals(start);
        input.close(); // what the kernel does when a JVM is gone
        guard.waitFor();
        if (taken) {
          reused++;
          boolean lives = !Resources.isDead(bystander.pid()) && startTime(bystander).equals(begun);
          alive += lives ? 1 : 0;
          killed += other.waitFor() == 128 + 9 ? 1 : 0;
        }
        bystander.destroyForcibly().waitFor();
        other.destroyForcibly().waitFor();
      }
      SubJvm.report(arguments[0], reused + " reused, " + alive + " alive, " + killed + " killed");
    }

    private static void lastId(long id) throws IOException {
      Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), Long.toString(id));
    }

    private static Process sleep() throws IOException {
      return new ProcessBuilder("sleep", "60").start();
    }

    private static String startTime(Process process) {
      return Resources.stat(process.pid())[START_TIME];
    }
  }
}
