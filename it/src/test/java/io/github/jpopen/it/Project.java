package io.github.jpopen.it;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program of the folder {@code projects} that Maven builds: one start of it builds them all. */
final class Project {
  private static final Path PROJECTS = Path.of("target", "projects").toAbsolutePath();
  private static boolean built;

  private final String name;
  private final Path target;

  Project(String name) throws IOException, InterruptedException {
    buildAll();
    this.name = name;
    target = PROJECTS.resolve(name).resolve("target");
  }

  /** The jar that the project makes. */
  Path jar() {
    return target.resolve("app.jar");
  }

  /** Another jar that the project makes. */
  Path jar(String classifier) {
    return target.resolve(name + "-1-" + classifier + ".jar");
  }

  /** The folder with the jars of all dependencies. */
  Path lib() {
    return target.resolve("lib");
  }

  /** The jar and its dependencies, for {@code -cp}. */
  String classPath() {
    return path(jar(), lib().resolve("*"));
  }

  /** The jar and its dependencies, for {@code -p}. */
  String modulePath() {
    return path(jar(), lib());
  }

  static String path(Path... entries) {
    return Arrays.stream(entries)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static synchronized void buildAll() throws IOException, InterruptedException {
    if (built) {
      return;
    }
    copy(Path.of("projects"));
    Path outer = Path.of(System.getProperty("outer.repository", ""));
    Ran maven =
        Ran.of(
            Map.of(
                "JAVA_HOME",
                Jdk.home().toString(),
                "MAVEN_OPTS",
                "-Xmx768m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"),
            Path.of(System.getProperty("outer.maven", ""), "bin", "mvn"),
            "--batch-mode",
            "--no-transfer-progress",
            "--quiet",
            "--file=" + PROJECTS.resolve("pom.xml"),
            "-Dmaven.repo.local=" + Path.of("target", "repository").toAbsolutePath(),
            "-Douter.repository=" + outer.toUri(),
            "-Djpopen.version=" + Artifact.VERSION,
            "package");
    assertThat(maven.status()).as(maven.output()).isZero();
    built = true;
  }

  private static void copy(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = PROJECTS.resolve(from.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to, REPLACE_EXISTING);
      }
    }
  }
}
