package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A child with {@code killOnExit} ends with its JVM even if TerminateProcess ends that. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndsWithJvmTest {
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
                way)
            .removeEnv("JAVA_TOOL_OPTIONS")
            .removeEnv("JDK_JAVA_OPTIONS")
            .stdout(PIPE)
            .text();
    try (Popen<String> p = jvm.killOnClose().start()) {
      String ids = p.stdoutReader().readLine();
      List<ProcessHandle> both =
          Stream.of(ids.split(" "))
              .map(id -> ProcessHandle.of(Long.parseLong(id)).orElseThrow())
              .toList();
      assertThat(both).allMatch(ProcessHandle::isAlive);
      assertThat(p.kill()).isTrue(); // by TerminateProcess
      p.waitFor();
      if (!childLives) {
        Win32Test.await("the child has ended", () -> !both.getFirst().isAlive());
      }
      if (!grandchildLives) {
        Win32Test.await("the grandchild has ended", () -> !both.getLast().isAlive());
      }
      assertThat(both.getFirst().isAlive()).isEqualTo(childLives);
      assertThat(both.getLast().isAlive()).isEqualTo(grandchildLives);
      both.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
