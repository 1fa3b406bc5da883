package io.github.jpopen.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.foreign.Arena;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
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
import java.util.Set;
import java.util.stream.Stream;
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
  public static class Foreign extends Supported {
    @Override
    public boolean isSupported() {
      return false;
    }
  }

  /** A platform whose constructor throws. */
  public static class Broken extends Supported {
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

  /** Writes a class of this name that extends one of those above. */
  private static String write(Path folder, String name, Class<?> base) throws IOException {
    return write(folder, name, base.getName());
  }

  private static String write(Path folder, String name, String base) throws IOException {
    ClassDesc type = ClassDesc.of(name);
    ClassDesc above = ClassDesc.of(base);
    byte[] bytes =
        ClassFile.of()
            .build(
                type,
                made ->
                    made.withSuperclass(above)
                        .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .invokespecial(
                                        above, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                    .return_()));
    Path file = folder.resolve(name.replace('.', '/') + ".class");
    Files.createDirectories(Objects.requireNonNull(file.getParent(), "folder"));
    Files.write(file, bytes);
    return name;
  }

  /** The class of the native module of this system, or of the other one. */
  private static String nameOfNative(boolean here) {
    return Platforms.isWindows() == here
        ? "io.github.jpopen.windows.WindowsPlatform"
        : "io.github.jpopen.posix.PosixPlatform";
  }

  private static String failureOf(ClassLoader core) {
    Throwable thrown = catchThrowable(() -> current(core));
    assertThat(thrown.getCause()).isInstanceOf(UnsupportedOperationException.class);
    return String.valueOf(thrown.getCause().getMessage());
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
                    + " them all) to the class path",
                System.getProperty("os.name"), System.getProperty("os.arch"), system)
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

  /** A fat jar that kept one service file, or none: the classes of all jars are there. */
  @Test
  void platformIsFoundWithoutItsServiceFile() throws Exception {
    String here = write(services, nameOfNative(true), Supported.class);
    String other = write(services, nameOfNative(false), Foreign.class);
    for (String[] kept : new String[][] {{}, {other}, {"there.is.no.such.Class"}, {other, here}}) {
      try (URLClassLoader core = coreWith(kept)) {
        Object found = current(core);
        assertThat(found.getClass().getName()).isEqualTo(here);
        assertThat(current(core)).isSameAs(found);
      }
    }
  }

  @Test
  void platformOfAnotherSystemIsNotTakenByItsName() throws Exception {
    write(services, nameOfNative(false), Supported.class);
    try (URLClassLoader core = coreWith()) {
      assertThat(failureOf(core)).contains("was found: add io.github.jpopen:jpopen-native-");
    }
  }

  @Test
  void serviceIsPreferredToTheName() throws Exception {
    write(services, nameOfNative(true), Broken.class);
    try (URLClassLoader core = coreWith(Supported.class.getName())) {
      assertThat(current(core).getClass().getName()).isEqualTo(Supported.class.getName());
    }
  }

  @Test
  void classThatCannotBeUsedIsNamedWithTheCause() throws Exception {
    String here = write(services, nameOfNative(true), Broken.class);
    for (String[] kept : new String[][] {{}, {here}}) {
      try (URLClassLoader core = coreWith(kept)) {
        Throwable thrown = catchThrowable(() -> current(core));
        assertThat(thrown.getCause())
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessage(here + " cannot be used: see the cause")
            .hasRootCauseMessage("broken");
      }
    }
  }

  /** Its superclass is missing, as if core were of another version. */
  @Test
  void classThatDoesNotLinkHidesNoOtherAndIsNamed() throws Exception {
    String here = write(services, nameOfNative(true), "io.github.jpopen.spi.Gone");
    try (URLClassLoader core = coreWith(here, Supported.class.getName())) {
      assertThat(current(core).getClass().getName()).isEqualTo(Supported.class.getName());
    }
    try (URLClassLoader core = coreWith(here)) {
      Throwable thrown = catchThrowable(() -> current(core));
      assertThat(thrown.getCause())
          .hasMessage(here + " cannot be used: see the cause")
          .hasRootCauseInstanceOf(ClassNotFoundException.class);
    }
  }

  @Test
  void classOfAnotherLoaderIsNamed(@TempDir Path application) throws Exception {
    String here = write(application, nameOfNative(true), Supported.class);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader core = coreWith();
        URLClassLoader child = new URLClassLoader(new URL[] {application.toUri().toURL()}, core)) {
      thread.setContextClassLoader(child);
      assertThat(failureOf(core))
          .endsWith(
              "was found: the context class loader has "
                  + here
                  + ", so let the class loader of jpopen-core load it, too");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Core as a module that was found at this place. */
  private static ClassLoader coreAsModule(URI location, ClassLoader parent) throws IOException {
    Path classes = Path.of(URI.create(root(Platforms.class).toString()));
    ModuleDescriptor described =
        ModuleDescriptor.newModule("io.github.jpopen")
            .packages(Set.of("io.github.jpopen.platform", "io.github.jpopen.spi"))
            .exports("io.github.jpopen.platform")
            .requires("java.base")
            .uses(ProcessPlatform.class.getName())
            .build();
    ModuleReference core =
        new ModuleReference(described, location) {
          @Override
          public ModuleReader open() {
            return new ClassesOf(classes);
          }
        };
    ModuleFinder finder = new OneModule(core);
    ModuleLayer boot = ModuleLayer.boot();
    Configuration resolved =
        boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(described.name()));
    return ModuleLayer.defineModulesWithOneLoader(resolved, List.of(boot), parent)
        .layer()
        .findLoader(described.name());
  }

  /** Finds one module. */
  private record OneModule(ModuleReference module) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String name) {
      return name.equals(module.descriptor().name()) ? Optional.of(module) : Optional.empty();
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.of(module);
    }
  }

  /** Reads a module from a folder. */
  private record ClassesOf(Path folder) implements ModuleReader {
    @Override
    public Optional<URI> find(String name) {
      Path file = folder.resolve(name);
      return Files.exists(file) ? Optional.of(file.toUri()) : Optional.empty();
    }

    @Override
    public Stream<String> list() {
      return Stream.empty();
    }

    @Override
    public void close() {}
  }

  @Test
  void coreOnTheModulePathAsksForTheModule() throws Exception {
    ClassLoader core =
        coreAsModule(services.toUri(), ClassLoader.getPlatformClassLoader().getParent());
    assertThat(failureOf(core))
        .contains("was found: add io.github.jpopen:jpopen-native-")
        .endsWith(" to the module path, and do not leave it out by --limit-modules");
  }

  @Test
  void runtimeImageWithoutTheNativeModuleIsNamed() throws Exception {
    URI image = URI.create("jrt:/io.github.jpopen");
    ClassLoader core = coreAsModule(image, ClassLoader.getPlatformClassLoader().getParent());
    String module = nameOfNative(true).replaceFirst("\\.\\w+$", "");
    assertThat(failureOf(core))
        .endsWith(
            "was found: this runtime image was made without "
                + module
                + ", so call jlink or jpackage with --add-modules "
                + module);
  }

  @Test
  void coreOnTheModulePathAndNativeClassesOnTheClassPathAreNamed() throws Exception {
    String here = write(services, nameOfNative(true), "io.github.jpopen.spi.Gone");
    try (URLClassLoader path = new URLClassLoader(new URL[] {services.toUri().toURL()}, null)) {
      assertThat(failureOf(coreAsModule(services.toUri(), path)))
          .startsWith(here + " cannot be used: jpopen-core is on the module path, so move ")
          .endsWith(" from the class path to the module path");
    }
  }

  @Test
  void systemWithoutNativeModuleIsNamed() throws Exception {
    String before = System.getProperty("os.name");
    System.setProperty("os.name", "Plan 9");
    try (URLClassLoader core = coreWith()) {
      assertThat(failureOf(core))
          .isEqualTo("jpopen has no native module for Plan 9 on " + System.getProperty("os.arch"));
    } finally {
      System.setProperty("os.name", before);
    }
  }
}
