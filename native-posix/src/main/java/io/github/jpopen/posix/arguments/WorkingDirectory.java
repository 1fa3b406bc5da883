package io.github.jpopen.posix.arguments;

import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Posix.Access;
import io.github.jpopen.posix.wait.Closing;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The working directory of this process as the kernel knows it.
 *
 * <p>The kernel keeps the directory itself, even if it is renamed or deleted. {@link
 * Path#toAbsolutePath} uses the name that the directory had when the JVM was started, or the
 * property {@code user.dir} of the command line. That may be another directory by now.
 */
public final class WorkingDirectory {
  private static final Path LINK = Path.of("/proc/self/cwd");
  private static final Path HERE = Path.of("");
  private static final int LONGEST_PATH = 1024;

  private final Posix posix;

  /** Looks at nothing yet. */
  public WorkingDirectory(Posix posix) {
    this.posix = posix;
  }

  /**
   * A path by which {@link Files} finds the file that a system call would find by {@code path}.
   *
   * @return the same path if it is absolute, or if {@link Files} uses the same directory
   */
  public Path resolve(Path path) {
    if (path.isAbsolute()) {
      return path;
    }
    Path directory = directory();
    try {
      return Files.isSameFile(HERE, directory) ? path : directory.resolve(path);
    } catch (IOException e) { // one of them is not to be looked at
      return directory.resolve(path);
    }
  }

  /** An absolute path that leads there. Linux has one that follows a rename. */
  public Path directory() {
    return Files.isDirectory(LINK) ? LINK : name();
  }

  /** Its present name, which a child that has another directory can use as well. */
  public Path name() {
    try {
      return Files.readSymbolicLink(LINK);
    } catch (IOException | UnsupportedOperationException e) { // no /proc: fcntl may tell
      return opened();
    }
  }

  private Path opened() {
    try (Arena arena = Arena.ofConfined()) {
      byte[] dot = ".".getBytes(StandardCharsets.US_ASCII);
      int directory = posix.open(CStrings.string(dot, arena), Access.READ);
      if (directory < 0) {
        return HERE.toAbsolutePath();
      }
      MemorySegment name = arena.allocate(LONGEST_PATH);
      int result = posix.filePath(directory, name);
      Closing.close(posix, directory);
      return result < 0
          ? HERE.toAbsolutePath()
          : PathBytes.toPath(name.getString(0).getBytes(StandardCharsets.UTF_8));
    }
  }
}
