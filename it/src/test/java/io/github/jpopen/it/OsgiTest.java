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
import org.eclipse.osgi.launch.EquinoxFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bundle that uses jpopen in Apache Felix, and in Equinox, the framework of Eclipse. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the bundle starts a POSIX program")
class OsgiTest {
  private static final Path PROJECT = Path.of("projects", "osgi");

  @TempDir private Path folder;

  /** A framework, by a class of it. */
  enum Osgi {
    FELIX(org.apache.felix.framework.FrameworkFactory.class),
    EQUINOX(EquinoxFactory.class);

    private final Class<?> factory;

    Osgi(Class<?> factory) {
      this.factory = factory;
    }

    Path jar() throws URISyntaxException {
      return Path.of(factory.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBundleStartsAChildThroughCoreAndItsFragments(Osgi osgi) throws Exception {
    Ran ran = run(osgi.jar(), Artifact.values());
    assertThat(ran.lines()).as(ran.output()).contains("child of consumer");
    assertThat(ran.status()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAFragmentTheMessageNamesTheArtifact(Osgi osgi) throws Exception {
    Ran ran = run(osgi.jar(), Artifact.CORE);
    assertThat(ran.output()).contains("add io.github.jpopen:jpopen-native-posix");
    assertThat(ran.status()).isNotZero();
  }

  private Ran run(Path osgi, Artifact... artifacts) throws Exception {
    Path host = folder.resolve("host");
    Jdk.compile(PROJECT.resolve("host"), host, "-cp", osgi);
    List<Object> command = new ArrayList<>();
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", osgi + File.pathSeparator + host, "Host"));
    command.add(folder.resolve("cache"));
    Arrays.stream(artifacts).map(Artifact::jar).forEach(command::add);
    command.add(consumer(osgi));
    return Jdk.java(command.toArray());
  }

  private Path consumer(Path osgi) throws IOException {
    Path classes = folder.resolve("bundle");
    String classPath = osgi + File.pathSeparator + Artifact.CORE.jar();
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
}
