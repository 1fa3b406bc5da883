package io.github.jpopen.windows;

import java.nio.file.Path;

/** Names of files for calls that take long ones only behind a prefix. */
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
