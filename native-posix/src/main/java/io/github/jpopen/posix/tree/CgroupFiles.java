package io.github.jpopen.posix.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Posix.Access;
import io.github.jpopen.posix.wait.Closing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The directories and files of cgroups, by the system calls whose errors a user is to see. */
final class CgroupFiles {
  private static final int MODE = 0755;
  private static final int CHUNK = 4096;

  private final Posix posix;
  private final Function<Path, byte[]> names;

  /**
   * Uses these calls.
   *
   * @param names gives the name of a file as the kernel knows it
   */
  CgroupFiles(Posix posix, Function<Path, byte[]> names) {
    this.posix = posix;
    this.names = names;
  }

  PosixConstants constants() {
    return posix.constants();
  }

  /** Makes a directory; 0 or a negated error. */
  int make(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      return posix.makeDirectory(name(directory, arena), MODE);
    }
  }

  /** Removes a directory; 0 or a negated error. The kernel refuses if a process is in it. */
  int remove(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      return posix.removeDirectory(name(directory, arena));
    }
  }

  /** Removes a directory and the ones below it, as far as no process is in them. */
  void removeAll(Path directory) throws IOException {
    for (Path below : below(directory)) {
      removeAll(below);
    }
    int _ = remove(directory);
  }

  /** Opens a file; its descriptor or a negated error. */
  int open(Path file, Access access) {
    try (Arena arena = Arena.ofConfined()) {
      return posix.open(name(file, arena), access);
    }
  }

  void close(int descriptor) {
    Closing.close(posix, descriptor);
  }

  /** Writes in one call, as these files want it; negative if that failed. */
  int write(int descriptor, int number) {
    byte[] bytes = Integer.toString(number).getBytes(US_ASCII);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = CStrings.string(bytes, arena);
      return (int) posix.write(descriptor, text, bytes.length);
    }
  }

  /** The text of a file; null if its cgroup is gone. */
  @Nullable String read(Path file) throws IOException {
    int descriptor = open(file, Access.READ);
    if (descriptor < 0) {
      return isGone(descriptor) ? null : missing(file, descriptor);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(CHUNK);
      StringBuilder text = new StringBuilder();
      while (true) {
        int count = (int) posix.read(descriptor, room, CHUNK);
        if (count < 0) {
          return isGone(count) ? null : missing(file, count);
        }
        if (count == 0) {
          return text.toString();
        }
        text.append(new String(room.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), US_ASCII));
      }
    } finally {
      close(descriptor);
    }
  }

  // A descriptor stays valid when its cgroup is removed, and the file answers ENODEV.
  private boolean isGone(int result) {
    return result == -constants().ENOENT() || result == -constants().ENODEV();
  }

  // The processes of a threaded cgroup are listed in the one above that is not, see cgroups(7).
  private String missing(Path file, int result) throws IOException {
    if (result == -constants().ENOTSUP()) {
      return "";
    }
    throw new IOException("cannot read " + file + ": " + constants().errorName(-result));
  }

  /** The cgroups directly below one. */
  List<Path> below(Path directory) throws IOException {
    List<Path> below = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, Files::isDirectory)) {
      all.forEach(below::add);
    } catch (NoSuchFileException e) { // it was removed meanwhile
      below.clear();
    } catch (DirectoryIteratorException | UncheckedIOException e) {
      throw new IOException(e);
    }
    return below;
  }

  private MemorySegment name(Path file, Arena arena) {
    return CStrings.string(names.apply(file), arena);
  }
}
