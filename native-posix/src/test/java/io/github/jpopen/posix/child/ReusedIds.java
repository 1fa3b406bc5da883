package io.github.jpopen.posix.child;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Lets bystanders take the ids of children, and signals the children. */
public final class ReusedIds {
  private static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");

  private ReusedIds() {}

  /** Whether this process may make a namespace in which it chooses the next id. */
  public static boolean arePossible() throws IOException, InterruptedException {
    return new ProcessBuilder("unshare", "-pf", "--mount-proc", "sh", "-c", "echo 9 > " + LAST)
            .redirectErrorStream(true)
            .start()
            .waitFor()
        == 0;
  }

  /**
   * Runs.
   *
   * @param arguments the file for the result, how many ids are to be used again, and after how many
   *     attempts to give up
   */
  public static void main(String[] arguments) throws Exception {
    int wanted = Integer.parseInt(arguments[1]);
    int most = Integer.parseInt(arguments[2]);
    PosixPlatform platform = new PosixPlatform();
    int reused = 0;
    int alive = 0;
    int sigkill = platform.signalNumber("SIGKILL").orElseThrow();
    for (int attempt = 0; reused < wanted && attempt < most; attempt++) {
      StepDriver driver = new StepDriver(platform, SpawnRequests.of("true").noStreams().build());
      boolean closedEarly = attempt % 2 == 0;
      if (closedEarly) {
        driver.close(); // collected by the reaper, or by close itself
        PosixTest.await("collected", () -> Resources.stat(driver.child().pid()).length == 0);
      } else {
        driver.text();
      }
      Files.writeString(LAST, "" + (driver.child().pid() - 1));
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
