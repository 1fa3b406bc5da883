package io.github.jpopen.examples.snippets;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.TextErrors.REPLACE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.OutputLimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** What gets the outputs while a child runs, and how much of them is kept. */
public final class OutputSnippets {
  private OutputSnippets() {}

  private static final class Log {
    void info(String line) {
      IO.println(line);
    }
  }

  /** Runs them all, in a folder of their own. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    onLine(new Log());
    onChunk();
    tee(new ByteArrayOutputStream());
    charset();
    limit();
    head();
    tail();
    spillTo(folder);
  }

  private static void onLine(Log log) throws IOException, InterruptedException {
    // @start region=onLine :
    Command<String> build = Command.shell("echo compiling; echo 'no tests' >&2; exit 1").text();
    try {
      build.captureOutput().onLine((stream, line) -> log.info(stream + ": " + line)).checkCall();
    } catch (CalledProcessException e) { // the lines are in the exception, too
      IO.print(e.stderr().text()); // no tests
    }
    // @end
  }

  private static void onChunk() throws IOException, InterruptedException {
    // @start region=onChunk :
    CRC32 sum = new CRC32();
    Command.of("head", "-c", "1000000", "/dev/zero")
        .onChunk((stream, bytes) -> sum.update(bytes)) // not kept: memory stays flat
        .checkCall();
    IO.println(Long.toHexString(sum.getValue()));
    // @end
  }

  private static void tee(ByteArrayOutputStream report) throws IOException, InterruptedException {
    // @start region=tee :
    Command<String> tests = Command.shell("echo 12 passed; echo 1 skipped >&2").text();
    String passed = tests.stdout(PIPE.tee(System.out)).stderr(PIPE.tee(report)).run().stdout();
    IO.print(passed); // 12 passed, a second time
    // @end
  }

  private static void charset() throws IOException, InterruptedException {
    // @start region=charset :
    Command<String> tool = Command.shell("printf '\\344'; printf 'oh\\377' >&2").text();
    CompletedProcess<String> done =
        tool.stdout(PIPE.charset(ISO_8859_1)).stderr(PIPE.charset(UTF_8, REPLACE)).run();
    IO.println(done.stdout()); // ä
    IO.println(done.stderr()); // oh, and U+FFFD
    // @end
  }

  private static void limit() throws IOException, InterruptedException {
    // @start region=limit :
    Command<String> endless = Command.of("yes").text().stdout(PIPE.limit(1 << 20));
    try {
      endless.checkCall();
    } catch (OutputLimitException e) { // "yes" was killed
      IO.println(e.stream() + ": " + e.stdout().size()); // STDOUT: 1048576
    }
    // @end
  }

  private static void head() throws IOException, InterruptedException {
    // @start region=head :
    Command<String> numbers = Command.of("seq", "100000").text();
    IO.print(numbers.stdout(PIPE.head(4)).run().stdout()); // 1, 2
    CompletedProcess<String> both = numbers.stdout(PIPE.headAndTail(8)).run();
    IO.println(both.stdout().lines().toList()); // [1, 2, 3, 4, , 100000]
    IO.print(numbers.stdout(PIPE.closeAfter(4)).run().stdout()); // 1, 2, and "seq" gets SIGPIPE
    // @end
  }

  private static void tail() throws IOException, InterruptedException {
    // @start region=tail :
    Command<String> build = Command.shell("seq 100000; echo done").text();
    CompletedProcess<String> end = build.stdout(PIPE.tail(18)).run();
    IO.print(end.stdout()); // 99999, 100000, done
    IO.println(end.stdoutOmitted() + " bytes before that"); // 588882 bytes before that
    // @end
  }

  private static void spillTo(Path folder) throws IOException, InterruptedException {
    // @start region=spillTo :
    Command<byte[]> dump = Command.of("head", "-c", "1000000", "/dev/zero");
    CompletedProcess<byte[]> dumped = dump.stdout(PIPE.spillTo(folder, 65536)).run();
    if (dumped.stdoutFile().isPresent()) {
      IO.println(Files.size(dumped.stdoutFile().get())); // 1000000
      Files.delete(dumped.stdoutFile().get());
    } else {
      IO.println(dumped.stdout().length);
    }
    // @end
  }
}
