package io.github.jpopen.windows.spawn;

import java.nio.file.Path;

/** Adds the prefix with which CreateFileW accepts a long path. */
final class LongPaths {
  private static final int LONG = 248;

  private LongPaths() {}

  static String of(Path path) {
    String text = path.toAbsolutePath().normalize().toString();
    if (text.length() < LONG || text.startsWith("\\\\?\\")) {
      return text;
    }
    return text.startsWith("\\\\") ? "\\\\?\\UNC\\" + text.substring(2) : "\\\\?\\" + text;
  }
}
