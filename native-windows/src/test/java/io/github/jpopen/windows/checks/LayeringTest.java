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
  void theModuleSeesTheSeamOnly() {
    Layering.dependsOnlyOn(ALL, ALL, "io.github.jpopen.spi").check(CLASSES);
  }

  @Test
  void onlyTheBindingLayerSeesTheGeneratedClasses() {
    Layering.bindingsOnlyIn(BINDING_LAYER, GENERATED).check(CLASSES);
  }
}
