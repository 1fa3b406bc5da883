package io.github.jpopen.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayeringTest {
  private static final JavaClasses CORE = Layering.ownClasses();

  /** What core exports to no module. */
  private static final List<String> INNER =
      Stream.of(
              "command", "concurrent", "conversation", "exit", "input", "output", "stream", "text")
          .map("io.github.jpopen."::concat)
          .toList();

  @Test
  void coreUsesForeignMemoryOnlyAsValues() {
    Layering.nativeCallsOnlyIn("io.github.jpopen.none").check(CORE);
  }

  @Test
  void apiHidesTheInnerPackages() {
    for (String inner : INNER) {
      Layering.signaturesHide(
              inner, "io.github.jpopen", "io.github.jpopen.platform", "io.github.jpopen.spi")
          .check(CORE);
    }
  }

  @Test
  void threadsAreStartedInOnePlace() {
    Layering.threadsAreStartedInOnePlace().check(CORE);
  }

  @Test
  void eachLayerUsesOnlyThoseBelow() {
    Layering.layers(
            "io.github.jpopen",
            "io.github.jpopen.exit",
            "io.github.jpopen.stream",
            "io.github.jpopen.conversation",
            "io.github.jpopen.output",
            "io.github.jpopen.input",
            "io.github.jpopen.concurrent",
            "io.github.jpopen.platform",
            "io.github.jpopen.spi")
        .check(CORE);
  }

  @Test
  void textKnowsNothingOfChildren() {
    Layering.dependsOnlyOn("io.github.jpopen.text", "io.github.jpopen.text").check(CORE);
  }

  @Test
  void commandsKnowNothingOfChildren() {
    Layering.dependsOnlyOn(
            "io.github.jpopen.command",
            "io.github.jpopen.command",
            "io.github.jpopen.platform",
            "io.github.jpopen.spi")
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
