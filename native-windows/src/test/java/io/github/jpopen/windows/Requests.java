package io.github.jpopen.windows;

import io.github.jpopen.contract.ChildProgram;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.Text;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Builds {@link SpawnRequest}s: all three streams are pipes unless said otherwise. */
final class Requests {
  private final List<Argument> command = new ArrayList<>();
  private final boolean shell;
  private @Nullable Path directory;
  private Stdio stdin = new Pipe();
  private Stdio stdout = new Pipe();
  private Stdio stderr = new Pipe();
  private WindowsSettings windows = WindowsSettings.NONE;

  private Requests(boolean shell, List<String> command) {
    this.shell = shell;
    command.forEach(argument -> this.command.add(new Text(argument)));
  }

  static Requests of(String... command) {
    return new Requests(false, List.of(command));
  }

  /** A script of cmd.exe. */
  static Requests shell(String script) {
    return new Requests(true, List.of(script));
  }

  /** The child of the contract tests. */
  static Requests java(String... steps) {
    return java(classes().toString(), ChildProgram.class, steps);
  }

  /** A program on our own class path. */
  static Requests main(Class<?> main, String... arguments) {
    return java(System.getProperty("java.class.path"), main, arguments);
  }

  private static Requests java(String classPath, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java.exe").toString());
    command.addAll(List.of("-XX:-PrintWarnings", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:-UsePerfData", "-Xrs", "-Xmx64m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new Requests(false, command);
  }

  private static File classes() {
    try {
      return new File(
          ChildProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  Requests cwd(Path path) {
    directory = path;
    return this;
  }

  Requests stdin(Stdio stdio) {
    stdin = stdio;
    return this;
  }

  Requests stdout(Stdio stdio) {
    stdout = stdio;
    return this;
  }

  Requests stderr(Stdio stdio) {
    stderr = stdio;
    return this;
  }

  Requests noStreams() {
    return stdin(new Null()).stdout(new Null()).stderr(new Null());
  }

  Requests flags(int creationFlags) {
    windows = new WindowsSettings(creationFlags, OptionalInt.empty());
    return this;
  }

  SpawnRequest build() {
    return new SpawnRequest(
        command,
        shell,
        null,
        directory,
        List.of(),
        stdin,
        stdout,
        stderr,
        PosixSettings.NONE,
        windows);
  }
}
