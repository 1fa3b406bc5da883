package io.github.jpopen.windows.spawn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file of a program in the absolute directories of PATH. It never searches the working
 * directory, and never finds a batch file.
 */
final class ProgramSearch {
  private static final List<String> EXTENSIONS = List.of(".com", ".exe");

  private final Predicate<String> isFile;
  private final List<String> extensions = new ArrayList<>();

  /**
   * Prepares a search.
   *
   * @param pathExt the child's PATHEXT or null; decides which of .com and .exe comes first
   * @param isFile whether a path refers to an existing file that is no directory
   */
  ProgramSearch(@Nullable String pathExt, Predicate<String> isFile) {
    this.isFile = isFile;
    if (pathExt != null) {
      for (String extension : pathExt.toLowerCase(Locale.ROOT).split(";", -1)) {
        if (EXTENSIONS.contains(extension) && !extensions.contains(extension)) {
          extensions.add(extension);
        }
      }
    }
    for (String extension : EXTENSIONS) {
      if (!extensions.contains(extension)) {
        extensions.add(extension);
      }
    }
  }

  /** Whether a name contains a directory or a drive. */
  static boolean isPath(String name) {
    return name.indexOf('\\') >= 0 || name.indexOf('/') >= 0 || name.indexOf(':') >= 0;
  }

  /** The first file of this name in the directories of {@code path}, or null. */
  @Nullable String find(String name, @Nullable String path) {
    if (path == null) {
      return null;
    }
    for (String entry : path.split(";", -1)) {
      String directory = unquoted(entry);
      if (isAbsolute(directory)) {
        boolean ends = directory.endsWith("\\") || directory.endsWith("/");
        String file = extended(directory + (ends ? "" : "\\") + name);
        if (file != null) {
          return file;
        }
      }
    }
    return null;
  }

  /** The file at a path without or with its extension, or null. */
  @Nullable String at(String file) {
    String found = extended(file);
    return found == null && isFile.test(file) ? file : found;
  }

  private @Nullable String extended(String file) {
    String name = file.substring(Math.max(file.lastIndexOf('\\'), file.lastIndexOf('/')) + 1);
    if (name.indexOf('.') >= 0 && isFile.test(file)) {
      return file;
    }
    for (String extension : extensions) {
      if (isFile.test(file + extension)) {
        return file + extension;
      }
    }
    return null;
  }

  static boolean isAbsolute(String directory) {
    boolean drive =
        directory.length() >= 3
            && Character.isLetter(directory.charAt(0))
            && directory.charAt(1) == ':'
            && isSeparator(directory.charAt(2));
    boolean share =
        directory.length() > 2
            && isSeparator(directory.charAt(0))
            && isSeparator(directory.charAt(1));
    return drive || share;
  }

  private static boolean isSeparator(char c) {
    return c == '\\' || c == '/';
  }

  private static String unquoted(String entry) {
    boolean quoted = entry.length() >= 2 && entry.startsWith("\"") && entry.endsWith("\"");
    return quoted ? entry.substring(1, entry.length() - 1) : entry;
  }
}
