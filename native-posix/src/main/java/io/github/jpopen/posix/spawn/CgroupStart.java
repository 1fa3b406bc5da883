package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.child.PosixChild;
import io.github.jpopen.posix.tree.CgroupRefused;
import io.github.jpopen.posix.tree.TreeCgroup;
import io.github.jpopen.spi.SpawnRefused;
import java.nio.file.Path;

/**
 * Gives one child a cgroup of its own. Apart from {@link Spawner}, so that no other start loads it.
 */
final class CgroupStart {
  private final SpawnServices services;
  private final SpawnFailure failure;
  private final Path parent;
  private final Path resolved;

  /**
   * Nothing happens yet.
   *
   * @param parent as the user has named it
   * @param resolved the same, from the working directory of this process
   */
  CgroupStart(SpawnServices services, SpawnFailure failure, Path parent, Path resolved) {
    this.services = services;
    this.failure = failure;
    this.parent = parent;
    this.resolved = resolved;
  }

  /** Makes the cgroup, before there is a child. */
  TreeCgroup make() throws SpawnRefused {
    try {
      return TreeCgroup.make(services.cgroups(), resolved);
    } catch (CgroupRefused e) {
      throw failure.ofCgroup(parent, e);
    }
  }

  /** Moves the child there. */
  void enter(PosixChild child) throws SpawnRefused {
    try {
      child.enterCgroup();
    } catch (CgroupRefused e) {
      throw failure.ofCgroup(parent, e);
    }
  }
}
