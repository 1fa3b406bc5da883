package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A child with {@code killOnExit} ends with its JVM even if TerminateProcess ends that. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndsWithJvmTest {
  @TempDir Path temp = Path.of("");

  @ParameterizedTest
  @CsvSource({"kept, false, true", "tree, false, false", "closed, true, true"})
  void killedJvm(String way, boolean childLives, boolean grandchildLives) throws Exception {
    Command<String> jvm =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java.exe"),
                "-XX:-PrintWarnings",
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.github.jpopen.windows.noWindow=false",
                "-cp",
                System.getProperty("java.class.path"),
                EndsWithJvmProgram.class.getName(),
                way,
                temp.toString())
            .removeEnv("JAVA_TOOL_OPTIONS")
            .removeEnv("JDK_JAVA_OPTIONS")
            .stdout(PIPE)
            .text();
    try (Popen<String> p = jvm.killOnClose().start()) {
      List<ProcessHandle> both =
          Stream.of(p.stdoutReader().readLine().split(" "))
              .map(id -> ProcessHandle.of(Long.parseLong(id)).orElseThrow())
              .toList();
      try {
        assertThat(both).allMatch(ProcessHandle::isAlive);
        assertThat(p.kill()).isTrue(); // by TerminateProcess
        p.waitFor();
        check("child", both.getFirst(), childLives);
        check("grandchild", both.getLast(), grandchildLives);
      } finally {
        both.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** One that lives proves it by an answer. */
  private void check(String name, ProcessHandle process, boolean lives) throws Exception {
    if (lives) {
      Files.createFile(temp.resolve(name + EndsWithJvmProgram.ASKED));
      Path answer = temp.resolve(name + EndsWithJvmProgram.ANSWERED);
      Win32Test.await("the " + name + " answers", () -> Files.exists(answer));
    } else {
      Win32Test.await("the " + name + " has ended", () -> !process.isAlive());
    }
  }
}
