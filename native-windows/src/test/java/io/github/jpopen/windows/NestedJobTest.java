package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.contract.NativeChild;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A child with {@code killTree} is in a job, and starts a child with {@code killTree} itself. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NestedJobTest {
  private final List<ProcessHandle> started = new ArrayList<>();

  private List<ProcessHandle> read(BufferedReader ids) throws IOException {
    List<ProcessHandle> both =
        Stream.of(ids.readLine().split(" "))
            .map(id -> ProcessHandle.of(Long.parseLong(id)).orElseThrow())
            .toList();
    started.addAll(both);
    assertThat(both).hasSize(2).allMatch(ProcessHandle::isAlive);
    return both;
  }

  private static void awaitEnd(List<ProcessHandle> processes) {
    Win32Test.await("all end", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void innerJobEndsAloneAndTheOuterOneEndsAll() throws Exception {
    Command<String> jvm =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java.exe"),
                "-XX:-PrintWarnings",
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.github.jpopen.windows.noWindow=false",
                NativeChild.option(),
                "-cp",
                System.getProperty("java.class.path"),
                NestedJobProgram.class.getName())
            .removeEnv("JAVA_TOOL_OPTIONS")
            .removeEnv("JDK_JAVA_OPTIONS")
            .stdin(PIPE)
            .stdout(PIPE)
            .text();
    try (Popen<String> p = jvm.killTree().killOnClose().start()) {
      List<ProcessHandle> inner = read(p.stdoutReader());
      p.stdinWriter().write('x');
      assertThat(p.stdoutReader().readLine()).isEqualTo("0 survived");
      awaitEnd(inner);
      List<ProcessHandle> next = read(p.stdoutReader()); // so the outer one lives
      assertThat(p.killTree()).as("what survived").isEmpty();
      awaitEnd(next);
      assertThat(p.waitFor()).isEqualTo(1);
    } finally {
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
