package io.github.jpopen.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that use the built jars: each starts a child, and the test sees what it prints. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs need the POSIX module")
class ConsumersTest {
  private static final String DENY = "--illegal-native-access=deny";
  private static final String ALLOW = "--enable-native-access=";
  private static final String UNNAMED = ALLOW + "ALL-UNNAMED";
  private static final String MAIN = "consumer.Main";
  private static final String ASKS = "io.github.jpopen.conformance.Conformance";

  @TempDir private Path folder;

  @Test
  void onTheClassPath() throws Exception {
    assertChild(Jdk.java(DENY, UNNAMED, "-cp", new Project("class-path").classPath(), MAIN, "it"));
  }

  @Test
  void withoutTheFlagOnTheClassPathJavaWarns() throws Exception {
    Ran ran = Jdk.java("-cp", new Project("class-path").classPath(), MAIN, "it");
    assertChild(ran);
    assertThat(ran.output()).contains("WARNING: Use " + UNNAMED);
  }

  @Test
  void deniedOnTheClassPathTheMessageNamesTheFlag() throws Exception {
    Ran ran = Jdk.java(DENY, "-cp", new Project("class-path").classPath(), MAIN, "it");
    assertFails(ran, "run java with " + UNNAMED);
  }

  @Test
  void onTheModulePath() throws Exception {
    Project project = new Project("module-path");
    String path = project.modulePath();
    String flag = ALLOW + "io.github.jpopen.posix";
    assertChild(Jdk.java(DENY, flag, "-p", path, "-m", "consumer/consumer.Main", "it"));
  }

  @Test
  void deniedOnTheModulePathTheMessageNamesTheFlag() throws Exception {
    Project project = new Project("module-path");
    String path = project.modulePath();
    Ran ran = Jdk.java(DENY, "-p", path, "-m", "consumer/consumer.Main", "it");
    assertFails(ran, "run java with " + ALLOW + "io.github.jpopen.posix");
  }

  @Test
  void coreAloneNamesTheArtifactToAdd() throws Exception {
    String path = Project.path(new Project("class-path").jar(), Artifact.CORE.jar());
    assertFails(
        Jdk.java(UNNAMED, "-cp", path, MAIN, "it"),
        "add io.github.jpopen:jpopen-native-posix (or io.github.jpopen:jpopen, which brings them"
            + " all) to the class path");
  }

  @Test
  void coreAndTheWindowsModuleAloneNameTheArtifactToAdd() throws Exception {
    Path jar = new Project("class-path").jar();
    String path = Project.path(jar, Artifact.CORE.jar(), Artifact.WINDOWS.jar());
    assertFails(
        Jdk.java(UNNAMED, "-cp", path, MAIN, "it"), "add io.github.jpopen:jpopen-native-posix");
  }

  @Test
  void anExecutableJarHasTheFlagInItsManifest() throws Exception {
    assertChild(Jdk.java(DENY, "-jar", new Project("executable-jar").jar(), "it"));
  }

  @ParameterizedTest
  @CsvSource({
    "unmerged, io.github.jpopen",
    "merged, io.github.jpopen",
    "relocated, consumer.shaded.jpopen",
    "relocated-unmerged, consumer.shaded.jpopen"
  })
  void aFatJarStartsAChildOnTheClassPath(String kind, String root) throws Exception {
    Path jar = new Project("shade").jar(kind);
    assertThat(services(jar, root).contains("PosixPlatform"))
        .as("the service file names the module of this system")
        .isEqualTo(!kind.endsWith("unmerged"));
    assertChild(Jdk.java(DENY, UNNAMED, "-jar", jar, "it"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unmerged", "merged", "relocated"})
  void aFatJarIsAnAutomaticModuleWithAFlagOfItsOwnName(String kind) throws Exception {
    Path jar = new Project("shade").jar(kind);
    String[] program = {"-p", jar.toString(), "-m", "consumer.fat/consumer.Main", "it"};
    String flag = ALLOW + "consumer.fat";
    assertFails(java(DENY, program), "run java with " + flag);
    assertChild(java(DENY + ' ' + flag, program));
  }

  @Test
  void javaRefusesAsAModuleWhatWasRelocatedWithoutItsServices() throws Exception {
    Path jar = new Project("shade").jar("relocated-unmerged");
    Ran ran = Jdk.java("-p", jar, "-m", "consumer.fat/consumer.Main", "it");
    assertFails(ran, "Provider class io.github.jpopen.windows.WindowsPlatform not in JAR file");
  }

  @Test
  void aNestedJarOfSpringBoot() throws Exception {
    Path jar = new Project("spring-boot").jar();
    try (JarFile file = new JarFile(jar.toFile())) {
      assertThat(file.stream().map(Object::toString))
          .anyMatch(name -> name.startsWith("BOOT-INF/lib/jpopen-native-posix"));
    }
    assertChild(Jdk.java(DENY, UNNAMED, "-jar", jar, "it"));
    // The flag is in the manifest as well.
    assertChild(Jdk.java(DENY, "-jar", jar, "it"));
  }

  @Test
  void kotlin() throws Exception {
    String path = new Project("kotlin").classPath();
    assertChild(Jdk.java(DENY, UNNAMED, "-cp", path, "consumer.MainKt", "it"));
  }

  @Test
  void jshell() throws Exception {
    Path tool = Jdk.home().resolve("bin/jshell");
    String path = Project.path(Artifact.CORE.jar(), Artifact.POSIX.jar());
    Path script = Path.of("projects", "jshell", "script.jsh");
    Ran ran = Ran.of(tool, "-R" + UNNAMED, "-R" + DENY, "--class-path", path, "-s", script);
    assertThat(ran.lines()).as(ran.output()).contains("child of jshell");
  }

  @Test
  void twoClassLoadersHaveEachItsOwn() throws Exception {
    Path projects = Path.of("projects", "class-loaders");
    Path plugin = folder.resolve("plugin");
    Path host = folder.resolve("host");
    Jdk.compile(projects.resolve("plugin"), plugin, "-cp", Artifact.CORE.jar());
    Jdk.compile(projects.resolve("host"), host);
    Path jar = folder.resolve("plugin.jar");
    Jdk.tool("jar", "--create", "--file", jar, "-C", plugin, ".");
    Ran ran =
        Jdk.java(
            DENY, UNNAMED, "-cp", host, "Host", jar, Artifact.CORE.jar(), Artifact.POSIX.jar());
    assertThat(ran.lines())
        .as(ran.output())
        .containsExactly("child of loader", "child of loader", "child of loader", "apart");
  }

  @Test
  void fakesOnTheClassPathWithoutNativeAccess() throws Exception {
    Path classes = fakes();
    for (Path[] jars :
        new Path[][] {{classes}, {classes, Artifact.POSIX.jar(), Artifact.WINDOWS.jar()}}) {
      String path = Project.path(Artifact.CORE.jar(), Artifact.TESTING.jar()) + File.pathSeparator;
      for (String option : new String[] {DENY, "--illegal-native-access=warn"}) {
        Ran ran = Jdk.java(option, "-cp", path + Project.path(jars), MAIN, "it");
        assertThat(ran.output().strip()).isEqualTo("fake of it"); // and no warning
      }
    }
  }

  @Test
  void fakesOnTheModulePath() throws Exception {
    String path =
        Project.path(fakes(), Artifact.CORE.jar(), Artifact.TESTING.jar(), Artifact.POSIX.jar());
    Ran ran = Jdk.java(DENY, "-p", path, "-m", "consumer/consumer.Main", "it");
    assertThat(ran.output().strip()).isEqualTo("fake of it");
  }

  private Path fakes() throws IOException {
    Path classes = folder.resolve("fakes");
    String path = Project.path(Artifact.CORE.jar(), Artifact.TESTING.jar());
    Jdk.compile(Path.of("projects", "fakes"), classes, "-p", path);
    return classes;
  }

  @Test
  void aLibraryIsAskedForTheRulesOnTheClassPath() throws Exception {
    String path = Project.path(conformance(), Artifact.CONFORMANCE.jar());
    assertVerdicts(Jdk.java(withRules("-cp", path, ASKS, "consumer.Mine")));
  }

  @Test
  void aLibraryIsAskedForTheRulesOnTheModulePath() throws Exception {
    String path = Project.path(conformance(), Artifact.CONFORMANCE.jar());
    String main = Artifact.CONFORMANCE.module() + "/" + ASKS;
    assertVerdicts(Jdk.java(withRules("-p", path, "--add-modules", "consumer", "-m", main)));
  }

  @Test
  void anImageOfJlinkAsksWithJvmsAsChildren() throws Exception {
    Path image = folder.resolve("image");
    String path = Project.path(conformance(), Artifact.CONFORMANCE.jar());
    Jdk.tool("jlink", "-p", path, "--add-modules", "consumer", "--output", image);
    String children = "-Dio.github.jpopen.conformance.children=java";
    String main = Artifact.CONFORMANCE.module() + "/" + ASKS;
    assertVerdicts(Jdk.java(image.resolve("bin/java"), withRules(children, "-m", main)));
  }

  private Path conformance() throws IOException {
    Path classes = folder.resolve("conformance");
    Jdk.compile(Path.of("projects", "conformance"), classes, "-p", Artifact.CONFORMANCE.jar());
    return classes;
  }

  private static Object[] withRules(String... arguments) {
    Stream<String> rules = Stream.of("--rule", "ARGUMENTS", "--rule", "OUTPUT_OF_FAILURE");
    return Stream.concat(Stream.of(arguments), rules).toArray();
  }

  private static void assertVerdicts(Ran ran) {
    assertThat(ran.output())
        .contains("arguments arrive as they are          yes")
        .contains("the output of a failed child is kept  NO (1)");
    assertThat(ran.status()).isEqualTo(1);
  }

  private static Ran java(String options, String... program) throws Exception {
    return Jdk.java(Stream.of(options.split(" ", -1), program).flatMap(Arrays::stream).toArray());
  }

  /** What the jar says in the service file of jpopen; empty if it has none. */
  private static String services(Path jar, String root) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      JarEntry entry = file.getJarEntry("META-INF/services/" + root + ".spi.ProcessPlatform");
      if (entry == null) {
        return "";
      }
      try (InputStream content = file.getInputStream(entry)) {
        return new String(content.readAllBytes(), UTF_8);
      }
    }
  }

  private static void assertChild(Ran ran) {
    assertThat(ran.lines()).as(ran.output()).containsExactly("child of it");
    assertThat(ran.status()).isZero();
  }

  private static void assertFails(Ran ran, String message) {
    assertThat(ran.output()).contains(message).doesNotContain("child of it");
    assertThat(ran.status()).isEqualTo(1);
  }
}
