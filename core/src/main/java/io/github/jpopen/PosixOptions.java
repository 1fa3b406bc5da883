package io.github.jpopen;

import io.github.jpopen.spi.SpawnRequest.Account;
import io.github.jpopen.spi.SpawnRequest.Identity;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What only POSIX systems can do for a child. Immutable; every word returns a new value.
 *
 * <p>Got and given back in {@link Command#posix}. On Windows a command with any of these is refused
 * at {@link Command#start}.
 */
@CheckReturnValue
public final class PosixOptions {
  static final PosixOptions NONE = new PosixOptions(new Values());

  private final Values values;

  private PosixOptions(Values values) {
    this.values = values;
  }

  /**
   * Makes the child the leader of a new session, without a terminal ({@code setsid}).
   *
   * @return the options
   */
  public PosixOptions newSession() {
    return with(v -> v.newSession = true);
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
    return with(v -> v.processGroup = OptionalInt.of(pgid));
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
    return with(v -> v.pipeSize = OptionalInt.of(bytes));
  }

  /**
   * Keeps descriptors open in the child, under the same numbers, and all others closed. Python's
   * {@code pass_fds}.
   *
   * <p>Here they must be open until {@link Command#start} has returned, and their flags are not
   * changed. 0, 1 and 2 are the child's anyway and lead where {@link Command#stdin}, {@link
   * Command#stdout} and {@link Command#stderr} say. Needs Linux 5.11, {@code unshare(2)} or macOS;
   * elsewhere {@link Command#start} throws {@link UnsupportedOperationException}. One that is not
   * open is a {@link SpawnException}.
   *
   * @param fds open descriptors of this process
   * @return the options
   * @throws IllegalArgumentException if one is negative
   */
  public PosixOptions passFds(int... fds) {
    List<Integer> all = new ArrayList<>();
    for (int fd : fds) {
      refuseNegative("descriptor", fd);
      all.add(fd);
    }
    return with(v -> v.passFds = List.copyOf(all));
  }

  /**
   * Sets the child's file mode creation mask ({@code umask(2)}). This process keeps its own.
   *
   * <p>Needs Linux and {@code unshare(2)}, which some containers forbid; elsewhere {@link
   * Command#start} throws {@link UnsupportedOperationException}.
   *
   * @param mask 0 to 0777
   * @return the options
   * @throws IllegalArgumentException if it is out of range
   */
  public PosixOptions umask(int mask) {
    if (mask < 0 || mask > 0777) {
      throw new IllegalArgumentException("umask " + mask + " is not between 0 and 0777");
    }
    return with(v -> v.umask = OptionalInt.of(mask));
  }

  /**
   * Runs the child as another user, real and effective; its groups stay those of this process
   * unless {@link #group} and {@link #extraGroups} are said, as with Python's {@code user}.
   *
   * <p>The working directory is entered before, the program is executed after. Needs Linux 5.11 or
   * {@code unshare(2)}, and the latter with {@link Command#cwd}; elsewhere {@link Command#start}
   * throws {@link UnsupportedOperationException}. A name that is not known and a user that this
   * process may not become are a {@link SpawnException}.
   *
   * @param name of the user
   * @return the options
   * @throws IllegalArgumentException if it is empty, contains NUL or cannot be encoded in UTF-8
   */
  public PosixOptions user(String name) {
    return user(new Account.Name(checked("user", name)));
  }

  /**
   * As {@link #user(String)}.
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
   * Runs the child in another group, real and effective. Python's {@code group}; conditions and
   * failures as of {@link #user(String)}.
   *
   * @param name of the group
   * @return the options
   * @throws IllegalArgumentException if it is empty, contains NUL or cannot be encoded in UTF-8
   */
  public PosixOptions group(String name) {
    return group(new Account.Name(checked("group", name)));
  }

  /**
   * As {@link #group(String)}.
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
   * Gives the child exactly these supplementary groups ({@code setgroups(2)}). Python's {@code
   * extra_groups}; conditions and failures as of {@link #user(String)}.
   *
   * @param gids of the groups; none clears them
   * @return the options
   * @throws IllegalArgumentException if one is negative
   */
  public PosixOptions extraGroups(int... gids) {
    List<Account> all = new ArrayList<>();
    for (int gid : gids) {
      refuseNegative("group", gid);
      all.add(new Account.Id(gid));
    }
    return onlyGroups(all);
  }

  /**
   * As {@link #extraGroups(int...)}.
   *
   * @param names of the groups; none clears them
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
    if (Objects.requireNonNull(name, what).isEmpty()) {
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

    PosixSettings settings() {
      return new PosixSettings(
          newSession,
          processGroup,
          pipeSize,
          passFds,
          umask,
          new Identity(user, group, extraGroups));
    }
  }
}
