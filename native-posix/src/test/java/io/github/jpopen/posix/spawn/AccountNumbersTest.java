package io.github.jpopen.posix.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.posix.libc.CpuCall;
import io.github.jpopen.posix.libc.LinuxPosix;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers that are not among the generated bindings, asked of C compilers. */
@EnabledOnOs(OS.LINUX)
class AccountNumbersTest {
  @TempDir Path temp = Path.of("");

  @ParameterizedTest
  @CsvSource({"gcc, x86_64", "aarch64-linux-gnu-gcc, aarch64"})
  void numbersEqualTheHeaders(String compiler, String cpu) throws Exception {
    boolean installed =
        List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, compiler)));
    boolean own = System.getProperty("os.arch").replace("amd64", "x86_64").equals(cpu);
    assumeTrue(installed && (own || !compiler.equals("gcc")), "no compiler for " + cpu);
    List<String> lines = new ArrayList<>();
    lines.add("#include <grp.h>\n#include <pwd.h>\n#include <stddef.h>");
    lines.add("#include <sys/prctl.h>\n#include <sys/syscall.h>");
    for (CpuCall call : CpuCall.values()) {
      String name = "SYS_" + call.name().toLowerCase(Locale.ROOT);
      lines.add(same(name, cpu.equals("aarch64") ? call.aarch64 : call.amd64));
    }
    lines.add(same("PR_GET_DUMPABLE", LinuxPosix.PR_GET_DUMPABLE));
    lines.add(same("PR_SET_DUMPABLE", LinuxPosix.PR_SET_DUMPABLE));
    lines.add(same("PR_CAP_AMBIENT", LinuxPosix.PR_CAP_AMBIENT));
    lines.add(same("PR_CAP_AMBIENT_CLEAR_ALL", LinuxPosix.PR_CAP_AMBIENT_CLEAR_ALL));
    lines.add(same("offsetof(struct passwd, pw_uid)", Accounts.OFFSET_OF_ID));
    lines.add(same("offsetof(struct group, gr_gid)", Accounts.OFFSET_OF_ID));
    lines.add("_Static_assert(sizeof(struct passwd) <= " + Accounts.ENTRY + ", \"passwd\");");
    lines.add("_Static_assert(sizeof(struct group) <= " + Accounts.ENTRY + ", \"group\");");
    lines.add("_Static_assert(sizeof(uid_t) == 4 && sizeof(gid_t) == 4, \"ids\");");
    Path source = Files.write(temp.resolve("asserts.c"), lines);
    Process process =
        new ProcessBuilder(compiler, "-fsyntax-only", source.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  private static String same(String name, long number) {
    return "_Static_assert(" + name + " == " + number + ", \"" + name + "\");";
  }
}
