package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Redirect;
import io.github.jpopen.contract.ChildLauncher;
import io.github.jpopen.contract.NativeChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A relative path means the current directory that Windows has, wherever a command takes one. */
@EnabledOnOs(OS.WINDOWS)
class RelativePathsTest {
  @TempDir Path temp = Path.of("");

  private static void fill(Path directory, String content) throws IOException {
    Path sub = Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("in"), content);
    Files.writeString(sub.resolve("in"), content);
    Files.writeString(sub.resolve("plain.exe"), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"started", "decoy", "missing"})
  void everyPlaceMeansTheCurrentDirectory(String userDir) throws Exception {
    fill(temp.resolve("started"), "right");
    fill(temp.resolve("decoy"), "wrong");
    CompletedProcess<String> program =
        Command.of(
                ChildLauncher.command(
                    "--enable-native-access=ALL-UNNAMED",
                    "-Duser.dir=" + temp.resolve(userDir),
                    "-Dio.github.jpopen.windows.noWindow=false",
                    NativeChild.option(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    RelativePathsProgram.class.getName()))
            .cwd(temp.resolve("started"))
            .stderr(Redirect.STDOUT)
            .stdout(Redirect.PIPE)
            .text()
            .timeout(Duration.ofSeconds(100))
            .run();
    assertThat(program.stdout().lines())
        .containsExactly(
            "from: right",
            "from a directory: REDIRECT cannot redirect: sub is a directory"
                + " (CreateFileW: ERROR_ACCESS_DENIED)",
            "to: 0",
            "written: right",
            "input: right",
            "input of a directory: FileSystemException",
            "no cwd: right",
            "cwd: right",
            "missing cwd: WORKING_DIRECTORY working directory does not exist: \"none\"",
            "program: PROGRAM not an executable: \"sub\\plain.exe\"",
            "program from cwd: PROGRAM not an executable: \".\\plain.exe\"",
            "missing program: PROGRAM program not found: \".\\plain.exe\"");
  }
}
