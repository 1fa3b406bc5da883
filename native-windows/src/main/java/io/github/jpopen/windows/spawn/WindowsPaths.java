package io.github.jpopen.windows.spawn;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.nio.file.Path;

/**
 * Paths as Windows takes them. A relative one means the current directory of this process, or of a
 * drive; in Java it means the property {@code user.dir}.
 */
public final class WindowsPaths {
  private static final int LONG = 248;

  private WindowsPaths() {}

  /** The absolute path. */
  public static Path absolute(Win32 win32, Path path) throws Win32Exception {
    return path.isAbsolute() ? path : Path.of(win32.fullPath(path.toString()));
  }

  /** The text of an absolute path, with the prefix that CreateFileW needs if it is long. */
  static String forCreateFile(Path path) {
    String text = path.normalize().toString();
    if (text.length() < LONG || text.startsWith("\\\\?\\")) {
      return text;
    }
    return text.startsWith("\\\\") ? "\\\\?\\UNC\\" + text.substring(2) : "\\\\?\\" + text;
  }
}
