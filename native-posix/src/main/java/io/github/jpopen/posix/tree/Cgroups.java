package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Posix.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the cgroups of children, and removes those that earlier ones have left. Thread-safe.
 *
 * <p>The name of a directory says which process has made it, and which of several copies of this
 * class in that process. A directory is left if a process stays in it when its child has ended.
 */
public final class Cgroups {
  private static final Pattern NAME = Pattern.compile("jpopen-(\\d{1,10})-[0-9a-f]+-\\d+");

  private final CgroupFiles files;
  private final String prefix =
      "jpopen-"
          + ProcessHandle.current().pid()
          + "-"
          + Long.toHexString(ThreadLocalRandom.current().nextLong())
          + "-";
  private final AtomicLong last = new AtomicLong();

  /** The names of those that are in use, empty or not. */
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  /**
   * Uses these calls.
   *
   * @param names gives the name of a file as the kernel knows it
   */
  public Cgroups(Posix posix, Function<Path, byte[]> names) {
    files = new CgroupFiles(posix, names);
  }

  CgroupFiles files() {
    return files;
  }

  /**
   * Makes an empty one. Removes the empty ones beside it that are no longer used.
   *
   * @param parent the cgroup below which it is to be
   * @return its directory
   */
  Path make(Path parent) throws CgroupRefused {
    int descriptor = files.open(parent.resolve("cgroup.controllers"), Access.READ);
    if (descriptor < 0) { // which each cgroup of version 2 has, and none of version 1
      throw new CgroupRefused(cause(parent), "open", -descriptor);
    }
    files.close(descriptor);
    removeUnused(parent);
    return makeBelow(parent);
  }

  private static String cause(Path parent) {
    if (Files.notExists(parent)) {
      return "does not exist";
    }
    return Files.isDirectory(parent) ? "is no cgroup of version 2" : "is not a directory";
  }

  Path makeBelow(Path parent) throws CgroupRefused {
    String name = prefix + last.incrementAndGet();
    Path directory = parent.resolve(name);
    int result = -1;
    used.add(name);
    try {
      result = files.make(directory);
    } finally {
      if (result < 0) {
        used.remove(name);
      }
    }
    if (result < 0) {
      throw new CgroupRefused(cause(-result), "mkdir", -result);
    }
    return directory;
  }

  private String cause(int error) {
    PosixConstants constants = files.constants();
    if (error == constants.EAGAIN()) {
      return "has as many cgroups below it as cgroup.max.descendants or cgroup.max.depth allows";
    }
    return error == constants.EACCES() || error == constants.EPERM()
        ? "may not be written to: it must be delegated to this user"
        : "takes no cgroup below it";
  }

  boolean isPopulated(Path directory) throws IOException {
    String events = files.read(directory.resolve("cgroup.events"));
    return events != null && events.contains("populated 1");
  }

  /** From now on it is removed once it is empty. */
  void forget(Path directory) {
    used.remove(String.valueOf(directory.getFileName()));
  }

  private void removeUnused(Path parent) {
    try {
      for (Path directory : files.below(parent)) {
        if (isUnused(String.valueOf(directory.getFileName())) && !isPopulated(directory)) {
          files.removeAll(directory);
        }
      }
    } catch (IOException e) { // a later start tries again
    }
  }

  // Of another process only if that has ended. If it is in another namespace of processes, its id
  // says nothing: then its start makes another directory in place of one that was removed too soon.
  private boolean isUnused(String name) {
    Matcher matcher = NAME.matcher(name);
    return name.startsWith(prefix)
        ? !used.contains(name)
        : matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
  }
}
