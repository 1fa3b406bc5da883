package io.github.jpopen.windows.spawn;

import java.util.Locale;

/**
 * Refuses batch files: CreateProcessW would pass them to cmd.exe, which interprets arguments in
 * ways that no quoting prevents.
 */
final class BatchFiles {
  private BatchFiles() {}

  /**
   * Checks a file.
   *
   * @throws IllegalArgumentException if Windows would take the file for a batch file
   */
  static void refuse(String file) {
    if (isBatch(file)) {
      throw new IllegalArgumentException(
          "\""
              + file
              + "\" is a batch file, and cmd.exe would interpret its arguments (CVE-2024-24576):"
              + " use Command.shell");
    }
  }

  static boolean isBatch(String file) {
    // A colon that does not follow a drive letter begins the name of a stream of the file.
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
    // Windows ignores dots and spaces at the end of a name.
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
