package io.github.jpopen.platform;

import io.github.jpopen.spi.ProcessPlatform;
import org.jspecify.annotations.Nullable;

/** The names of the native module that serves a system. */
enum KnownPlatform {
  POSIX("posix", "PosixPlatform"),
  WINDOWS("windows", "WindowsPlatform");

  private final String system;
  private final String simpleName;

  KnownPlatform(String system, String simpleName) {
    this.system = system;
    this.simpleName = simpleName;
  }

  /** Null if there is no native module for the system of this JVM. */
  static @Nullable KnownPlatform ofThisSystem() {
    String name = System.getProperty("os.name", "");
    if (name.startsWith("Windows")) {
      return WINDOWS;
    }
    return name.equals("Linux") || name.equals("Mac OS X") ? POSIX : null;
  }

  /** The artifact to add. */
  String artifact() {
    return "io.github.jpopen:jpopen-native-" + system;
  }

  /** The module to add. */
  String module() {
    return "io.github.jpopen." + system;
  }

  /** The class, beside core's own packages: tools that move classes move both alike. */
  String className() {
    String seam = KnownPlatform.class.getPackageName();
    return seam.substring(0, seam.lastIndexOf('.') + 1) + system + '.' + simpleName;
  }

  /** Whether this loader finds the class, which is not loaded. */
  boolean isIn(ClassLoader loader) {
    return loader.getResource(className().replace('.', '/') + ".class") != null;
  }

  /** Makes the platform by the name of its class. */
  ProcessPlatform load() throws ReflectiveOperationException {
    Class<?> type = Class.forName(className(), true, KnownPlatform.class.getClassLoader());
    return (ProcessPlatform) type.getConstructor().newInstance();
  }
}
