package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what keeps a program from starting where {@code posix_spawn} does not tell: glibc
 * before 2.24 reports success, and the child exits with 127.
 */
final class SilentSpawnFailures {
  private static final int MAJOR = 2;
  private static final int FIRST_THAT_TELLS = 24;

  private SilentSpawnFailures() {}

  static boolean hidesFailures(Posix posix) {
    String[] version = posix.libraryVersion().split("\\.", -1);
    return version.length >= 2
        && Integer.parseInt(version[0]) == MAJOR
        && Integer.parseInt(version[1]) < FIRST_THAT_TELLS;
  }

  /**
   * The error that {@code posix_spawn} would report, as far as can be seen from here; 0 if none.
   */
  static int check(
      PosixConstants constants, byte[] file, @Nullable Path directory, WorkingDirectory here) {
    Path child = directory == null ? here.directory() : here.directory().resolve(directory);
    if (!Files.isDirectory(child)) {
      return Files.exists(child) ? constants.ENOTDIR() : constants.ENOENT();
    }
    Path program = PathBytes.resolve(child, file);
    if (!Files.exists(program)) {
      return constants.ENOENT();
    }
    return Files.isRegularFile(program) && Files.isExecutable(program) ? 0 : constants.EACCES();
  }
}
