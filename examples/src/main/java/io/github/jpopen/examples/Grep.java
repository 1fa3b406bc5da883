package io.github.jpopen.examples;

import io.github.jpopen.Command;
import java.io.IOException;
import java.util.List;

/** Finds lines with grep, whose exit code 1 means "nothing found" and is not an error. */
public final class Grep {
  private Grep() {}

  /** The arguments are what to look for, and where. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> found = grep(args[0], args[1]);
    System.out.println(found.size() + " lines");
    found.forEach(System.out::println);
  }

  /** The lines that hold a text, which is an argument of its own: no shell, nothing to quote. */
  static List<String> grep(String text, String file) throws IOException, InterruptedException {
    return Command.of("grep", "-F", "-e", text, "--", file)
        .text()
        .check(0, 1) // 2 is an error and throws
        .checkOutput()
        .lines()
        .toList();
  }
}
