package io.github.jpopen.examples;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import java.io.IOException;
import java.nio.file.Path;

/** Prints the commit that is checked out in a folder, or what git has to say. */
public final class GitHead {
  private GitHead() {}

  /** The argument is the folder; the current one if there is none. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Command<String> git =
        Command.of("git", "rev-parse", "HEAD")
            .cwd(Path.of(args.length == 0 ? "." : args[0]))
            .text();
    try {
      // captureOutput: if git fails, its words are in the exception and not on our terminal.
      System.out.println("HEAD is " + git.captureOutput().checkOutput().strip());
    } catch (CalledProcessException e) {
      System.out.println("git exited with " + e.returncode() + ": " + e.stderr().text().strip());
    }
  }
}
