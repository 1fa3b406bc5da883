package io.github.jpopen.conformance.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LayeringTest {
  @Test
  void itNeedsJavaAndNothingElse() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.lang..",
            "java.net",
            "java.nio..",
            "java.security",
            "java.time",
            "java.util..",
            "io.github.jpopen.conformance",
            "org.jspecify.annotations") // only javac reads it
        .check(new ClassFileImporter().importPath(Path.of("target", "classes")));
  }
}
