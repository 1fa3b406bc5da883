package io.github.jpopen.windows;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.contract.ChildLauncher;
import java.nio.file.Path;

/** Uses a relative path wherever a command takes one; prints what was found. */
final class RelativePathsProgram {
  private RelativePathsProgram() {}

  /** What prints a line. */
  private interface Step {
    String run() throws Exception;
  }

  private static void print(String what, Step step) {
    String result;
    try {
      result = step.run();
    } catch (SpawnException e) {
      result = e.culprit() + " " + e.getMessage();
    } catch (Exception e) {
      result = e.getClass().getSimpleName();
    }
    System.out.println(what + ": " + result.strip());
  }

  private static Command<String> cat() {
    return Command.of(ChildLauncher.command()).args("CAT").text();
  }

  private static Command<String> type() {
    return Command.shell("type in").text();
  }

  /** Takes no arguments. */
  public static void main(String[] args) {
    print("from", () -> cat().stdin(Redirect.from(Path.of("in"))).checkOutput());
    print("from a directory", () -> cat().stdin(Redirect.from(Path.of("sub"))).checkOutput());
    print("to", () -> "" + type().stdout(Redirect.to(Path.of("out"))).call());
    print("written", () -> cat().stdin(Redirect.from(Path.of("out"))).checkOutput());
    print("input", () -> cat().input(Input.file(Path.of("in"))).checkOutput());
    print("input of a directory", () -> cat().input(Input.file(Path.of("sub"))).checkOutput());
    print("no cwd", () -> type().checkOutput());
    print("cwd", () -> type().cwd(Path.of("sub")).checkOutput());
    print("missing cwd", () -> type().cwd(Path.of("none")).checkOutput());
    print("program", () -> Command.of("sub\\plain.exe").text().checkOutput());
    print(
        "program from cwd",
        () -> Command.of(".\\plain.exe").cwd(Path.of("sub")).text().checkOutput());
    print("missing program", () -> Command.of(".\\plain.exe").text().checkOutput());
  }
}
