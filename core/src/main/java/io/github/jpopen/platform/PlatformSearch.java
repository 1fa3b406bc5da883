package io.github.jpopen.platform;

import io.github.jpopen.spi.ProcessPlatform;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Looks once for the {@link ProcessPlatform} of this system: as a service, and then by the name of
 * its class.
 *
 * <p>A jar that was made of several jars often has the classes of all of them, and only one of
 * their files in {@code META-INF/services}.
 */
final class PlatformSearch {
  private @Nullable Throwable failure;

  ProcessPlatform find() {
    ProcessPlatform service = service();
    if (service != null) {
      return service;
    }
    KnownPlatform known = KnownPlatform.ofThisSystem();
    ProcessPlatform named = known == null ? null : named(known);
    if (named != null) {
      return named;
    }
    throw new UnsupportedOperationException(MissingPlatform.message(known, failure), failure);
  }

  private @Nullable ProcessPlatform service() {
    var providers =
        ServiceLoader.load(ProcessPlatform.class, ProcessPlatform.class.getClassLoader())
            .iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return null;
        }
        ProcessPlatform platform = providers.next();
        if (platform.isSupported()) {
          return platform;
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        failure = e; // one broken provider must not hide the others
      }
    }
  }

  private @Nullable ProcessPlatform named(KnownPlatform known) {
    try {
      ProcessPlatform platform = known.load();
      return platform.isSupported() ? platform : null;
    } catch (ClassNotFoundException e) {
      return null; // the usual end of a search without the artifact
    } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
      failure = failure == null ? e : failure;
      return null;
    }
  }
}
