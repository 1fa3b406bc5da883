package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.child.ChildServices;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.tree.Cgroups;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What all spawns of this process share. Thread-safe. */
public final class SpawnServices {
  private final Posix posix;
  private final ChildServices children;
  private final SpawnTiers tiers;
  private final StandardDescriptors standardDescriptors;
  private final AtomicReference<@Nullable Cgroups> cgroups = new AtomicReference<>();

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

  /** The cgroups of children; made when the first child wants one. */
  Cgroups cgroups() {
    Cgroups known = cgroups.get();
    if (known != null) {
      return known;
    }
    Cgroups made = new Cgroups(children.opening(), PathBytes::ofFile);
    Cgroups other = cgroups.compareAndExchange(null, made);
    return other == null ? made : other;
  }

  SpawnTiers tiers() {
    return tiers;
  }

  StandardDescriptors standardDescriptors() {
    return standardDescriptors;
  }
}
