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

  /**
   * Nothing happens yet.
   *
   * @param parent as the user has named it
   */
  CgroupStart(SpawnServices services, SpawnFailure failure, Path parent) {
    this.services = services;
    this.failure = failure;
    this.parent = parent;
  }

  /**
   * Makes the cgroup, before there is a child.
   *
   * @param resolved the parent, as the child sees it
   */
  TreeCgroup make(Path resolved) throws SpawnRefused {
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
