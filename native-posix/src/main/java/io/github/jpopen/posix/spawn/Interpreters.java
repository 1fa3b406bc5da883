package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.PathBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The interpreters that scripts name in their first line, one after the other. */
final class Interpreters {
  /** As much as {@code execve} looks at. */
  private static final int FIRST_LINE = 256;

  /** An interpreter may be a script itself, so often in Linux. */
  private static final int DEPTH = 5;

  private Interpreters() {}

  /**
   * The interpreter that keeps a file from being executed, although the file itself may be.
   *
   * @param directory the child's, by an absolute path
   * @return its name as the script gives it; null if there is no such interpreter
   */
  static byte @Nullable [] unusable(Path directory, Path file) {
    Path script = file;
    for (int depth = 0; depth < DEPTH && isExecutable(script); depth++) {
      byte[] name = interpreter(script);
      if (name == null) {
        return null;
      }
      script = PathBytes.resolve(directory, name);
      if (!isExecutable(script)) {
        return name;
      }
    }
    return null;
  }

  private static boolean isExecutable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static byte @Nullable [] interpreter(Path script) {
    byte[] line;
    try (InputStream in = Files.newInputStream(script)) {
      line = in.readNBytes(FIRST_LINE);
    } catch (IOException e) {
      return null; // may be executed and not read
    }
    if (line.length < 2 || line[0] != '#' || line[1] != '!') {
      return null;
    }
    int start = 2;
    while (start < line.length && isBlank(line[start])) {
      start++;
    }
    int end = start;
    while (end < line.length && !isBlank(line[end]) && line[end] != '\n' && line[end] != 0) {
      end++;
    }
    return start == end ? null : Arrays.copyOfRange(line, start, end);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
