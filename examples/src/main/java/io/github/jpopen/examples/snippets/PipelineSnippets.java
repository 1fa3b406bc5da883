package io.github.jpopen.examples.snippets;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedPipeline;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Redirect;
import io.github.jpopen.RunningPipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;

/** Several commands, each of which reads what the one before it writes. */
public final class PipelineSnippets {
  private PipelineSnippets() {}

  /** Stands for the logger of an application. */
  @FunctionalInterface
  private interface Log {
    void info(String message);
  }

  /** Runs them all, in a folder of their own. */
  public static void main(String[] args) throws IOException, InterruptedException {
    pipeline(Path.of(args[0]));
    completed();
    onLine(IO::println);
    onChunk();
    running();
  }

  private static void pipeline(Path folder) throws IOException, InterruptedException {
    Path words = Files.writeString(folder.resolve("words"), "a\na\nb\n");
    Path result = folder.resolve("result");
    // @start region=pipeline :
    Pipeline<String> unique = Pipeline.of(Command.of("sort"), Command.of("uniq", "-d")).text();
    String twice = unique.input("b\na\nb\n").checkOutput(); // "b\n"
    unique.stdin(Redirect.from(words)).stdout(Redirect.to(result)).checkCall(); // file to file
    Command<byte[]> yes = Command.of("yes");
    String first = Pipeline.of(yes, Command.of("head", "-1")).text().checkOutput(); // "y\n"
    // @end
    IO.print(twice + Files.readString(result) + first);
  }

  private static void completed() throws IOException, InterruptedException {
    // @start region=completed :
    Command<byte[]> grep = Command.shell("grep -c x; echo searched >&2; exit 1");
    CompletedPipeline<String> done =
        Pipeline.of(Command.of("echo", "word"), grep, Command.of("cat"))
            .text()
            .captureOutput()
            .run();
    IO.println(done.returncodes()); // [0, 1, 0]: the exit codes of all stages
    IO.println(done.returncode()); // 1: the last stage that failed decides
    IO.print(done.stdout()); // 0
    IO.print(done.stderr(1)); // searched: the stderr of the second stage
    // @end
  }

  private static void onLine(Log log) throws IOException, InterruptedException {
    // @start region=onLine :
    Command<byte[]> dump = Command.shell("echo '2 tables' >&2; echo users; echo orders");
    Pipeline.of(dump, Command.of("sort"))
        .onLine((stream, line) -> log.info(stream + ": " + line)) // never two calls at a time
        .checkCall();
    // @end
  }

  private static void onChunk() throws IOException, InterruptedException {
    // @start region=onChunk :
    CRC32 sum = new CRC32();
    Pipeline.of(Command.of("printf", "b\\na\\n"), Command.of("sort"))
        .onChunk((stream, bytes) -> sum.update(bytes)) // not kept: memory stays flat
        .checkCall();
    // @end
    CRC32 expected = new CRC32();
    expected.update("a\nb\n".getBytes(StandardCharsets.US_ASCII));
    IO.println(sum.getValue() == expected.getValue());
  }

  private static void running() throws IOException, InterruptedException {
    // @start region=running :
    Pipeline<String> copy = Pipeline.of(Command.of("cat"), Command.of("cat")).text();
    try (RunningPipeline<String> p = copy.stdin(PIPE).stdout(PIPE).start()) {
      p.stdinWriter().write("banana\n");
      IO.println(p.stages().size() + " stages: " + p.stdoutReader().readLine()); // banana
      p.stop(Duration.ofSeconds(1)); // SIGTERM to all stages, SIGKILL to what is left then
      IO.println(p.statuses().getFirst().returncode()); // -15
    }
    // @end
  }
}
