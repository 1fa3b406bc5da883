package io.github.jpopen.windows.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.github.jpopen.checks.Layering;
import org.junit.jupiter.api.Test;

class LayeringTest {
  private static final JavaClasses CLASSES = Layering.ownClasses();
  private static final String ALL = "io.github.jpopen.windows..";
  private static final String BINDING_LAYER = "io.github.jpopen.windows.win32";
  private static final String GENERATED = "io.github.jpopen.windows.ffi..";

  @Test
  void onlyTheBindingLayerCallsNatively() {
    Layering.nativeCallsOnlyIn(BINDING_LAYER, GENERATED).check(CLASSES);
  }

  @Test
  void moduleUsesTheSeamOnly() {
    Layering.dependsOnlyOn(ALL, ALL, "io.github.jpopen.spi").check(CLASSES);
  }

  @Test
  void onlyTheBindingLayerUsesGeneratedClasses() {
    Layering.bindingsOnlyIn(BINDING_LAYER, GENERATED).check(CLASSES);
  }

  @Test
  void threadsAreStartedInOnePlace() {
    Layering.threadsAreStartedInOnePlace().check(CLASSES);
  }

  @Test
  void eachLayerUsesOnlyThoseBelow() {
    Layering.layers(
            "io.github.jpopen.windows",
            "io.github.jpopen.windows.spawn",
            "io.github.jpopen.windows.child",
            "io.github.jpopen.windows.wait",
            BINDING_LAYER)
        .check(CLASSES);
  }
}
