package io.github.jpopen.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that uses jpopen in Apache Felix. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the bundle starts a POSIX program")
class OsgiTest {
  private static final Path PROJECT = Path.of("projects", "osgi");

  @TempDir private Path folder;

  @Test
  void aBundleStartsAChildThroughCoreAndItsFragments() throws Exception {
    Ran ran = inFelix(Artifact.values());
    assertThat(ran.lines()).as(ran.output()).contains("child of consumer");
    assertThat(ran.status()).isZero();
  }

  @Test
  void withoutAFragmentTheMessageNamesTheArtifact() throws Exception {
    Ran ran = inFelix(Artifact.CORE);
    assertThat(ran.output()).contains("add io.github.jpopen:jpopen-native-posix");
    assertThat(ran.status()).isNotZero();
  }

  private Ran inFelix(Artifact... artifacts) throws Exception {
    Path felix = felix();
    Path host = folder.resolve("host");
    Jdk.compile(PROJECT.resolve("host"), host, "-cp", felix);
    List<Object> command = new ArrayList<>();
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", felix + File.pathSeparator + host, "Host"));
    command.add(folder.resolve("cache"));
    Arrays.stream(artifacts).map(Artifact::jar).forEach(command::add);
    command.add(consumer(felix));
    return Jdk.java(command.toArray());
  }

  private Path consumer(Path felix) throws IOException {
    Path classes = folder.resolve("bundle");
    String classPath = felix + File.pathSeparator + Artifact.CORE.jar();
    Jdk.compile(PROJECT.resolve("bundle"), classes, "-cp", classPath);
    Path manifest = folder.resolve("manifest");
    Files.writeString(
        manifest,
        """
        Bundle-ManifestVersion: 2
        Bundle-SymbolicName: consumer
        Bundle-Activator: consumer.Activator
        Import-Package: io.github.jpopen,org.osgi.framework
        """);
    Path jar = folder.resolve("consumer.jar");
    Jdk.tool("jar", "--create", "--file", jar, "--manifest", manifest, "-C", classes, ".");
    return jar;
  }

  private static Path felix() throws URISyntaxException {
    return Path.of(
        FrameworkFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
