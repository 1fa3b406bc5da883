package io.github.jpopen.windows;

import java.util.Locale;

/**
 * Refuses batch files: CreateProcessW would give them to cmd.exe, whose quoting no argument
 * survives.
 */
final class BatchFiles {
  private BatchFiles() {}

  /**
   * Returns unless the file is one, however it is spelled.
   *
   * @throws IllegalArgumentException if it is
   */
  static void refuse(String file) {
    if (isBatch(file)) {
      throw new IllegalArgumentException(
          "batch files are not started directly (CVE-2024-24576); start cmd.exe yourself");
    }
  }

  static boolean isBatch(String file) {
    // A colon after the drive begins the name of a stream of the file.
    int name = Math.max(file.lastIndexOf('\\'), file.lastIndexOf('/')) + 1;
    String last = file.substring(name);
    int stream = last.indexOf(':', last.length() > 1 && last.charAt(1) == ':' ? 2 : 0);
    if (isBatchName(last)) {
      return true;
    }
    return stream >= 0 && isBatchName(last.substring(0, stream));
  }

  private static boolean isBatchName(String name) {
    int end = name.length();
    // Windows drops dots and spaces at the end of a name.
    while (end > 0 && isDropped(name.charAt(end - 1))) {
      end--;
    }
    String normal = name.substring(0, end).toLowerCase(Locale.ROOT);
    return normal.endsWith(".bat") || normal.endsWith(".cmd");
  }

  private static boolean isDropped(char c) {
    return c == '.' || c <= ' ' || c == '"';
  }
}
