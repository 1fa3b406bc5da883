package io.github.jpopen.posix.libc;

/** Selects the calls of the system that this JVM runs on. */
public final class HostPosix {
  private HostPosix() {}

  /** Whether this system is supported; links nothing. */
  public static boolean isSupported() {
    return isLinux() || isMac();
  }

  /**
   * Links.
   *
   * @param likeMac on Linux, makes only calls that macOS has, too
   * @return the calls
   * @throws IllegalCallerException if native access is denied
   */
  public static Posix link(boolean likeMac) {
    if (isMac()) {
      return MacPosix.link();
    }
    if (likeMac) {
      return MacShapedPosix.link();
    }
    return LinuxPosix.link();
  }

  private static boolean isLinux() {
    return "Linux".equals(System.getProperty("os.name"));
  }

  private static boolean isMac() {
    return "Mac OS X".equals(System.getProperty("os.name"));
  }
}
