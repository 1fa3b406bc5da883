package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Knows which of the descriptors 0 to 2 are streams that this process was given. Another one is
 * something the JVM put there because the number was free; a child must not inherit it.
 *
 * <p>The kernel does not record which code opened a file, but the JVM opens its own in a fixed way:
 *
 * <ul>
 *   <li>Its first file is its image ({@code lib/modules}), which takes the lowest free number. So
 *       nothing but the image can be a file of the JVM at 0.
 *   <li>It opens its image and the class path for reading only, and leaves them open.
 *   <li>What is close-on-exec cannot have come through the start of this process.
 *   <li>When Java closes one of these numbers it puts the null device there, for writing only,
 *       which a child could not read.
 * </ul>
 *
 * <p>In doubt a child inherits: the opposite mistake loses bytes, and no error shows it.
 */
public final class StandardDescriptors {
  private static final String NULL_DEVICE = "/dev/null";
  private static final int LONGEST_PATH = 1024;
  private static final int STDIN = 0;

  /** How far to look for a second image: a JVM that was given one opens its own soon after. */
  private static final int LAST_LOOKED_AT = 31;

  /** What each leads to, as far as that is known to be no file of the JVM. */
  private final AtomicReferenceArray<@Nullable String> given = new AtomicReferenceArray<>(3);

  private final Posix posix;
  private final Path links;

  StandardDescriptors(Posix posix) {
    this(posix, Path.of("/proc/self/fd"));
  }

  /** The same where the links of Linux are elsewhere, or nowhere. */
  StandardDescriptors(Posix posix, Path links) {
    this.posix = posix;
    this.links = links;
  }

  /** Whether a child may inherit this one; if not it should get the null device. */
  boolean isOurs(int descriptor) {
    // 0: open, and open after exec. Otherwise the child would find it closed, and its next file
    // would land there.
    if (posix.descriptorFlags(descriptor) != 0) {
      return false;
    }
    String target = target(descriptor);
    if (target == null) {
      return true; // nothing tells in a bare container, nor what a pipe is on macOS
    }
    if (target.equals(given.get(descriptor))) {
      return true;
    }
    int access = accessMode(descriptor);
    if (target.equals(NULL_DEVICE)) { // looked at each time: Java puts it where it closes a number
      return access != posix.constants().O_WRONLY();
    }
    if (access == posix.constants().O_RDONLY() && isOpenedByTheJvm(descriptor, target)) {
      return false;
    }
    given.set(descriptor, target);
    return true;
  }

  private int accessMode(int descriptor) {
    PosixConstants constants = posix.constants();
    return posix.statusFlags(descriptor) & (constants.O_WRONLY() | constants.O_RDWR());
  }

  private boolean isOpenedByTheJvm(int descriptor, String target) {
    if (descriptor != STDIN) {
      return isFileOfTheJvm(target); // opened for reading: nothing could be written there anyway
    }
    // The JVM's first file takes the lowest free number, and only 0 is not above it.
    return isImage(target) && !isImageOpenElsewhere();
  }

  // The JVM opens its image once, so of two the starter has given the first.
  private boolean isImageOpenElsewhere() {
    for (int descriptor = STDIN + 1; descriptor <= LAST_LOOKED_AT; descriptor++) {
      if (isImage(target(descriptor))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isImage(@Nullable String target) {
    return target != null
        && target.equals(real(System.getProperty("java.home", "/-") + "/lib/modules"));
  }

  private @Nullable String target(int descriptor) {
    try {
      return Files.readSymbolicLink(links.resolve(Integer.toString(descriptor))).toString();
    } catch (IOException | UnsupportedOperationException e) { // no /proc: fcntl may tell
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment path = arena.allocate(LONGEST_PATH);
        return posix.filePath(descriptor, path) < 0 ? null : path.getString(0);
      }
    }
  }

  private static boolean isFileOfTheJvm(String file) {
    return file.startsWith(real(System.getProperty("java.home", "/-")).concat("/"))
        || isOn(System.getProperty("java.class.path", ""), file)
        || isOn(System.getProperty("jdk.module.path", ""), file);
  }

  private static boolean isOn(String path, String file) {
    for (String entry : path.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        String real = real(entry);
        // Of a directory it keeps only archives open.
        if (file.equals(real) || (file.endsWith(".jar") && file.startsWith(real + '/'))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String real(String path) {
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException | InvalidPathException e) { // missing, or not to be named in this locale
      return path;
    }
  }
}
