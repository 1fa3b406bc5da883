package io.github.jpopen.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
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
  }
}
