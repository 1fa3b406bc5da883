package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.child.ChildServices;
import io.github.jpopen.posix.libc.Posix;

/** What all spawns of this process share. Thread-safe. */
public final class SpawnServices {
  private final Posix posix;
  private final ChildServices children;
  private final SpawnTiers tiers;
  private final StandardDescriptors standardDescriptors;

  /**
   * Makes them.
   *
   * @param children what the started children share
   * @param best the best way to spawn that may be used
   */
  public SpawnServices(ChildServices children, SpawnTier best) {
    this.children = children;
    posix = children.posix();
    tiers = new SpawnTiers(children, best);
    standardDescriptors = new StandardDescriptors(posix);
  }

  public Posix posix() {
    return posix;
  }

  /** What the started children share. */
  public ChildServices children() {
    return children;
  }

  SpawnTiers tiers() {
    return tiers;
  }

  StandardDescriptors standardDescriptors() {
    return standardDescriptors;
  }
}
