package io.github.jpopen.bench;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The loop in {@code communicate.c}, compiled here and now: one process, a round for each line. */
final class CLoop implements Contest.Contender {
  private static final Path SOURCE = Path.of("bench", "src", "main", "c", "communicate.c");

  private final Popen<String> process;
  private final long expectedBytes;

  private CLoop(Popen<String> process, long expectedBytes) {
    this.process = process;
    this.expectedBytes = expectedBytes;
  }

  /** Compiles the loop into a folder; prints the reason if that cannot be done. */
  static Optional<Path> compile(Path folder) throws IOException, InterruptedException {
    if (!Files.exists(SOURCE)) {
      System.out.println("No C loop: " + SOURCE + " is not below the current directory");
      return Optional.empty();
    }
    Path program = folder.resolve("communicate");
    try {
      int exit = Command.of("cc", "-O2", "-o", program.toString(), SOURCE.toString()).call();
      if (exit == 0) {
        return Optional.of(program);
      }
      System.out.println("No C loop: cc exited with " + exit);
      return Optional.empty();
    } catch (SpawnException e) {
      System.out.println("No C loop: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Starts the loop for one child, which is to write so many bytes in each round. */
  static CLoop start(
      Path program, long expectedBytes, long inputBytes, int pipeBytes, String... child)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Long.toString(inputBytes));
    arguments.add(Integer.toString(pipeBytes));
    arguments.addAll(Arrays.asList(child));
    return new CLoop(
        Command.of(program).args(arguments).text().stdin(PIPE).stdout(PIPE).killOnClose().start(),
        expectedBytes);
  }

  /** One round, as the loop measured it. */
  @Override
  public long play() throws IOException {
    process.stdinWriter().write("\n");
    String line = process.stdoutReader().readLine();
    if (line == null) {
      throw new IOException("the C loop ended early");
    }
    String[] words = line.split(" ", -1);
    Smoke.requireBytes(expectedBytes, Long.parseLong(words[1]));
    return Long.parseLong(words[0]);
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
