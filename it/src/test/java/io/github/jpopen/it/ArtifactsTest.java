package io.github.jpopen.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the jars that are published. */
class ArtifactsTest {
  static Stream<Path> jars() {
    return Stream.concat(
        Stream.of(Artifact.CORE.jar("-tests")),
        Arrays.stream(Artifact.values())
            .flatMap(artifact -> Stream.of("", "-sources", "-javadoc").map(artifact::jar)));
  }

  @ParameterizedTest
  @MethodSource("jars")
  void everyJarHasTheLicenseAndTheNotice(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (String name : List.of("LICENSE", "NOTICE")) {
        JarEntry entry = file.getJarEntry("META-INF/" + name);
        assertThat(entry).as(name + " of " + jar).isNotNull();
        try (InputStream content = file.getInputStream(entry)) {
          assertThat(content.readAllBytes()).isEqualTo(Files.readAllBytes(Path.of("..", name)));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyJarIsAModuleOfItsName(Artifact artifact) {
    assertThat(descriptor(artifact).name()).isEqualTo(artifact.module());
    assertThat(descriptor(artifact).isAutomatic()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void everySourceOfAClassIsInTheSourcesJar(Artifact artifact) throws IOException {
    Set<String> expected = new TreeSet<>();
    try (JarFile file = new JarFile(artifact.jar().toFile())) {
      for (JarEntry entry : classes(file)) {
        expected.add(source(file, entry));
      }
    }
    try (JarFile sources = new JarFile(artifact.jar("-sources").toFile())) {
      assertThat(names(sources)).containsAll(expected);
    }
  }

  private static String source(JarFile file, JarEntry entry) {
    String folder = entry.getName().substring(0, entry.getName().lastIndexOf('/') + 1);
    return folder
        + ClassFile.of()
            .parse(bytes(file, entry))
            .findAttribute(Attributes.sourceFile())
            .orElseThrow()
            .sourceFile()
            .stringValue();
  }

  @ParameterizedTest
  @EnumSource(names = {"CORE", "TESTING", "CONFORMANCE"})
  void theJavadocShowsThePackagesThatAreExportedToAll(Artifact artifact) throws IOException {
    Set<String> shown = new TreeSet<>();
    try (JarFile file = new JarFile(artifact.jar("-javadoc").toFile())) {
      for (String name : names(file)) {
        if (name.endsWith("/package-summary.html")) {
          shown.add(name.substring(name.indexOf('/') + 1, name.lastIndexOf('/')).replace('/', '.'));
        }
      }
    }
    assertThat(shown).hasSameElementsAs(exported(artifact));
  }

  @ParameterizedTest
  @EnumSource(names = {"POSIX", "WINDOWS", "ALL"})
  void theJavadocOfAModuleWithoutAnApiSaysWhereItIs(Artifact artifact) throws IOException {
    try (JarFile file = new JarFile(artifact.jar("-javadoc").toFile())) {
      String page = new String(bytes(file, file.getJarEntry("index.html")), UTF_8);
      assertThat(page).contains(artifact.module(), "jpopen-core");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyBundleHasItsNameAndVersion(Artifact artifact) throws IOException {
    assertThat(header(artifact, "Bundle-ManifestVersion")).isEqualTo("2");
    assertThat(header(artifact, "Bundle-SymbolicName")).isEqualTo(artifact.module());
    assertThat(header(artifact, "Bundle-Version")).isEqualTo(osgiVersion());
  }

  @ParameterizedTest
  @EnumSource
  void aBundleExportsWhatItExportsToAllAsAModule(Artifact artifact) throws IOException {
    assertThat(packagesOf(header(artifact, "Export-Package")))
        .hasSameElementsAs(exported(artifact));
  }

  @ParameterizedTest
  @EnumSource(names = {"POSIX", "WINDOWS", "TESTING"})
  void whatUsesTheSeamIsAFragmentOfCoreInItsOwnVersionOnly(Artifact artifact) throws IOException {
    assertThat(header(artifact, "Fragment-Host"))
        .isEqualTo("io.github.jpopen;bundle-version=\"[%1$s,%1$s]\"".formatted(osgiVersion()));
  }

  @Test
  void everyPackageThatClassesUseIsJavasOrOursOrImported() throws IOException {
    Set<String> own = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    Set<String> imported = new TreeSet<>();
    for (Artifact artifact : Artifact.values()) {
      own.addAll(descriptor(artifact).packages());
      imported.addAll(packagesOf(header(artifact, "Import-Package")));
      used.addAll(packagesUsedBy(artifact));
    }
    used.removeIf(name -> name.startsWith("java.") || own.contains(name));
    assertThat(imported).containsAll(used);
  }

  private static List<String> exported(Artifact artifact) {
    return descriptor(artifact).exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .toList();
  }

  private static ModuleDescriptor descriptor(Artifact artifact) {
    return ModuleFinder.of(artifact.jar()).find(artifact.module()).orElseThrow().descriptor();
  }

  private static String header(Artifact artifact, String name) throws IOException {
    String value = artifact.manifest().getMainAttributes().getValue(name);
    return value == null ? "" : value;
  }

  private static String osgiVersion() {
    return Artifact.VERSION.replace('-', '.');
  }

  /** The packages of a header that names one of them, or more with a comma between. */
  private static Set<String> packagesOf(String header) {
    return Arrays.stream(header.split(","))
        .map(clause -> clause.split(";", -1)[0].strip())
        .filter(name -> !name.isEmpty())
        .collect(toCollection(TreeSet::new));
  }

  private static Set<String> packagesUsedBy(Artifact artifact) throws IOException {
    Set<String> used = new TreeSet<>();
    try (JarFile file = new JarFile(artifact.jar().toFile())) {
      for (JarEntry entry : classes(file)) {
        if (!entry.getName().equals("module-info.class")) {
          used.addAll(packagesUsedBy(bytes(file, entry)));
        }
      }
    }
    return used;
  }

  private static Set<String> packagesUsedBy(byte[] classFile) {
    Set<String> used = new TreeSet<>();
    for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
      if (entry instanceof ClassEntry type) {
        String name = type.asInternalName().replaceFirst("^\\[+L?", "");
        if (name.contains("/")) {
          used.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
        }
      }
    }
    return used;
  }

  private static byte[] bytes(JarFile file, JarEntry entry) {
    try (InputStream content = file.getInputStream(entry)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JarEntry> classes(JarFile file) {
    List<JarEntry> classes = new ArrayList<>();
    file.stream().filter(entry -> entry.getName().endsWith(".class")).forEach(classes::add);
    return classes;
  }

  private static List<String> names(JarFile file) {
    return file.stream().map(JarEntry::getName).toList();
  }
}
