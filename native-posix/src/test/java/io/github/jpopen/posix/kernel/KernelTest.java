package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.spawn.SpawnTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What tests against the real kernel share: one {@link KernelJvm} for all rows of a table. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "makes Linux fail")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class KernelTest {
  private static final long MORE_KILOBYTES = 32_768;

  private @Nullable KernelJvm jvm;
  private long memory;
  private Path temp = Path.of("");

  @BeforeAll
  void prepare(@TempDir Path folder) {
    temp = folder;
    boolean here = System.getProperty("os.arch").equals("amd64");
    assumeTrue(here, "the table has the calls of x86_64");
    assumeUsualWay();
  }

  /** Skips a test where the library takes other calls than those of its table. */
  static void assumeUsualWay() {
    Settings settings = Settings.ofSystemProperties();
    boolean usual =
        settings.tier() == SpawnTier.CLOEXEC_DEFAULT && settings.epoll() && !PosixTest.LIKE_MAC;
    assumeTrue(usual && PosixTest.HAS_PIDFD, "the table has the calls of the usual way");
    assumeTrue(!Boolean.getBoolean("jpopen.test.virtual"), "the table has the calls of a thread");
    assumeTrue(PosixTest.HOST.hasCloseFrom(), "the table has the calls of glibc 2.34");
  }

  // Compiled code and loaded classes grow, too: hundreds of rows add some megabytes.
  @AfterAll
  void memoryHasNotGrown() throws IOException {
    if (jvm != null) {
      try (KernelJvm ending = jvm) {
        if (ending.isAlive()) {
          assertThat(ending.memory() - memory).as("kB more in memory").isLessThan(MORE_KILOBYTES);
        }
      }
    }
  }

  final Path temp() {
    return temp;
  }

  /** The JVM of this class; another one if it has ended. */
  final KernelJvm jvm() throws IOException {
    KernelJvm running = jvm;
    if (running == null || !running.isAlive()) {
      running = new KernelJvm(temp, launcher());
      jvm = running;
      memory = running.memory();
    }
    return running;
  }

  /** What starts it. */
  List<String> launcher() throws IOException {
    return List.of();
  }
}
