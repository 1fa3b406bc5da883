package io.github.jpopen.examples;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import java.io.IOException;
import java.nio.file.Path;

/** Prints the commit that is checked out in a folder, or the error output of git. */
public final class GitHead {
  private GitHead() {}

  /** The argument is the folder; the default is the current one. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Command<String> git =
        Command.of("git", "rev-parse", "HEAD")
            .cwd(Path.of(args.length == 0 ? "." : args[0]))
            .text();
    try {
      // captureOutput: if git fails, its error output is in the exception, not on the terminal.
      System.out.println("HEAD is " + git.captureOutput().checkOutput().strip());
    } catch (CalledProcessException e) {
      System.out.println("git exited with " + e.returncode() + ": " + e.stderr().text().strip());
    }
  }
}
