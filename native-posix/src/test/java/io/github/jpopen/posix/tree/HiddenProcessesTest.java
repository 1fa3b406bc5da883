package io.github.jpopen.posix.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.SubJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A tree is killed where {@code /proc} hides the processes of other users. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts /proc")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HiddenProcessesTest {
  /** Root would see everything. It may read the classes wherever they are. */
  private static final String OTHER_USER =
      "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_override"
          + " --ambient-caps=+dac_override ";

  @TempDir Path temp = Path.of("");

  @Test
  void wholeTreeIsKilled() throws Exception {
    PosixTest.notLikeMac("macOS has no /proc");
    assumeTrue(canHide(), "needs root that may mount, unshare(1) and setpriv(1)");
    String script =
        "exec unshare --mount --pid --fork --kill-child --mount-proc sh -c '"
            + "mount -o remount,hidepid=2 /proc || exit 9; sleep 300 & "
            + OTHER_USER
            + "\"$@\"; exit $?' sh \"$@\"";
    assertThat(new SubJvm().run(script, Program.class, temp.resolve("result")))
        .isEqualTo(SubJvm.FINE);
  }

  private static boolean canHide() throws InterruptedException {
    String hide = "mount -o remount,hidepid=2 /proc && " + OTHER_USER + "true";
    String[] unshare = {"unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", hide};
    try {
      return new ProcessBuilder(unshare).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no unshare(1)
    }
  }

  /** Runs as a user that sees its own processes only. */
  static final class Program {
    private static final int MEMBERS = 4;

    private Program() {}

    public static void main(String[] arguments) throws Exception {
      int before = visible();
      Command<byte[]> family =
          Command.shell("sleep 60 & setsid sleep 60 & (setsid sleep 60 &) & wait").killTree();
      StringBuilder problems = new StringBuilder();
      if (Files.exists(Path.of("/proc/1"))) {
        problems.append("nothing is hidden");
      }
      try (Popen<byte[]> popen = family.start()) {
        if (!holds(() -> visible() == before + MEMBERS)) {
          problems.append("not started");
        }
        List<ProcessHandle> survivors = popen.killTree();
        if (!survivors.isEmpty()) {
          problems.append("survivors ").append(survivors);
        }
        popen.waitFor();
      }
      if (!holds(() -> visible() == before)) {
        problems.append("alive");
      }
      SubJvm.report(arguments[0], problems.isEmpty() ? SubJvm.FINE : problems.toString());
    }

    private static boolean holds(BooleanSupplier condition) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!condition.getAsBoolean() && System.nanoTime() < end) {
        LockSupport.parkNanos(1_000_000);
      }
      return condition.getAsBoolean();
    }

    /** Zombies do not count. */
    private static int visible() {
      String[] names = new File("/proc").list((_, name) -> Character.isDigit(name.charAt(0)));
      return (int)
          Arrays.stream(names == null ? new String[0] : names)
              .filter(pid -> new File("/proc/" + pid + "/exe").exists())
              .count();
    }
  }
}
