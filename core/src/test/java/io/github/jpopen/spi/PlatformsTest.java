package io.github.jpopen.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the platform is found. Each test loads core again, in its own class loader. */
class PlatformsTest {
  @TempDir private Path services;

  /** A platform that is supported and does nothing. */
  public static class Supported implements ProcessPlatform {
    @Override
    public boolean isSupported() {
      return true;
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GrowableBuffer growable(Arena arena) {
      throw new UnsupportedOperationException();
    }

    @Override
    public OptionalInt signalNumber(String name) {
      return OptionalInt.empty();
    }

    @Override
    public Optional<String> signalName(int number) {
      return Optional.empty();
    }
  }

  /** The platform of another system. */
  public static final class Foreign extends Supported {
    @Override
    public boolean isSupported() {
      return false;
    }
  }

  /** A platform whose constructor throws. */
  public static final class Broken extends Supported {
    public Broken() {
      throw new IllegalStateException("broken");
    }
  }

  private static URL root(Class<?> type) throws IOException {
    String file = type.getName().replace('.', '/') + ".class";
    String url =
        Objects.requireNonNull(type.getResource("/" + file), "class file").toExternalForm();
    return URI.create(url.substring(0, url.length() - file.length())).toURL();
  }

  /** Core, where these are named in META-INF/services. */
  private URLClassLoader coreWith(String... providers) throws IOException {
    Path folder = Files.createDirectories(services.resolve("META-INF/services"));
    Files.write(folder.resolve(ProcessPlatform.class.getName()), List.of(providers));
    URL[] path = {root(Platforms.class), root(PlatformsTest.class), services.toUri().toURL()};
    // No parent: the platform class loader knows core as a module, and gives the one there is.
    return new URLClassLoader(path, null);
  }

  private static Object current(ClassLoader core) throws ReflectiveOperationException {
    return core.loadClass(Platforms.class.getName()).getMethod("current").invoke(null);
  }

  @Test
  void supportedPlatformIsChosen() throws Exception {
    try (URLClassLoader core =
        coreWith(Foreign.class.getName(), Supported.class.getName(), Broken.class.getName())) {
      Object current = current(core);
      assertThat(current.getClass().getName()).isEqualTo(Supported.class.getName());
      assertThat(current(core)).isSameAs(current);
    }
  }

  @Test
  void brokenPlatformHidesNoOther() throws Exception {
    try (URLClassLoader core =
        coreWith("there.is.no.such.Class", Broken.class.getName(), Supported.class.getName())) {
      assertThat(current(core).getClass().getName()).isEqualTo(Supported.class.getName());
    }
  }

  @Test
  void missingPlatformIsReportedWithTheArtifact() throws Exception {
    for (String[] providers : new String[][] {{}, {Foreign.class.getName()}}) {
      try (URLClassLoader core = coreWith(providers)) {
        Throwable thrown = catchThrowable(() -> current(core));
        assertThat(thrown).isInstanceOf(InvocationTargetException.class);
        String system = Platforms.isWindows() ? "windows" : "posix";
        assertThat(thrown.getCause())
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessage(
                "no native module of jpopen for %s on %s was found: add"
                    + " io.github.jpopen:jpopen-native-%s (or io.github.jpopen:jpopen, which brings"
                    + " them all) to the class path or module path; jlink needs --add-modules"
                    + " io.github.jpopen.%s, and a jar with dependencies the META-INF/services of"
                    + " all jars",
                System.getProperty("os.name"), System.getProperty("os.arch"), system, system)
            .hasNoCause();
      }
    }
  }

  @Test
  void brokenPlatformIsTheCause() throws Exception {
    try (URLClassLoader core = coreWith(Broken.class.getName())) {
      Throwable thrown = catchThrowable(() -> current(core));
      assertThat(thrown.getCause())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasCauseInstanceOf(ServiceConfigurationError.class)
          .hasRootCauseMessage("broken");
    }
  }
}
