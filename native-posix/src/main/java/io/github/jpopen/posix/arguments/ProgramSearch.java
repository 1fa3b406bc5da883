package io.github.jpopen.posix.arguments;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.Closing;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a program by its name in a list of directories, as {@code execvp} does, except for two
 * dangers.
 *
 * <p>Empty and relative entries are skipped, so the working directory is never searched. What is
 * found is a regular executable file, never a directory of that name.
 */
public final class ProgramSearch {
  /** What {@code confstr(_CS_PATH)} answers, for a process without PATH. */
  public static final byte[] STANDARD_PATH = "/bin:/usr/bin".getBytes(StandardCharsets.US_ASCII);

  // Most entries of a PATH lack the program. For each of these Files.exists and notExists make two
  // exceptions, which a start would pay for.
  private static final FileSystemProvider ATTRIBUTES = FileSystems.getDefault().provider();

  private final Posix posix;
  private final List<byte[]> found = new ArrayList<>();
  private int error;
  private byte @Nullable [] refused;

  /**
   * Searches.
   *
   * @param posix tells what a look failed at
   * @param name without a slash
   * @param path directories separated by colons
   */
  public ProgramSearch(Posix posix, byte[] name, byte[] path) {
    this.posix = posix;
    int start = 0;
    for (int end = 0; end <= path.length; end++) {
      if (end == path.length || path[end] == ':') {
        if (end > start && path[start] == '/') {
          consider(join(path, start, end, name));
        }
        start = end + 1;
      }
    }
  }

  /** The executable files of that name, the one to try first at the front. */
  public List<byte[]> found() {
    return found;
  }

  /**
   * The first error except for a missing file; 0 if there was none. It is one of these:
   *
   * <ul>
   *   <li>A file of that name may not be executed.
   *   <li>Its directory may not be searched.
   *   <li>Its name is too long, or its links go in a circle.
   * </ul>
   */
  public int error() {
    return error;
  }

  /** The first file of that name that may not be executed. */
  public byte @Nullable [] refused() {
    return refused;
  }

  private void consider(byte[] file) {
    Path path = PathBytes.toPath(file);
    BasicFileAttributes attributes;
    try {
      attributes = ATTRIBUTES.readAttributesIfExists(path, BasicFileAttributes.class);
    } catch (IOException e) {
      note(reason(file));
      return;
    }
    if (attributes != null && attributes.isRegularFile()) {
      if (Files.isExecutable(path)) {
        found.add(file);
      } else {
        if (refused == null) {
          refused = file;
        }
        note(posix.constants().EACCES());
      }
    }
  }

  private void note(int reason) {
    PosixConstants constants = posix.constants();
    if (error == 0 && reason != constants.ENOENT() && reason != constants.ENOTDIR()) {
      error = reason;
    }
  }

  // Files tells no number; open(2) goes the way that execve would, and fails where it does.
  private int reason(byte[] file) {
    try (Arena arena = Arena.ofConfined()) {
      int result = posix.open(CStrings.string(file, arena), Posix.Access.READ);
      if (result >= 0) {
        Closing.close(posix, result);
      }
      return result < 0 ? -result : 0;
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
