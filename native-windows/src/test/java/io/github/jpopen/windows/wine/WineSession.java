package io.github.jpopen.windows.wine;

import java.security.Security;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Prepares a JVM under Wine before the first test. */
public final class WineSession implements LauncherSessionListener {
  /** Makes the listener. */
  public WineSession() {}

  /** Whether this is Wine and not Windows. */
  public static boolean isWine() {
    return System.getenv("WINEPREFIX") != null
        && System.getProperty("os.name").startsWith("Windows");
  }

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (isWine()) {
      int _ = Security.insertProviderAt(new RandomFromUnix(), 1);
    }
  }
}
