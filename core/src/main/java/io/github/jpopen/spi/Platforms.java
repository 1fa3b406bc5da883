package io.github.jpopen.spi;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Finds the one {@link ProcessPlatform} that serves this system. */
public final class Platforms {
  private static final AtomicReference<@Nullable ProcessPlatform> CURRENT = new AtomicReference<>();

  private Platforms() {}

  /**
   * The platform of this JVM.
   *
   * @return the same object at every call
   * @throws UnsupportedOperationException if no native module for this system is there; names the
   *     artifact to add
   */
  public static ProcessPlatform current() {
    ProcessPlatform known = CURRENT.get();
    if (known != null) {
      return known;
    }
    // No lock and no class initialiser: a thousand virtual threads may come at once. Finding it
    // twice is harmless, using two is not: each would have threads and limits of its own.
    ProcessPlatform found = find();
    ProcessPlatform other = CURRENT.compareAndExchange(null, found);
    return other == null ? found : other;
  }

  /**
   * Whether the JVM runs on Windows.
   *
   * @return by the system property {@code os.name}
   */
  public static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  private static ProcessPlatform find() {
    @Nullable ServiceConfigurationError broken = null;
    var providers =
        ServiceLoader.load(ProcessPlatform.class, Platforms.class.getClassLoader()).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        ProcessPlatform platform = providers.next();
        if (platform.isSupported()) {
          return platform;
        }
      } catch (ServiceConfigurationError e) { // one broken provider must not hide the others
        broken = e;
      }
    }
    String system = isWindows() ? "windows" : "posix";
    throw new UnsupportedOperationException(
        "no native module of jpopen for "
            + System.getProperty("os.name")
            + " on "
            + System.getProperty("os.arch")
            + " was found: add io.github.jpopen:jpopen-native-"
            + system
            + " (or io.github.jpopen:jpopen, which brings them all) to the class path or module"
            + " path; jlink needs --add-modules io.github.jpopen."
            + system
            + ", and a jar with dependencies the META-INF/services of all jars",
        broken);
  }
}
