package io.github.jpopen.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** What this build publishes as jars. */
enum Artifact {
  CORE("core", "jpopen-core", "io.github.jpopen"),
  POSIX("native-posix", "jpopen-native-posix", "io.github.jpopen.posix"),
  WINDOWS("native-windows", "jpopen-native-windows", "io.github.jpopen.windows"),
  ALL("jpopen", "jpopen", "io.github.jpopen.all"),
  TESTING("testing", "jpopen-testing", "io.github.jpopen.testing"),
  CONFORMANCE("conformance", "jpopen-conformance", "io.github.jpopen.conformance");

  static final String VERSION = System.getProperty("jpopen.version", "none");

  private final String folder;
  private final String artifactId;
  private final String module;

  Artifact(String folder, String artifactId, String module) {
    this.folder = folder;
    this.artifactId = artifactId;
    this.module = module;
  }

  String module() {
    return module;
  }

  /** The jar with the classes. */
  Path jar() {
    return jar("");
  }

  /**
   * One of the jars.
   *
   * @param classifier such as {@code -sources}, or empty
   */
  Path jar(String classifier) {
    Path jar = Path.of("..", folder, "target", artifactId + '-' + VERSION + classifier + ".jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " was not built: run mvn -Pit verify");
    }
    return jar.toAbsolutePath().normalize();
  }

  Manifest manifest() throws IOException {
    try (JarFile file = new JarFile(jar().toFile())) {
      return file.getManifest();
    }
  }
}
