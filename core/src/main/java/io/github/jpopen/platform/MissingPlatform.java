package io.github.jpopen.platform;

import io.github.jpopen.spi.ProcessPlatform;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says why there is no {@link ProcessPlatform}, and what to do about it. */
final class MissingPlatform {
  private final KnownPlatform known;
  private final Class<?> core;

  private MissingPlatform(KnownPlatform known, Class<?> core) {
    this.known = known;
    this.core = core;
  }

  /**
   * The message of the exception.
   *
   * @param known null if no native module serves this system
   * @param failure what a class that was found threw, or null
   */
  static String message(@Nullable KnownPlatform known, @Nullable Throwable failure) {
    String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (known == null) {
      return "jpopen has no native module for " + system;
    }
    var missing = new MissingPlatform(known, ProcessPlatform.class);
    if (missing.isApart()) {
      return missing.apart();
    }
    if (failure != null && missing.isIn(ProcessPlatform.class.getClassLoader())) {
      return known.className() + " cannot be used: see the cause";
    }
    return "no native module of jpopen for " + system + " was found: " + missing.advice();
  }

  private String advice() {
    if (core.getModule().isNamed()) {
      return isInImage()
          ? "this runtime image was made without "
              + known.module()
              + ", so call jlink or jpackage with --add-modules "
              + known.module()
          : add("module path") + ", and do not leave it out by --limit-modules";
    }
    if (isIn(Thread.currentThread().getContextClassLoader())) {
      return "the context class loader has "
          + known.className()
          + ", so let the class loader of jpopen-core load it, too";
    }
    return add("class path");
  }

  private String add(String path) {
    return "add "
        + known.artifact()
        + " (or io.github.jpopen:jpopen, which brings them all) to the "
        + path;
  }

  private boolean isIn(@Nullable ClassLoader loader) {
    return loader != null && known.isIn(loader);
  }

  /** Whether core is a module and the native classes, which its loader finds, are in none. */
  private boolean isApart() {
    ModuleLayer layer = core.getModule().getLayer();
    return layer != null
        && core.getModule().isNamed()
        && layer.findModule(known.module()).isEmpty()
        && isIn(core.getClassLoader());
  }

  private String apart() {
    return known.className()
        + " cannot be used: jpopen-core is on the module path, so move "
        + known.artifact()
        + " from the class path to the module path";
  }

  /** Whether core is part of a runtime image that jlink has made. */
  private boolean isInImage() {
    Optional<URI> location =
        Optional.ofNullable(core.getModule().getLayer())
            .flatMap(layer -> layer.configuration().findModule(core.getModule().getName()))
            .map(ResolvedModule::reference)
            .flatMap(reference -> reference.location());
    return location.isPresent() && "jrt".equals(location.get().getScheme());
  }
}
