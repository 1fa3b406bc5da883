package io.github.jpopen.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No two hand-written source files need each other, in any module, main or test. No two packages of
 * the main sources do.
 */
class ImportCirclesTest {
  @TempDir private Path sources;

  /** The source roots of all modules, except for what a tool has written. */
  private static List<Path> handWritten() throws IOException {
    try (Stream<Path> paths = Files.find(Path.of(".."), 4, (path, _) -> isHandWritten(path))) {
      return paths.sorted().toList();
    }
  }

  private static boolean isHandWritten(Path path) {
    return path.endsWith("java")
        && path.toString().matches(".*[/\\\\]src[/\\\\](?!generated)\\w+[/\\\\]java");
  }

  @Test
  void filesHaveNoImportCircles() throws IOException {
    ImportCircles files = new ImportCircles(handWritten());
    assertThat(files.size()).as("source files").isGreaterThan(300);
    assertThat(files.find()).isEmpty();
  }

  @Test
  void packagesHaveNoImportCircles() throws IOException {
    for (Path sources : handWritten()) {
      if (sources.toString().matches(".*[/\\\\]src[/\\\\]main[/\\\\]java")) {
        assertThat(new ImportCircles(List.of(sources)).findOfPackages())
            .as("%s", sources)
            .isEmpty();
      }
    }
  }

  private void file(String name, String text) throws IOException {
    Path path = sources.resolve(name);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, text);
  }

  @Test
  void circleIsFoundThroughEveryKindOfName() throws IOException {
    file("a/One.java", "package a;\nimport static b.Two.X;\nclass One {}");
    file("b/Two.java", "package b;\nclass Two { static final int X = Three.Y; }");
    file("b/Three.java", "package b;\nclass Three { static int Y = c.Four.Inner.Z; }");
    file("c/Four.java", "package c;\nimport a.One;\nclass Four { class Inner {} }");
    assertThat(new ImportCircles(List.of(sources)).find())
        .containsExactly(
            "4 files:\n  a.One -> Two\n  b.Three -> Four\n  b.Two -> Three\n  c.Four -> One\n");
  }

  @Test
  void circleOfPackagesIsFoundWithoutOneOfFiles() throws IOException {
    file("a/One.java", "package a;\nimport b.Two;\nclass One {}");
    file("b/Two.java", "package b;\nclass Two {}");
    file("b/Three.java", "package b;\nclass Three { c.Four four; }");
    file("c/Four.java", "package c;\nimport a.Five;\nclass Four {}");
    file("a/Five.java", "package a;\nclass Five {}");
    file("d/Six.java", "package d;\nimport a.Five;\nclass Six {}");
    ImportCircles circles = new ImportCircles(List.of(sources));
    assertThat(circles.find()).isEmpty();
    assertThat(circles.findOfPackages()).containsExactly(Set.of("a", "b", "c"));
  }

  @Test
  void textAndOwnTypesAreNotImports() throws IOException {
    file("a/One.java", "package a;\n/** {@link Two} */ class One { // Two\n String s = \"Two\"; }");
    file("a/Two.java", "package a;\nclass Two { record Three() {} Three t; One o; }");
    file("a/Three.java", "package a;\nimport b.One;\nclass Three { Two t; One o; }");
    assertThat(new ImportCircles(List.of(sources)).find()).isEmpty();
  }
}
