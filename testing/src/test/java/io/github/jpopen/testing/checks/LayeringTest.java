package io.github.jpopen.testing.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.github.jpopen.checks.Layering;
import org.junit.jupiter.api.Test;

class LayeringTest {
  private static final JavaClasses CLASSES = Layering.ownClasses();
  private static final String API = "io.github.jpopen.testing";
  private static final String FAKE = "io.github.jpopen.testing.fake";

  @Test
  void nothingCallsNatively() {
    Layering.nativeCallsOnlyIn("io.github.jpopen.none").check(CLASSES);
  }

  @Test
  void noThreadIsStarted() {
    Layering.threadsAreStartedInOnePlace().check(CLASSES);
  }

  @Test
  void apiHidesTheInnerPackageAndTheSeam() {
    Layering.signaturesHide(FAKE, API).check(CLASSES);
    Layering.signaturesHide("io.github.jpopen.platform", API).check(CLASSES);
    Layering.signaturesHide("io.github.jpopen.spi", API).check(CLASSES);
  }

  @Test
  void eachLayerUsesOnlyThoseBelow() {
    Layering.layers(API, FAKE).check(CLASSES);
    Layering.dependsOnlyOn(FAKE, FAKE, "io.github.jpopen.platform", "io.github.jpopen.spi")
        .check(CLASSES);
    Layering.dependsOnlyOn(
            API, API, FAKE, "io.github.jpopen", "io.github.jpopen.platform", "io.github.jpopen.spi")
        .check(CLASSES);
  }
}
