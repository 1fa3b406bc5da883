package io.github.jpopen.testing.fake;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ProcessPlatform;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The system that runs real programs, if this JVM may use it. Looked for when it is needed first:
 * Java warns of the first native call, and most fakes need none.
 */
final class RealSystem {
  private volatile boolean looked;
  private volatile @Nullable ProcessPlatform found;

  /** The system; null if there is no native module, or native access is denied. */
  @Nullable ProcessPlatform get() {
    if (!looked) {
      found = find();
      looked = true;
    }
    return found;
  }

  /** As {@link #get}, but null as well if it was not needed so far. */
  @Nullable ProcessPlatform getIfKnown() {
    return found;
  }

  private static @Nullable ProcessPlatform find() {
    try {
      ProcessPlatform system = Platforms.ofSystem();
      OptionalInt _ = system.signalNumber("SIGKILL"); // its first native call, if it may make any
      return system;
    } catch (UnsupportedOperationException | IllegalCallerException e) { // fakes need none
      return null;
    }
  }
}
