package io.github.jpopen.posix;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a program by its name in a list of directories, as {@code execvp} does, but for two
 * dangers.
 *
 * <p>Empty and relative entries are skipped, so the working directory is never searched; and what
 * is found is a regular executable file, never a directory of that name.
 */
final class ProgramSearch {
  /** What {@code confstr(_CS_PATH)} answers, for a process without PATH. */
  static final byte[] STANDARD_PATH = "/bin:/usr/bin".getBytes(StandardCharsets.US_ASCII);

  private final List<byte[]> found = new ArrayList<>();
  private boolean denied;

  /**
   * Searches.
   *
   * @param name without a slash
   * @param path directories separated by colons
   */
  ProgramSearch(byte[] name, byte[] path) {
    int start = 0;
    for (int end = 0; end <= path.length; end++) {
      if (end == path.length || path[end] == ':') {
        if (end > start && path[start] == '/') {
          look(join(path, start, end, name));
        }
        start = end + 1;
      }
    }
  }

  /** The executable files of that name, the one to try first at the front. */
  List<byte[]> found() {
    return found;
  }

  /**
   * Whether there was a file of that name that may not be executed, or a directory that may not be
   * searched.
   */
  boolean denied() {
    return denied;
  }

  private void look(byte[] file) {
    Path path = PathBytes.toPath(file);
    if (Files.isRegularFile(path)) {
      if (Files.isExecutable(path)) {
        found.add(file);
      } else {
        denied = true;
      }
    } else if (!Files.exists(path) && !Files.notExists(path)) {
      denied = true; // neither is known: EACCES
    }
  }

  private static byte[] join(byte[] path, int start, int end, byte[] name) {
    byte[] file = new byte[end - start + 1 + name.length];
    System.arraycopy(path, start, file, 0, end - start);
    file[end - start] = '/';
    System.arraycopy(name, 0, file, end - start + 1, name.length);
    return file;
  }
}
