package io.github.jpopen.examples.snippets;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;

/** What the overview of the package shows. */
public final class OverviewSnippets {
  private OverviewSnippets() {}

  /** Runs them all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    run();
    communicate();
    resume();
    liveLines();
  }

  private static void run() throws IOException, InterruptedException {
    // @start region=run :
    String sorted = Command.of("sort", "-u").text().input("b\na\nb\n").checkOutput();
    IO.print(sorted); // a, b

    CompletedProcess<String> ls =
        Command.of("ls", "/no/such/folder")
            .text()
            .captureOutput()
            .timeout(Duration.ofSeconds(10))
            .run();
    if (ls.returncode() != 0) {
      IO.println("ls failed: " + ls.stderr().strip());
    }
    // @end
  }

  private static void communicate() throws IOException, InterruptedException {
    // @start region=communicate :
    Command<String> sort = Command.of("sort").text().stdin(PIPE).captureOutput();
    try (Popen<String> child = sort.start()) {
      Output<String> output = child.communicate("b\na\n"); // writes and reads at the same time
      IO.print(output.stdout()); // a, b
      IO.println("exit code " + child.returncode());
    }
    // @end
  }

  private static void resume() throws IOException, InterruptedException {
    // @start region=resume :
    Command<String> slow = Command.shell("echo one; sleep 0.5; echo two").text().stdout(PIPE);
    try (Popen<String> child = slow.start()) {
      Output<String> output;
      try {
        output = child.communicate(Duration.ofMillis(200));
      } catch (TimeoutExpiredException e) {
        IO.print("so far: " + e.stdout().text()); // one
        output = child.communicate(); // continues with the next byte
      }
      IO.print(output.stdout()); // one, two
    }
    // @end
  }

  private static void liveLines() throws IOException, InterruptedException {
    // @start region=liveLines :
    Command<String> build = Command.shell("echo compiling; echo a warning >&2; echo done").text();
    try (Popen<String> child = build.stdout(PIPE).stderr(STDOUT).killOnClose().start()) {
      BufferedReader lines = child.stdoutReader();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        IO.println("build: " + line); // as soon as the child has written it
      }
      IO.println("exit code " + child.waitFor());
    }
    // @end
  }
}
