package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix.Access;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The cgroup of one child: a directory of ours, see cgroups(7). What a process in it starts is in
 * it, too. Thread-safe.
 */
public final class TreeCgroup {
  /** How often another directory is made because a process elsewhere has removed the empty one. */
  private static final int TRIES = 10;

  private static final String PROCESSES = "cgroup.procs";

  private final Cgroups all;
  private final CgroupFiles files;
  private final Path parent;
  private volatile Path directory;

  private TreeCgroup(Cgroups all, Path parent, Path directory) {
    this.all = all;
    files = all.files();
    this.parent = parent;
    this.directory = directory;
  }

  /** Makes one that is empty, in a directory below {@code parent}. */
  public static TreeCgroup make(Cgroups all, Path parent) throws CgroupRefused {
    return new TreeCgroup(all, parent, all.make(parent));
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /**
   * Moves a process in.
   *
   * @param pid a child whose exit was not collected; nothing happens if it has ended
   */
  public void enter(int pid) throws CgroupRefused {
    PosixConstants constants = files.constants();
    for (int tries = 1; ; tries++) {
      String call = "open";
      int result = files.open(directory.resolve(PROCESSES), Access.BOTH);
      boolean removed = result == -constants.ENOENT();
      if (result >= 0) {
        call = "write";
        result = write(result, pid);
        removed = result == -constants.ENODEV();
      }
      if (result >= 0 || result == -constants.ESRCH()) {
        return;
      }
      if (!removed || tries == TRIES) {
        throw new CgroupRefused(cause(-result), call, -result);
      }
      leave();
      directory = all.makeBelow(parent);
    }
  }

  private int write(int descriptor, int pid) {
    try {
      return files.write(descriptor, pid);
    } finally {
      files.close(descriptor);
    }
  }

  private String cause(int error) {
    if (error == files.constants().EACCES()) {
      return "cannot take a child of this process: both must be in one delegated part";
    }
    return error == files.constants().ENOTSUP()
        ? "is threaded, and takes no process"
        : "cannot take a process";
  }

  /** The ids of the processes in it and below it, as far as they have one here. */
  Set<Integer> processes() throws IOException {
    Set<Integer> found = new HashSet<>();
    addProcesses(directory, found);
    return found;
  }

  private void addProcesses(Path group, Set<Integer> found) throws IOException {
    String ids = files.read(group.resolve(PROCESSES));
    if (ids != null) {
      ids.lines().map(Integer::valueOf).filter(id -> id > 0).forEach(found::add);
      for (Path below : files.below(group)) {
        addProcesses(below, found);
      }
    }
  }

  /** Whether a process is in it or below it, even one that has no id here. */
  boolean isPopulated() throws IOException {
    return all.isPopulated(directory);
  }

  /**
   * Lets the kernel kill all that is in it and below it, and all that they are about to start.
   *
   * @param spared kills none if one of these is among them
   * @return whether it does; false before Linux 5.14, and if no process is in it
   */
  boolean kill(Set<Integer> spared) throws IOException {
    if (!isPopulated() || !Collections.disjoint(processes(), spared)) {
      return false;
    }
    int descriptor = files.open(directory.resolve("cgroup.kill"), Access.WRITE);
    return descriptor >= 0 && write(descriptor, 1) >= 0;
  }

  /**
   * Removes the directory if no process is in it. If one is, a later start may remove it, or
   * another call of this.
   */
  public void leave() {
    Path leaving = directory;
    try {
      if (!all.isPopulated(leaving)) {
        files.removeAll(leaving);
      }
    } catch (IOException | OutOfMemoryError e) { // a later start tries again
    } finally {
      all.forget(leaving);
    }
  }
}
