package io.github.jpopen.examples;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import java.io.IOException;
import java.time.Duration;

/** Sorts its arguments with sort(1): text in, text out, both at once, with a limit. */
public final class SortLines {
  private SortLines() {}

  /** The arguments are the lines. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Command<String> sort =
        Command.of("sort").env("LC_ALL", "C").text().stdin(PIPE).stdout(PIPE).stderr(PIPE);
    // Every start() is a new child of the same immutable command.
    try (Popen<String> child = sort.start()) {
      Output<String> output =
          child.communicate(String.join("\n", args) + "\n", Duration.ofSeconds(10));
      System.out.print(output.stdout());
      System.out.println("sort exited with " + child.returncode());
    }
  }
}
