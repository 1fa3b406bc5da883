package io.github.jpopen.posix.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code strace}, attached to a thread or a process. It makes system calls fail, and logs them. */
final class Strace implements AutoCloseable {
  private final Process process;
  private final Path log;

  /**
   * Attaches it, and waits until it is.
   *
   * @param id a thread; with {@code -f} among the options, its process and the children
   */
  Strace(Path log, long id, List<String> options) throws IOException {
    this.log = log;
    List<String> command = new ArrayList<>(List.of("strace", "-o", log.toString()));
    command.addAll(options);
    command.addAll(List.of("-p", Long.toString(id)));
    process = start(command);
    BufferedReader messages = process.errorReader();
    List<String> all = new ArrayList<>();
    for (String line = messages.readLine(); line != null; line = messages.readLine()) {
      all.add(line);
      if (line.contains(" attached")) {
        return;
      }
    }
    boolean refused = all.toString().contains("Operation not permitted");
    assumeTrue(!refused, "ptrace is refused");
    throw new AssertionError(command + ": " + all);
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      assumeTrue(false, "strace is not here");
      throw new AssertionError(e);
    }
  }

  /** Detaches it, and returns what it has logged. */
  String detach() throws IOException, InterruptedException {
    close();
    process.waitFor();
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy(); // SIGTERM, at which it detaches
  }
}
