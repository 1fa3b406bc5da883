package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether descriptors 0 to 2 are streams that this process was given, or a file the JVM
 * opened because the number was free when it started. A child must not inherit the latter.
 *
 * <p>The kernel does not say who opened a file. The JVM opens its own image first and then the
 * class path, in that order, and leaves them open, not close-on-exec; what was close-on-exec cannot
 * have come through the start of this process.
 */
final class StandardDescriptors {
  private static final int UNKNOWN = 0;
  private static final int GIVEN = 1;
  private static final int TAKEN = 2;

  private final Posix posix;

  // Looked at once each: the JVM never closes those files. Two threads come to the same result.
  private final int[] known = {UNKNOWN, UNKNOWN, UNKNOWN};

  StandardDescriptors(Posix posix) {
    this.posix = posix;
  }

  /** Whether a child may inherit this one. */
  boolean isOurs(int descriptor) {
    // 0: open, and stays open over exec. Otherwise the child would find it closed, and its next
    // file would land there.
    if (posix.descriptorFlags(descriptor) != 0) {
      return false;
    }
    if (known[descriptor] == UNKNOWN) {
      known[descriptor] = isFileOfTheJvm(descriptor) ? TAKEN : GIVEN;
    }
    return known[descriptor] == GIVEN;
  }

  private static boolean isFileOfTheJvm(int descriptor) {
    String file;
    try {
      file =
          Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor))).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no /proc: macOS, or a bare container
    }
    if (file.startsWith("/dev/") || !file.startsWith("/")) {
      return false; // a terminal, the null device, a pipe or a socket
    }
    return file.startsWith(real(System.getProperty("java.home", "/-")) + '/')
        || isOn(System.getProperty("java.class.path", ""), file)
        || isOn(System.getProperty("jdk.module.path", ""), file);
  }

  private static boolean isOn(String path, String file) {
    for (String entry : path.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        String real = real(entry);
        // Of a directory it keeps only archives open.
        if (file.equals(real) || file.startsWith(real + '/') && file.endsWith(".jar")) {
          return true;
        }
      }
    }
    return false;
  }

  private static String real(String path) {
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException e) {
      return path;
    }
  }
}
