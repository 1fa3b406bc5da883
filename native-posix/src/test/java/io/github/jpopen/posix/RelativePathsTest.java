package io.github.jpopen.posix;

import static io.github.jpopen.posix.SubJvm.JVM;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A relative path means the kernel's directory, wherever a command takes one. */
class RelativePathsTest {
  /** What has become of the directory in which the JVM was started. */
  enum State {
    UNCHANGED,
    RENAMED,
    REPLACED,
    USER_DIR,
    USER_DIR_THAT_IS_MISSING,
    DELETED;

    String option(Path home) {
      return switch (this) {
        case USER_DIR -> "-Duser.dir=" + home.resolve("decoy");
        case USER_DIR_THAT_IS_MISSING -> "-Duser.dir=" + home.resolve("missing");
        default -> "-Dnothing=0";
      };
    }

    void apply(Path home) throws IOException {
      Path started = home.resolve("started");
      switch (this) {
        case RENAMED, REPLACED -> {
          Files.move(started, home.resolve("moved"));
          if (this == REPLACED) {
            Files.move(home.resolve("decoy"), started);
          }
        }
        case DELETED -> {
          try (var all = Files.walk(started)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
              Files.delete(path);
            }
          }
        }
        default -> {}
      }
    }
  }

  @TempDir Path temp = Path.of("");

  private String places(State state) throws Exception {
    Path home = temp.toRealPath();
    fill(Files.createDirectory(home.resolve("started")), "right");
    fill(Files.createDirectory(home.resolve("decoy")), "wrong");
    return new SubJvm()
        .option(state.option(home))
        .run(
            "cd \"" + home.resolve("started") + "\"; exec " + JVM,
            Places.class,
            home.resolve("result"),
            state.name(),
            home.toString());
  }

  private static void fill(Path directory, String content) throws IOException {
    Path sub = Files.createDirectory(directory.resolve("sub"));
    for (Path each : new Path[] {directory, sub}) {
      Files.writeString(each.resolve("in"), content);
      Files.writeString(each.resolve("in-é"), content);
      executable(each.resolve("program"), "#!/bin/sh\necho " + content + " \"$@\"\n");
      Files.writeString(each.resolve("plain"), "");
    }
    executable(directory.resolve("broken"), "#!./missing\n");
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DELETED")
  void everyPlaceMeansTheKernelsDirectory(State state) throws Exception {
    assertThat(places(state).lines())
        .containsExactly(
            "from: right",
            "from, not ASCII: right",
            "from .: REDIRECT EISDIR",
            "to: out",
            "appendTo: rightout",
            "cwd: right",
            "cwd .: right",
            "cwd and from: right",
            "program: right",
            "program of a path: right",
            "executable: right x",
            "program from cwd: right",
            "executable from cwd: right x",
            "input: right",
            "input, empty: ",
            "input, missing: NoSuchFileException",
            "program, missing: PROGRAM ENOENT program not found: \"./missing\"",
            "program, no program: PROGRAM EACCES permission denied: \"./plain\" is not executable",
            "program, no interpreter: INTERPRETER ENOENT"
                + " interpreter \"./missing\" of \"./broken\" not found",
            "cwd, missing: WORKING_DIRECTORY ENOENT"
                + " working directory does not exist: \"missing\"",
            "cwd, a file: WORKING_DIRECTORY ENOTDIR working directory is not a directory: \"in\"");
  }

  @ParameterizedTest
  @EnumSource(names = "DELETED")
  void nothingIsInADeletedDirectory(State state) throws Exception {
    assertThat(places(state).lines())
        .containsExactly(
            "from: REDIRECT ENOENT",
            "from, not ASCII: REDIRECT ENOENT",
            "from .: REDIRECT EISDIR",
            "to: REDIRECT ENOENT",
            "appendTo: REDIRECT ENOENT",
            "cwd: WORKING_DIRECTORY ENOENT working directory does not exist: \"sub\"",
            "cwd .: right",
            "cwd and from: REDIRECT ENOENT",
            "program: PROGRAM ENOENT program not found: \"./program\"",
            "program of a path: PROGRAM ENOENT program not found: \"./program\"",
            "executable: PROGRAM ENOENT program not found: \"./program\"",
            "program from cwd: WORKING_DIRECTORY ENOENT working directory does not exist: \"sub\"",
            "executable from cwd: WORKING_DIRECTORY ENOENT"
                + " working directory does not exist: \"sub\"",
            "input: NoSuchFileException",
            "input, empty: NoSuchFileException",
            "input, missing: NoSuchFileException",
            "program, missing: PROGRAM ENOENT program not found: \"./missing\"",
            "program, no program: PROGRAM ENOENT program not found: \"./plain\"",
            "program, no interpreter: PROGRAM ENOENT program not found: \"./broken\"",
            "cwd, missing: WORKING_DIRECTORY ENOENT"
                + " working directory does not exist: \"missing\"",
            "cwd, a file: WORKING_DIRECTORY ENOENT working directory does not exist: \"in\"");
  }

  /** Reports where each place of a path leads. */
  static final class Places {
    private static final Command<String> CAT = Command.of("cat").text();

    private Places() {}

    public static void main(String[] arguments) throws Exception {
      Path home = Path.of(arguments[2]);
      State.valueOf(arguments[1]).apply(home);
      Path in = Path.of("in");
      Path out = Path.of("out");
      Path sub = Path.of("sub");
      Map<String, Callable<String>> places = new LinkedHashMap<>();
      places.put("from", () -> CAT.stdin(Redirect.from(in)).checkOutput());
      places.put("from, not ASCII", () -> CAT.stdin(Redirect.from(Path.of("in-é"))).checkOutput());
      places.put("from .", () -> CAT.stdin(Redirect.from(Path.of("."))).checkOutput());
      places.put("to", () -> written(Redirect.to(out), "out"));
      places.put("appendTo", () -> written(Redirect.appendTo(in), "in"));
      places.put("cwd", () -> Command.of("cat", "in").text().cwd(sub).checkOutput());
      places.put("cwd .", () -> Command.of("echo", "right").text().cwd(Path.of(".")).checkOutput());
      places.put(
          "cwd and from",
          () -> CAT.cwd(Path.of("/")).stdin(Redirect.from(sub.resolve("in"))).checkOutput());
      places.put("program", () -> Command.of("./program").text().checkOutput());
      places.put("program of a path", () -> Command.of(Path.of("./program")).text().checkOutput());
      places.put(
          "executable",
          () -> Command.of("p", "x").executable(Path.of("./program")).text().checkOutput());
      places.put("program from cwd", () -> Command.of("./program").text().cwd(sub).checkOutput());
      places.put(
          "executable from cwd",
          () ->
              Command.of("p", "x").executable(Path.of("./program")).text().cwd(sub).checkOutput());
      places.put("input", () -> CAT.input(Input.file(sub.resolve("in"))).checkOutput());
      places.put("input, empty", () -> CAT.input(Input.file(Path.of("plain"))).checkOutput());
      places.put("input, missing", () -> CAT.input(Input.file(Path.of("missing"))).checkOutput());
      places.put("program, missing", () -> Command.of("./missing").text().checkOutput());
      places.put("program, no program", () -> Command.of("./plain").text().checkOutput());
      places.put("program, no interpreter", () -> Command.of("./broken").text().checkOutput());
      places.put("cwd, missing", () -> CAT.cwd(Path.of("missing")).checkOutput());
      places.put("cwd, a file", () -> CAT.cwd(in).checkOutput());
      StringBuilder found = new StringBuilder();
      for (Map.Entry<String, Callable<String>> place : places.entrySet()) {
        found.append(place.getKey()).append(": ").append(outcome(place.getValue())).append('\n');
      }
      SubJvm.report(arguments[0], found.toString());
    }

    private static String written(Redirect redirect, String file) throws Exception {
      Command.of("printf", "out").stdout(redirect).checkCall();
      return Command.of("cat", file).text().checkOutput();
    }

    private static String outcome(Callable<String> place) throws Exception {
      try {
        return place.call().strip();
      } catch (SpawnException e) {
        String redirect = e.culprit() == SpawnException.Culprit.REDIRECT ? "" : " " + message(e);
        return e.culprit() + " " + e.errorName() + redirect;
      } catch (NoSuchFileException e) {
        return e.getClass().getSimpleName();
      }
    }

    // Without the call, which differs between the ways to spawn.
    private static String message(SpawnException e) {
      return String.valueOf(e.getMessage()).replaceAll(" \\([a-z_]+: [A-Z]+\\)", "");
    }
  }
}
