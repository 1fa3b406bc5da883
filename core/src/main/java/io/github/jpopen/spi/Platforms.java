package io.github.jpopen.spi;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Knows the one {@link ProcessPlatform} that serves this system. */
public final class Platforms {
  private static final AtomicReference<@Nullable ProcessPlatform> CURRENT = new AtomicReference<>();

  private Platforms() {}

  /**
   * The platform of this JVM.
   *
   * @return the same object at every call
   * @throws UnsupportedOperationException if no native module for this system can be used; says
   *     why, and what to do
   */
  public static ProcessPlatform current() {
    ProcessPlatform known = CURRENT.get();
    if (known != null) {
      return known;
    }
    // No lock and no class initialiser: a thousand virtual threads may come at once. Finding it
    // twice is harmless, using two is not: each would have threads and limits of its own.
    ProcessPlatform found = new PlatformSearch().find();
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
}
