package io.github.jpopen.platform;

import io.github.jpopen.spi.ProcessPlatform;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Knows the one {@link ProcessPlatform} that core uses: that of this system, unless a test has put
 * another in its place.
 */
public final class Platforms {
  private static final AtomicReference<@Nullable ProcessPlatform> CURRENT = new AtomicReference<>();
  private static final AtomicReference<@Nullable ProcessPlatform> SYSTEM = new AtomicReference<>();
  private static final AtomicReference<@Nullable ProcessPlatform> SUBSTITUTE =
      new AtomicReference<>();

  private Platforms() {}

  /**
   * The platform of this JVM.
   *
   * @return the same object at every call, except for the time of a {@link #substitute}
   * @throws UnsupportedOperationException if no native module for this system can be used; says
   *     why, and what to do
   */
  public static ProcessPlatform current() {
    ProcessPlatform known = CURRENT.get();
    if (known != null) {
      return known;
    }
    ProcessPlatform found = ofSystem();
    ProcessPlatform other = CURRENT.compareAndExchange(null, found);
    return other == null ? found : other;
  }

  /**
   * The platform of this system, even if there is a substitute.
   *
   * @return the same object at every call
   * @throws UnsupportedOperationException if no native module for this system can be used; says
   *     why, and what to do
   */
  public static ProcessPlatform ofSystem() {
    ProcessPlatform known = SYSTEM.get();
    if (known != null) {
      return known;
    }
    // No lock and no class initialiser: a thousand virtual threads may come at once. Finding it
    // twice is harmless, using two is not: each would have threads and limits of its own.
    ProcessPlatform found = new PlatformSearch().find();
    ProcessPlatform other = SYSTEM.compareAndExchange(null, found);
    return other == null ? found : other;
  }

  /**
   * Puts a platform in the place of that of this system, for the whole JVM. For tests of programs
   * that start children. Children that run already stay as they are.
   *
   * @param substitute in use until {@link #restore}
   * @throws IllegalStateException if there is a substitute already
   */
  public static void substitute(ProcessPlatform substitute) {
    if (!SUBSTITUTE.compareAndSet(null, substitute)) {
      throw new IllegalStateException(
          "fakes are installed already: close them first, and run such tests one by one");
    }
    CURRENT.set(substitute);
  }

  /**
   * Uses the platform of this system again. Does nothing unless this substitute is in use.
   *
   * @param substitute what {@link #substitute} was called with
   */
  public static void restore(ProcessPlatform substitute) {
    if (CURRENT.compareAndSet(substitute, SYSTEM.get())) {
      SUBSTITUTE.set(null);
    }
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
