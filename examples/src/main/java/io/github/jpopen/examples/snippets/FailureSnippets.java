package io.github.jpopen.examples.snippets;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Captured;
import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the exceptions tell and keep. */
public final class FailureSnippets {
  private FailureSnippets() {}

  /** Runs them all, in a folder of their own. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    subprocess();
    called();
    timeout();
    spawn(folder);
    captured(folder.resolve("log"));
  }

  private static void subprocess() throws IOException, InterruptedException {
    // @start region=subprocess :
    Command<String> ls = Command.of("ls", "/no/such/folder").text().captureOutput();
    try {
      IO.print(ls.timeout(Duration.ofSeconds(10)).checkOutput());
    } catch (SubprocessException e) { // not started, a bad exit code, a timeout, an I/O error
      IO.println(e.getMessage());
      IO.print(e.stderr().text()); // what "ls" wrote before that
    }
    // @end
  }

  private static void called() throws IOException, InterruptedException {
    // @start region=called :
    Command<String> grep = Command.of("grep", "x", "/no/such/file").text().captureOutput();
    try {
      IO.print(grep.check(0, 1).run().stdout()); // 1 only means that no line was found
    } catch (CalledProcessException e) {
      IO.println("grep exited with " + e.returncode()); // 2
      IO.print(e.stderr().text());
    }
    // @end
  }

  private static void timeout() throws IOException, InterruptedException {
    // @start region=timeout :
    Command<String> stubborn = Command.shell("trap '' TERM; echo working; exec sleep 60").text();
    try (Popen<String> child = stubborn.stdout(PIPE).start()) {
      try {
        IO.print(child.communicate(Duration.ofMillis(500)).stdout());
      } catch (TimeoutExpiredException e) { // the child still runs, and its output is kept
        child.stop(Duration.ofMillis(100));
        IO.print(child.communicate().stdout()); // working
      }
    }
    // @end
  }

  private static void spawn(Path folder) throws IOException, InterruptedException {
    // @start region=spawn :
    try {
      Command.of("no-such-program").cwd(folder).checkCall();
    } catch (SpawnException e) {
      switch (e.culprit()) {
        case PROGRAM, INTERPRETER -> IO.println("please install it: " + e.getMessage());
        case WORKING_DIRECTORY -> IO.println("please create it: " + folder);
        default -> throw e;
      }
    }
    // @end
  }

  private static void captured(Path log) throws IOException, InterruptedException {
    // @start region=captured :
    try {
      Command.shell("echo some; exec sleep 60")
          .captureOutput()
          .timeout(Duration.ofMillis(500))
          .run();
    } catch (TimeoutExpiredException e) {
      Captured output = e.stdout();
      IO.println(output); // 5 bytes: the size, never the content
      IO.print(output.text()); // some
      try (OutputStream out = Files.newOutputStream(log)) {
        output.writeTo(out);
      }
    }
    // @end
  }
}
