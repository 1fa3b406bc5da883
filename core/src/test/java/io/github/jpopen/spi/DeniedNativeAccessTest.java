package io.github.jpopen.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The advice names the module that makes the calls, however jpopen was packaged. */
class DeniedNativeAccessTest {
  @Test
  void onTheClassPathTheFlagIsThatOfAllUnnamedModules() {
    Module unnamed = DeniedNativeAccessTest.class.getClassLoader().getUnnamedModule();
    assertThat(advice(unnamed)).endsWith("run java with --enable-native-access=ALL-UNNAMED");
  }

  @Test
  void aModuleThatJavaLoadedIsNamedInTheFlag() {
    assertThat(advice(Object.class.getModule()))
        .endsWith("run java with --enable-native-access=java.base");
  }

  @Test
  void aModuleOfAnotherLayerNeedsItsController() {
    assertThat(advice(inAnotherLayer("plugin")))
        .endsWith("call ModuleLayer.Controller.enableNativeAccess with the module plugin");
  }

  @Test
  void whatJavaThrewIsTheCause() {
    var thrown = new IllegalCallerException("denied");
    assertThat(DeniedNativeAccess.explained(Object.class.getModule(), thrown)).hasCause(thrown);
  }

  private static String advice(Module module) {
    return String.valueOf(
        DeniedNativeAccess.explained(module, new IllegalCallerException()).getMessage());
  }

  private static Module inAnotherLayer(String name) {
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration().resolve(new EmptyModule(name), ModuleFinder.of(), Set.of(name));
    return boot.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader())
        .findModule(name)
        .orElseThrow();
  }

  /** Finds one module, which has nothing in it. */
  private record EmptyModule(String name) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String wanted) {
      return wanted.equals(name) ? Optional.of(reference()) : Optional.empty();
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.of(reference());
    }

    private ModuleReference reference() {
      return new ModuleReference(ModuleDescriptor.newModule(name).build(), null) {
        @Override
        public ModuleReader open() {
          throw new UnsupportedOperationException(name);
        }
      };
    }
  }
}
