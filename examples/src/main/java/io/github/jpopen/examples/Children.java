package io.github.jpopen.examples;

import io.github.jpopen.Command;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Signal;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The programs that the tour starts. The tour is the same on every system; these differ.
 *
 * @param root the folder of the source tree
 * @param list finds a program that writes the names of its files, each followed by NUL
 * @param archive reads such names, writes an archive of these files
 * @param compress writes its input as gzip
 * @param expand undoes that
 * @param digest writes the SHA-256 of its input in hexadecimal, then a blank
 * @param slow writes each line of its input back after a while: six lines take longer than 1.4 s
 * @param deaf never reads, and runs for a minute
 * @param killed how a killed child ends
 */
record Children(
    Path root,
    Listing list,
    Child archive,
    Child compress,
    Child expand,
    Child digest,
    Command<byte[]> slow,
    Command<byte[]> deaf,
    ExitStatus killed) {

  /** Finds a program that lists the files of a folder. */
  interface Listing {
    Child of(Path folder) throws IOException, InterruptedException;
  }

  /**
   * A program and what the tour calls it.
   *
   * @param name for the report
   * @param command how to start it
   */
  record Child(String name, Command<byte[]> command) {}

  static Children ofThisSystem() {
    String system = System.getProperty("os.name");
    if (system.startsWith("Windows")) {
      return windows();
    }
    return posix(
        system.startsWith("Mac")
            ? new Child("shasum", Command.of("shasum", "-a", "256"))
            : new Child("sha256sum", Command.of("sha256sum")));
  }

  private static Children posix(Child digest) {
    return new Children(
        outermostProject(),
        Children::tracked,
        new Child("tar", Command.of("tar", "-c", "-f", "-", "--null", "-T", "-")),
        new Child("gzip", Command.of("gzip", "-c")),
        new Child("gzip -dc", Command.of("gzip", "-dc")),
        digest,
        Command.shell("while IFS= read -r line; do sleep 0.3; printf '%s\\n' \"$line\"; done"),
        Command.of("sleep", "60"),
        new ExitStatus.Signaled(Signal.SIGKILL, false));
  }

  // Git leaves out what the build wrote. It has no list of an archive, or of another user's clone.
  private static Child tracked(Path folder) throws IOException, InterruptedException {
    Command<byte[]> known = Command.of("git", "ls-files", "--error-unmatch", "pom.xml");
    try {
      if (known.cwd(folder).captureOutput().call() == 0) {
        return new Child("git", Command.of("git", "ls-files", "-z"));
      }
    } catch (SpawnException e) {
      // There is no git.
    }
    Command<byte[]> find = Command.of("find", ".", "-name", "target", "-prune", "-o");
    return new Child("find", find.args("-path", "./.*", "-prune", "-o", "-type", "f", "-print0"));
  }

  // Windows has none of these programs, but every reader of this has Java.
  private static Children windows() {
    return new Children(
        outermostProject(),
        _ -> tool("list"),
        tool("zip"),
        tool("gzip"),
        tool("gunzip"),
        tool("sha256"),
        tool("slow").command(),
        tool("deaf").command(),
        new ExitStatus.Exited(1)); // the code given to TerminateProcess
  }

  private static Path outermostProject() {
    Path folder = Path.of("").toAbsolutePath();
    for (Path p = folder; p != null && Files.exists(p.resolve("pom.xml")); p = p.getParent()) {
      folder = p;
    }
    return folder;
  }

  private static Child tool(String name) {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java.exe").toString(),
            "-XX:-PrintWarnings",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"));
    return new Child(name, Command.of(java).args(Tool.class.getName(), name));
  }
}
