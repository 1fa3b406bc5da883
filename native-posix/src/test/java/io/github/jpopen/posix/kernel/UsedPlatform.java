package io.github.jpopen.posix.kernel;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ProcessPlatform;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicReference;

/** The platform that the public API uses, which can be another one for a while. */
final class UsedPlatform {
  private final ProcessPlatform usual = Platforms.current();

  /** From now on the public API uses another one. */
  void replace(ProcessPlatform other) throws ReflectiveOperationException {
    reference().set(other);
  }

  /** The public API uses the one that it used before. */
  void restore() throws ReflectiveOperationException {
    reference().set(usual);
  }

  @SuppressWarnings("unchecked") // the field says so
  private static AtomicReference<ProcessPlatform> reference() throws ReflectiveOperationException {
    Field current = Platforms.class.getDeclaredField("CURRENT");
    current.setAccessible(true);
    return (AtomicReference<ProcessPlatform>) current.get(null);
  }
}
