package io.github.jpopen.posix.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ProcFilesTest extends PosixTest {
  @Test
  void processThatWasNotCollectedHasNoEnvironment() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/environ")), "no /proc of Linux");
    // The shell becomes a program that collects no child. Its child ends only after that, because
    // the shell might collect it.
    String child = "while ! grep -q sleep /proc/$PPID/comm; do :; done";
    String script = "sh -c '" + child + "' & echo $!; exec sleep 60";
    Process parent = new ProcessBuilder("/bin/sh", "-c", script).start();
    try (BufferedReader out = parent.inputReader()) {
      int pid = Integer.parseInt(Objects.requireNonNull(out.readLine()));
      ProcFiles proc = new ProcFiles();
      await("the end of the process", () -> isDead(proc, pid));
      assertThat(proc.environment(pid)).isNull();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  private static boolean isDead(ProcFiles proc, int pid) {
    try {
      ProcessStat stat = proc.stat(pid);
      return stat != null && stat.isDead();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
