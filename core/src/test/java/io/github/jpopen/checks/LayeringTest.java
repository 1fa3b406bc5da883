package io.github.jpopen.checks;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.github.jpopen.TextErrors;
import org.junit.jupiter.api.Test;

class LayeringTest {
  private static final JavaClasses CORE = Layering.ownClasses();

  @Test
  void coreUsesForeignMemoryOnlyAsValues() {
    Layering.nativeCallsOnlyIn("io.github.jpopen.none").check(CORE);
  }

  @Test
  void apiHidesTheConversation() {
    Layering.signaturesHide(
            "io.github.jpopen.conversation", "io.github.jpopen", "io.github.jpopen.spi")
        .check(CORE);
    Layering.signaturesHide("io.github.jpopen.text", "io.github.jpopen", "io.github.jpopen.spi")
        .check(CORE);
  }

  @Test
  void textKnowsNothingOfChildren() {
    classes()
        .that()
        .resideInAPackage("io.github.jpopen.text")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("io.github.jpopen.text", "java..", "org.jspecify..")
                .or(equivalentTo(TextErrors.class)))
        .check(CORE);
  }

  @Test
  void seamDoesNotUseTheApi() {
    Layering.dependsOnlyOn("io.github.jpopen.spi", "io.github.jpopen.spi").check(CORE);
  }

  @Test
  void exceptionsAreMadeByUsOnly() {
    Layering.exceptionsAreMadeByUsOnly("io.github.jpopen").check(CORE);
  }
}
