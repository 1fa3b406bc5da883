package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs in which a seccomp filter denies a system call, as old container engines do. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs seccomp")
class DeniedCallsTest {
  private static final String LAUNCHER =
      """
      #include <stddef.h>
      #include <stdlib.h>
      #include <unistd.h>
      #include <sys/prctl.h>
      #include <linux/filter.h>
      #include <linux/seccomp.h>

      /* deny ERRNO CALL COMMAND... : runs COMMAND, in which system call number CALL fails with ERRNO */
      int main(int argc, char **argv) {
        struct sock_filter code[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, atoi(argv[2]), 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[1])),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = { sizeof code / sizeof *code, code };
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
          return 99;
        execv(argv[3], argv + 3);
        return 98;
      }
      """;

  @TempDir Path temp = Path.of("");

  @BeforeEach
  void compile() throws Exception {
    boolean here = System.getProperty("os.arch").equals("amd64");
    Assumptions.assumeTrue(here, "the numbers of the calls are those of x86_64");
    Path source = Files.writeString(temp.resolve("deny.c"), LAUNCHER);
    Process compiler =
        new ProcessBuilder("gcc", source.toString(), "-o", temp.resolve("deny").toString())
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 22, 38})
  void childKeepsNoDescriptorIfCloseRangeIsDenied(int error) throws Exception {
    String script = "exec '" + temp.resolve("deny") + "' " + error + " 436 \"$@\"";
    assertThat(new SubJvm().run(script, Descriptors.class, temp.resolve("result")))
        .isEqualTo("0 1 2 3 ".repeat(5));
  }

  /** Reports the descriptors of children, one of which each needs to list them. */
  static final class Descriptors {
    private Descriptors() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      List<FileInputStream> open = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        open.add(new FileInputStream("/etc/passwd"));
      }
      StringBuilder found = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        try (StepDriver driver =
            new StepDriver(platform, SpawnRequests.of("ls", "/proc/self/fd").build())) {
          found.append(driver.text().replace('\n', ' '));
        }
      }
      for (FileInputStream each : open) {
        each.close();
      }
      SubJvm.report(arguments[0], found.toString());
    }
  }

  @ParameterizedTest(name = "{2} answers {0}")
  @CsvSource({
    "1, 434, pidfd_open",
    "38, 434, pidfd_open",
    "1, 424, pidfd_send_signal",
    "38, 424, pidfd_send_signal",
    "1, 247, waitid",
    "38, 247, waitid",
    "1, 436, close_range",
    "38, 436, close_range",
    "38, 435, clone3",
    "1, 290, eventfd2",
  })
  @Covers("promise 16")
  void exitCodesAreTrueIfACallIsDenied(int error, int call, String name) throws Exception {
    String script = "exec '" + temp.resolve("deny") + "' " + error + " " + call + " \"$@\"";
    assertThat(new SubJvm().run(script, StartedSpeciallyTest.Exits.class, temp.resolve("result")))
        .as(name)
        .isEqualTo(StartedSpeciallyTest.Exits.TRUE);
  }
}
