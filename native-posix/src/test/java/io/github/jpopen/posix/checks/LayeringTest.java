package io.github.jpopen.posix.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.github.jpopen.checks.Layering;
import org.junit.jupiter.api.Test;

class LayeringTest {
  private static final JavaClasses CLASSES = Layering.ownClasses();
  private static final String ALL = "io.github.jpopen.posix..";
  private static final String BINDING_LAYER = "io.github.jpopen.posix.libc";
  private static final String CONSTANTS = "io.github.jpopen.posix.constants";
  private static final String GENERATED = "io.github.jpopen.posix.ffi..";

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
    Layering.bindingsOnlyIn(BINDING_LAYER, CONSTANTS, GENERATED).check(CLASSES);
  }

  @Test
  void threadsAreStartedInOnePlace() {
    Layering.threadsAreStartedInOnePlace().check(CLASSES);
  }

  @Test
  void eachLayerUsesOnlyThoseBelow() {
    Layering.layers(
            "io.github.jpopen.posix",
            "io.github.jpopen.posix.guard",
            "io.github.jpopen.posix.spawn",
            "io.github.jpopen.posix.arguments",
            "io.github.jpopen.posix.child",
            "io.github.jpopen.posix.tree",
            "io.github.jpopen.posix.wait",
            BINDING_LAYER,
            CONSTANTS)
        .check(CLASSES);
  }
}
