package io.github.jpopen;

import io.github.jpopen.command.CommandChecks;
import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.Identity;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What only POSIX systems can do for a child.
 *
 * {@snippet file="CommandSnippets.java" region="posixOptions" :
 * Command<byte[]> group = Command.shell("sleep 60 & wait").posix(o -> o.processGroup(0));
 * try (Popen<byte[]> child = group.start()) {
 *   child.sendSignalToGroup(Signal.SIGKILL); // "sleep" gets it, too
 *   IO.println(child.waitFor()); // -9
 * }
 * }
 *
 * <p>Passed to, and returned from, the function given to {@link Command#posix}. On Windows, {@link
 * Command#start} rejects a command with any of these options.
 *
 * <p>Immutable and thread-safe: every method returns new options.
 *
 * @since 0.1
 */
@CheckReturnValue
public final class PosixOptions {
  static final PosixOptions NONE = new PosixOptions(new Values());

  private final Values values;

  private PosixOptions(Values values) {
    this.values = values;
  }

  /**
   * Makes the child the leader of a new session, without a terminal. See setsid(2).
   *
   * @return the options
   */
  public PosixOptions newSession() {
    return with(v -> v.newSession = true);
  }

  /**
   * Puts the child into a process group. See setpgid(2).
   *
   * <p>A background group that reads from its terminal is stopped by SIGTTIN. Give such a child
   * another stdin.
   *
   * @param pgid the group, or 0 for a new one that the child leads
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public PosixOptions processGroup(int pgid) {
    refuseNegative("process group", pgid);
    return with(v -> v.processGroup = OptionalInt.of(pgid));
  }

  /**
   * Sets the capacity of the child's pipes. See {@code F_SETPIPE_SZ} in fcntl(2). Systems other
   * than Linux ignore it.
   *
   * @param bytes the system rounds it up, and refuses what exceeds its limit
   * @return the options
   * @throws IllegalArgumentException if it is not positive
   */
  public PosixOptions pipeSize(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("pipe size " + bytes + " is not positive");
    }
    return with(v -> v.pipeSize = OptionalInt.of(bytes));
  }

  /**
   * Keeps descriptors open in the child, under the same numbers. All others are closed. Python's
   * {@code pass_fds}.
   *
   * <ul>
   *   <li>They must stay open here until {@link Command#start} has returned. Their flags are not
   *       changed.
   *   <li>0, 1 and 2 need not be passed: {@link Command#stdin}, {@link Command#stdout} and {@link
   *       Command#stderr} set them.
   *   <li>A descriptor that is not open is a {@link SpawnException}.
   *   <li>It needs Linux 5.11, unshare(2) or macOS. Elsewhere {@link Command#start} throws {@link
   *       UnsupportedOperationException}.
   * </ul>
   *
   * @param fds open descriptors of this process
   * @return the options
   * @throws IllegalArgumentException if one is negative
   */
  public PosixOptions passFds(int... fds) {
    List<Integer> all = new ArrayList<>();
    for (int fd : Objects.requireNonNull(fds, "fds is null")) {
      refuseNegative("descriptor", fd);
      all.add(fd);
    }
    return with(v -> v.passFds = List.copyOf(all));
  }

  /**
   * Sets the child's file mode creation mask, see umask(2). This process keeps its own.
   *
   * <p>It needs Linux and unshare(2), which some containers forbid. Elsewhere {@link Command#start}
   * throws {@link UnsupportedOperationException}.
   *
   * @param mask 0 to 0777
   * @return the options
   * @throws IllegalArgumentException if it is out of range
   */
  public PosixOptions umask(int mask) {
    if (mask < 0 || mask > 0777) {
      throw new IllegalArgumentException("umask " + mask + " is not between 0 and 511 (0777)");
    }
    return with(v -> v.umask = OptionalInt.of(mask));
  }

  /**
   * Runs the child as another user, real and effective. Python's {@code user}.
   *
   * <ul>
   *   <li>The child keeps the groups of this process unless {@link #group} and {@link #extraGroups}
   *       are set.
   *   <li>The working directory is entered as the old user, and the program is executed as the new
   *       one.
   *   <li>A name that is not known, or a user that this process may not become, is a {@link
   *       SpawnException}.
   *   <li>It needs Linux 5.11 or unshare(2); with {@link Command#cwd}, always unshare(2). Elsewhere
   *       {@link Command#start} throws {@link UnsupportedOperationException}.
   * </ul>
   *
   * @param name of the user
   * @return the options
   * @throws IllegalArgumentException if it is empty, contains NUL or cannot be encoded in UTF-8
   */
  public PosixOptions user(String name) {
    return user(new Account.Name(checked("user", name)));
  }

  /**
   * Runs the child as another user. Requirements and failures are those of {@link #user(String)}.
   *
   * @param uid of the user
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public PosixOptions user(int uid) {
    refuseNegative("user", uid);
    return user(new Account.Id(uid));
  }

  private PosixOptions user(Account account) {
    return with(v -> v.user = Optional.of(account));
  }

  /**
   * Runs the child in another group, real and effective. Python's {@code group}. Requirements and
   * failures are those of {@link #user(String)}.
   *
   * @param name of the group
   * @return the options
   * @throws IllegalArgumentException if it is empty, contains NUL or cannot be encoded in UTF-8
   */
  public PosixOptions group(String name) {
    return group(new Account.Name(checked("group", name)));
  }

  /**
   * Runs the child in another group. Requirements and failures are those of {@link #user(String)}.
   *
   * @param gid of the group
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public PosixOptions group(int gid) {
    refuseNegative("group", gid);
    return group(new Account.Id(gid));
  }

  private PosixOptions group(Account account) {
    return with(v -> v.group = Optional.of(account));
  }

  /**
   * Gives the child exactly these supplementary groups, see setgroups(2). Python's {@code
   * extra_groups}. Requirements and failures are those of {@link #user(String)}.
   *
   * @param gids of the groups; an empty list removes all groups
   * @return the options
   * @throws IllegalArgumentException if one is negative
   */
  public PosixOptions extraGroups(int... gids) {
    List<Account> all = new ArrayList<>();
    for (int gid : Objects.requireNonNull(gids, "gids is null")) {
      refuseNegative("group", gid);
      all.add(new Account.Id(gid));
    }
    return onlyGroups(all);
  }

  /**
   * Gives the child exactly these supplementary groups. Requirements and failures are those of
   * {@link #user(String)}.
   *
   * @param names of the groups; an empty list removes all groups
   * @return the options
   * @throws IllegalArgumentException if one is empty, contains NUL or cannot be encoded in UTF-8
   */
  public PosixOptions extraGroups(List<String> names) {
    List<Account> all = new ArrayList<>();
    for (String name : names) {
      all.add(new Account.Name(checked("group", name)));
    }
    return onlyGroups(all);
  }

  private PosixOptions onlyGroups(List<Account> groups) {
    return with(v -> v.extraGroups = Optional.of(List.copyOf(groups)));
  }

  /**
   * Lets the child ignore no signal, whatever this process ignores.
   *
   * <p>Without this option a signal that this process ignores is ignored in the child, too:
   *
   * <ul>
   *   <li>That is how {@code nohup} and a shell's {@code &} protect a whole tree of processes. The
   *       JVM itself ignores nothing.
   *   <li>SIGPIPE and SIGXFSZ always get their default action, as with Python's {@code
   *       restore_signals}. So do the signals that this process catches, see execve(2).
   *   <li>A JVM with {@code -Xrs} catches none of SIGHUP, SIGINT, SIGTERM and SIGQUIT. Other JVMs
   *       catch SIGQUIT even if it was ignored, and the child then gets the default action.
   *   <li>SIGCHLD gets its default action in this process when the first child is started.
   * </ul>
   *
   * <p>No signal is blocked in the child, with and without this option.
   *
   * @return the options
   */
  public PosixOptions resetAllSignals() {
    return with(v -> v.resetAllSignals = true);
  }

  /**
   * Moves the child into a new cgroup of its own, so that a kill of its tree finds all in there. A
   * new session, a new group or another environment hides no process. See cgroups(7), version 2.
   *
   * {@snippet file="CommandSnippets.java" region="newCgroupBelow" :
   * Command<byte[]> build =
   *     Command.shell("(setsid env -i sleep 60 &); exec sleep 60")
   *         .killTree()
   *         .posix(o -> o.newCgroupBelow(delegated));
   * try (Popen<byte[]> child = build.killOnClose().start()) {
   *   IO.println(child.killTree()); // []
   * }
   * }
   *
   * <p>Wherever {@link Command#killTree} or {@link Popen#killTree} kills, all that is in the cgroup
   * or below it is killed, by {@code cgroup.kill}. That reaches processes of other users, too.
   * Before Linux 5.14 there is no such file, and what is in the cgroup is looked up and killed one
   * by one. {@link Popen#kill} still kills one process.
   *
   * <ul>
   *   <li>The cgroup is a directory {@code jpopen-…}, made at the start. It is removed once the
   *       child has ended and no process is in it. If a process stays, so does the directory, until
   *       a later start below the same parent finds it empty.
   *   <li>The child is moved in right after its start, before {@link Command#start} returns. This
   *       takes about a millisecond. What the child has started by then is outside, and found as
   *       {@link Command#killTree} finds it without this option.
   *   <li>A process that may write to another cgroup can leave. One of root may.
   *   <li>If this process or one above it was moved into the cgroup, the cgroup does not count. The
   *       others are killed as without this option, and {@link Popen#killTree} throws.
   *   <li>A child that looks for its memory limit in its own cgroup only, as older JDKs do, does
   *       not see the one of {@code parent}.
   *   <li>It needs Linux with {@code /proc}. Elsewhere {@link Command#start} throws {@link
   *       UnsupportedOperationException}.
   * </ul>
   *
   * <p>A parent that does not exist, or is no cgroup of version 2, is a {@link SpawnException}. So
   * is one that may not be written to. Without root, this process and the parent must be in one
   * delegated part of the hierarchy: see {@code Delegate=yes} of systemd.
   *
   * @param parent an existing cgroup, for example {@code /sys/fs/cgroup/ci}
   * @return the options
   * @throws IllegalArgumentException if it is empty or belongs to another file system
   */
  public PosixOptions newCgroupBelow(Path parent) {
    if (CommandChecks.path(parent, "cgroup").toString().isEmpty()) {
      throw new IllegalArgumentException("cgroup is empty");
    }
    return with(v -> v.newCgroupBelow = Optional.of(parent));
  }

  /** Whether the child leads a process group. */
  boolean leadsGroup() {
    return values.newSession || values.processGroup.equals(OptionalInt.of(0));
  }

  /** These options; if they choose neither a session nor a group, with a new group. */
  PosixOptions withGroup() {
    return values.newSession || values.processGroup.isPresent() ? this : processGroup(0);
  }

  /** These options with a new session, whose leader leads a group as well. */
  PosixOptions detached() {
    PosixOptions session = newSession();
    return values.processGroup.equals(OptionalInt.of(0))
        ? session.with(v -> v.processGroup = OptionalInt.empty())
        : session;
  }

  PosixSettings settings() {
    return values.settings();
  }

  private PosixOptions with(Consumer<Values> change) {
    return new PosixOptions(values.with(change));
  }

  private static void refuseNegative(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " " + value + " is negative");
    }
  }

  private static String checked(String what, String name) {
    if (Objects.requireNonNull(name, what + " is null").isEmpty()) {
      throw new IllegalArgumentException(what + " is empty");
    }
    return CommandChecks.text(what, name);
  }

  private static final class Values extends Settings<Values> {
    private boolean newSession;
    private OptionalInt processGroup = OptionalInt.empty();
    private OptionalInt pipeSize = OptionalInt.empty();
    private List<Integer> passFds = List.of();
    private OptionalInt umask = OptionalInt.empty();
    private Optional<Account> user = Optional.empty();
    private Optional<Account> group = Optional.empty();
    private Optional<List<Account>> extraGroups = Optional.empty();
    private boolean resetAllSignals;
    private Optional<Path> newCgroupBelow = Optional.empty();

    PosixSettings settings() {
      return new PosixSettings(
          newSession,
          processGroup,
          pipeSize,
          passFds,
          umask,
          new Identity(user, group, extraGroups),
          resetAllSignals,
          newCgroupBelow);
    }
  }
}
