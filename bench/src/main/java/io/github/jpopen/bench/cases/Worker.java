package io.github.jpopen.bench.cases;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.bench.measure.Contender;
import io.github.jpopen.bench.measure.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that plays rounds, in whatever language.
 *
 * <p>Its arguments are: what to do ({@code talk}, {@code discard}, {@code spawn}, {@code timeout},
 * {@code many}); the file to send, or {@code -}; the file that must come back on each captured
 * stream, or {@code zeros} if all bytes must be 0, or {@code -}; how many streams are captured, 1
 * or 2; the timeout in nanoseconds, or how many children at once; the program and its arguments.
 * Streams that are not captured are inherited.
 *
 * <p>For each line on its stdin, which names the peer where there are several, it plays a round and
 * answers with a line: nanoseconds (from before the pipes are made to after the exit was collected;
 * with {@code timeout}, by how many it was late), bytes of stdout, bytes of stderr, {@code good} or
 * {@code bad} for what came back (or what went wrong, with _ for blanks), and the bytes allocated
 * on the heap or -1.
 */
public final class Worker implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int FIELDS = 5;

  private final Popen<String> process;

  private Worker(Popen<String> process) {
    this.process = process;
  }

  /**
   * Starts a worker.
   *
   * @param log the end of which its stderr goes to, and that of children which inherit it: an
   *     ordinary file, as a program would have
   */
  static Worker start(List<String> command, Map<String, String> env, Path log) throws IOException {
    return new Worker(
        Command.of(command)
            .env(env)
            .text()
            .stdin(PIPE)
            .stdout(PIPE)
            .stderr(Redirect.appendTo(log))
            .killOnClose()
            .start());
  }

  /** Plays with one of the peers, whose child is to write so many bytes on each captured stream. */
  Contender as(String peer, long stdoutBytes, long stderrBytes) {
    return () -> {
      String[] answer = ask(peer);
      if (!answer[3].equals("good") && !answer[3].equals("bad")) {
        throw new IOException(answer[3].replace('_', ' '));
      }
      if (Long.parseLong(answer[1]) != stdoutBytes || Long.parseLong(answer[2]) != stderrBytes) {
        throw new IOException("lost bytes: " + answer[1] + " and " + answer[2] + " came");
      }
      if (!answer[3].equals("good")) {
        throw new IOException("returned other bytes than the child wrote");
      }
      return new Round(Long.parseLong(answer[0]), Long.parseLong(answer[4]));
    };
  }

  private String[] ask(String peer) throws IOException, InterruptedException {
    process.stdinWriter().write(peer + "\n");
    FutureTask<String> line = new FutureTask<>(() -> process.stdoutReader().readLine());
    Thread.ofPlatform().daemon().start(line);
    try {
      String answer = line.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (answer == null) {
        throw new IOException("ended without an answer: " + process.poll(LIMIT));
      }
      String[] words = answer.split(" ", -1);
      if (words.length != FIELDS) {
        throw new IOException("answered \"" + answer + "\"");
      }
      return words;
    } catch (TimeoutException e) {
      process.kill();
      throw new IOException("gave no answer in " + LIMIT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /**
   * A number of {@code /proc/PID/status}: KiB where it is memory; 0 where there is no such file.
   */
  long status(String field) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(field + ":")) {
          return Long.parseLong(line.substring(field.length() + 1).strip().split(" ", -1)[0]);
        }
      }
    } catch (IOException e) { // it has ended, or this is another system
      return 0;
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
