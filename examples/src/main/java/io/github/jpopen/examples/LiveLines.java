package io.github.jpopen.examples;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import java.io.BufferedReader;
import java.io.IOException;

/** Shows the lines of a build while it runs, and its error output at the end. */
public final class LiveLines {
  private LiveLines() {}

  /** The argument is a script; the default is a small one. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String script =
        args.length > 0
            ? args[0]
            : "for i in 1 2 3; do echo step $i; echo warning $i >&2; sleep 0.1; done; exit 3";
    long start = System.nanoTime();
    try (Popen<String> build = Command.shell(script).text().captureOutput().start()) {
      BufferedReader lines = build.stdoutReader();
      String line;
      while ((line = lines.readLine()) != null) { // stderr is read meanwhile, so nothing blocks
        System.out.printf("%4d ms  %s%n", (System.nanoTime() - start) / 1_000_000, line);
      }
      String errors = build.communicate().stderr();
      System.out.println(
          "exit code " + build.returncode() + ", stderr: " + errors.lines().toList());
    }
  }
}
