package io.github.jpopen;

import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What only POSIX systems can do for a child. Immutable; every word returns a new value.
 *
 * <p>Got and given back in {@link Command#posix}. On Windows a command with any of these is refused
 * at {@link Command#start}.
 */
@CheckReturnValue
public final class PosixOptions {
  static final PosixOptions NONE = new PosixOptions(PosixSettings.NONE, "");

  private final PosixSettings settings;
  private final String notBuilt;

  private PosixOptions(PosixSettings settings, String notBuilt) {
    this.settings = settings;
    this.notBuilt = notBuilt;
  }

  /**
   * Makes the child the leader of a new session, without a terminal ({@code setsid}).
   *
   * @return the options
   */
  public PosixOptions newSession() {
    return with(new PosixSettings(true, settings.processGroup(), settings.pipeSize()));
  }

  /**
   * Puts the child into a process group ({@code setpgid}).
   *
   * @param pgid the group, or 0 for a new one that the child leads
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public PosixOptions processGroup(int pgid) {
    refuseNegative("process group", pgid);
    return with(
        new PosixSettings(settings.newSession(), OptionalInt.of(pgid), settings.pipeSize()));
  }

  /**
   * Sets the capacity of the child's pipes ({@code F_SETPIPE_SZ}, Linux).
   *
   * @param bytes the system rounds up, and refuses what is over its limit
   * @return the options
   * @throws IllegalArgumentException if it is not positive
   */
  public PosixOptions pipeSize(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("pipe size " + bytes + " is not positive");
    }
    return with(
        new PosixSettings(settings.newSession(), settings.processGroup(), OptionalInt.of(bytes)));
  }

  /**
   * Keeps descriptors open in the child, under the same numbers. Not built yet: refused at {@link
   * Command#start}.
   *
   * @param fds open descriptors of this process
   * @return the options
   * @throws IllegalArgumentException if one is negative
   */
  public PosixOptions passFds(int... fds) {
    for (int fd : fds) {
      refuseNegative("descriptor", fd);
    }
    return notBuilt("passFds");
  }

  /**
   * Sets the child's file mode creation mask. Not built yet: refused at {@link Command#start}.
   *
   * @param mask 0 to 0777
   * @return the options
   * @throws IllegalArgumentException if it is out of range
   */
  public PosixOptions umask(int mask) {
    if (mask < 0 || mask > 0777) {
      throw new IllegalArgumentException("umask " + mask + " is not between 0 and 0777");
    }
    return notBuilt("umask");
  }

  /**
   * Runs the child as another user. Not built yet: refused at {@link Command#start}.
   *
   * @param name of the user
   * @return the options
   * @throws IllegalArgumentException if it is empty
   */
  public PosixOptions user(String name) {
    refuseEmpty("user", name);
    return notBuilt("user");
  }

  /**
   * Runs the child as another user. Not built yet: refused at {@link Command#start}.
   *
   * @param uid of the user
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public PosixOptions user(int uid) {
    refuseNegative("user", uid);
    return notBuilt("user");
  }

  /**
   * Runs the child in another group. Not built yet: refused at {@link Command#start}.
   *
   * @param name of the group
   * @return the options
   * @throws IllegalArgumentException if it is empty
   */
  public PosixOptions group(String name) {
    refuseEmpty("group", name);
    return notBuilt("group");
  }

  /**
   * Runs the child in another group. Not built yet: refused at {@link Command#start}.
   *
   * @param gid of the group
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public PosixOptions group(int gid) {
    refuseNegative("group", gid);
    return notBuilt("group");
  }

  /**
   * Gives the child exactly these supplementary groups. Not built yet: refused at {@link
   * Command#start}.
   *
   * @param gids of the groups; none clears them
   * @return the options
   * @throws IllegalArgumentException if one is negative
   */
  public PosixOptions extraGroups(int... gids) {
    for (int gid : gids) {
      refuseNegative("group", gid);
    }
    return notBuilt("extraGroups");
  }

  /**
   * Gives the child exactly these supplementary groups. Not built yet: refused at {@link
   * Command#start}.
   *
   * @param names of the groups; none clears them
   * @return the options
   * @throws IllegalArgumentException if one is empty
   */
  public PosixOptions extraGroups(List<String> names) {
    names.forEach(name -> refuseEmpty("group", name));
    return notBuilt("extraGroups");
  }

  PosixSettings settings() {
    return settings;
  }

  /** Refuses what was asked for and is not built. */
  void requireBuilt() {
    if (!notBuilt.isEmpty()) {
      throw new UnsupportedOperationException("posix option " + notBuilt + " is not built yet");
    }
  }

  private PosixOptions with(PosixSettings changed) {
    return new PosixOptions(changed, notBuilt);
  }

  private PosixOptions notBuilt(String option) {
    return new PosixOptions(settings, option);
  }

  private static void refuseNegative(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " " + value + " is negative");
    }
  }

  private static void refuseEmpty(String what, String name) {
    if (Objects.requireNonNull(name, what).isEmpty()) {
      throw new IllegalArgumentException(what + " is empty");
    }
  }
}
