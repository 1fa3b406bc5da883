package io.github.jpopen.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Everything a platform must know to start a child. Checked already: no empty command, no NUL,
 * everything encodable.
 *
 * @param command the arguments; the first is the program's name. With {@code shell} the first is
 *     the script
 * @param shell whether the system's shell is to run {@code command}
 * @param executable the file to execute in place of the first argument (or of the shell), or null
 * @param directory the child's working directory, or null to keep ours
 * @param environment what to change in the inherited environment, in this order
 * @param stdin where the child reads
 * @param stdout where the child writes
 * @param stderr where the child writes its errors
 * @param posix options that only POSIX systems have
 * @param windows options that only Windows has
 * @param tree whether {@link ChildProcess#killTree} must find what the child starts, even if it
 *     hides
 * @param endsWithUs whether the system is to end the child once this process is gone, in whatever
 *     way; best effort
 */
public record SpawnRequest(
    List<Argument> command,
    boolean shell,
    @Nullable Path executable,
    @Nullable Path directory,
    List<EnvironmentChange> environment,
    Stdio stdin,
    Stdio stdout,
    Stdio stderr,
    PosixSettings posix,
    WindowsSettings windows,
    boolean tree,
    boolean endsWithUs) {

  /**
   * What stands between a shell of POSIX and its script. {@code sh} would take a script that begins
   * with {@code -} or {@code +} for an option, unless {@code --} is before it. A shell that the
   * caller has chosen may not know that.
   *
   * @param chosen whether the caller has chosen the shell
   * @param script the first argument of the command
   * @return its options
   */
  public static List<String> shellOptions(boolean chosen, Argument script) {
    String text = script.text();
    boolean ambiguous = text.startsWith("-") || text.startsWith("+");
    return ambiguous && !chosen ? List.of("-c", "--") : List.of("-c");
  }

  /** One argument of the command. */
  public sealed interface Argument {
    /**
     * How to show it to a person.
     *
     * @return the text; raw bytes as UTF-8 with replacements; {@code ***} for a secret
     */
    String display();

    /**
     * What the program receives, as far as it is text.
     *
     * @return the text
     */
    default String text() {
      return display();
    }
  }

  /**
   * An argument given as text: UTF-8 on POSIX, UTF-16 on Windows.
   *
   * @param display the text
   */
  public record Text(String display) implements Argument {}

  /**
   * An argument given as text that no message, log or display may show.
   *
   * @param text the text
   */
  public record Secret(String text) implements Argument {
    @Override
    public String display() {
      return "***";
    }

    @Override
    public String toString() {
      return "Secret[***]";
    }
  }

  /**
   * An argument given as bytes; POSIX only.
   *
   * @param bytes the bytes, without NUL
   * @param display for people
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; owned by the request
  public record Raw(byte[] bytes, String display) implements Argument {}

  /**
   * An argument given as a path: on POSIX the bytes of its name, which a charset may not express.
   *
   * @param path the file
   */
  public record FileName(Path path) implements Argument {
    @Override
    public String display() {
      return path.toString();
    }
  }

  /** One change of the inherited environment. */
  public sealed interface EnvironmentChange {}

  /**
   * Adds or replaces a variable.
   *
   * @param name without {@code =} and NUL
   * @param value without NUL
   */
  public record Put(String name, String value) implements EnvironmentChange {}

  /**
   * Removes a variable if it is there.
   *
   * @param name the variable
   */
  public record Remove(String name) implements EnvironmentChange {}

  /** Removes everything set or inherited so far. */
  public record Clear() implements EnvironmentChange {}

  /** Where one standard stream of the child leads. */
  public sealed interface Stdio {}

  /** A new pipe to us. */
  public record Pipe() implements Stdio {}

  /**
   * A new pipe to us that other children write to as well.
   *
   * @param link gets the writing end
   */
  public record SharedPipe(PipeLink link) implements Stdio {}

  /**
   * For stdout only: a new pipe to the child that is started next. We have no end of it.
   *
   * @param link gets the reading end
   */
  public record PipeToNext(PipeLink link) implements Stdio {}

  /**
   * The end of a pipe that an earlier start has kept.
   *
   * @param link has the end, and keeps it
   */
  public record Linked(PipeLink link) implements Stdio {}

  /**
   * Our own stream of the same number; the null device where that was closed when the JVM started.
   */
  public record Inherit() implements Stdio {}

  /** The null device. */
  public record Null() implements Stdio {}

  /** For stderr only: wherever the child's stdout leads. With {@link ToStderr} our own stdout. */
  public record ToStdout() implements Stdio {}

  /** For stdout only: wherever the child's stderr leads. With {@link ToStdout} our own stderr. */
  public record ToStderr() implements Stdio {}

  /**
   * A file, opened by us, relative to our working directory.
   *
   * @param path the file
   * @param mode how to open it
   */
  public record File(Path path, Mode mode) implements Stdio {
    /** How a file is opened. */
    public enum Mode {
      /** It must exist. */
      READ,
      /** Created or emptied. */
      WRITE,
      /** Created if missing; every write goes to the end. */
      APPEND
    }
  }

  /**
   * An open descriptor of this process (on Windows: of the C runtime's three). It stays open here
   * and keeps its flags.
   *
   * @param number the descriptor, 0 or more
   */
  public record Descriptor(int number) implements Stdio {}

  /**
   * Options of POSIX systems.
   *
   * @param newSession whether the child calls {@code setsid}
   * @param processGroup the group to join, 0 for a new one, empty to stay in ours
   * @param pipeSize the capacity of the pipes in bytes ({@code F_SETPIPE_SZ}), empty for the
   *     system's
   * @param passFds descriptors that stay open in the child, each 0 or more
   * @param umask the file mode creation mask, empty for ours
   * @param identity the user and groups of the child
   * @param resetAllSignals whether the child ignores no signal, even if this process does
   * @param newCgroupBelow the cgroup below which the child and what it starts get one of their own,
   *     empty to stay in ours
   */
  public record PosixSettings(
      boolean newSession,
      OptionalInt processGroup,
      OptionalInt pipeSize,
      List<Integer> passFds,
      OptionalInt umask,
      Identity identity,
      boolean resetAllSignals,
      Optional<Path> newCgroupBelow) {
    /** Nothing asked for. */
    public static final PosixSettings NONE =
        new PosixSettings(
            false,
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(),
            OptionalInt.empty(),
            Identity.OURS,
            false,
            Optional.empty());

    /**
     * Whether nothing is asked for. Unlike {@code equals} it links no call site: that takes time,
     * and the cache of the JDK that holds it would keep our class loader.
     *
     * @return whether it is the same as {@link #NONE}
     */
    public boolean isNone() {
      return !newSession
          && processGroup.isEmpty()
          && pipeSize.isEmpty()
          && passFds.isEmpty()
          && umask.isEmpty()
          && identity.isOurs()
          && !resetAllSignals
          && newCgroupBelow.isEmpty();
    }
  }

  /**
   * The user and the groups of a child.
   *
   * @param user the real and effective user, empty for ours
   * @param group the real and effective group, empty for ours
   * @param extraGroups all supplementary groups, empty for ours
   */
  public record Identity(
      Optional<Account> user, Optional<Account> group, Optional<List<Account>> extraGroups) {
    /** Those of this process. */
    public static final Identity OURS =
        new Identity(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Whether a child has the user and the groups of this process.
     *
     * @return whether it is the same as {@link #OURS}
     */
    public boolean isOurs() {
      return user.isEmpty() && group.isEmpty() && extraGroups.isEmpty();
    }
  }

  /** A user or a group. */
  public sealed interface Account {
    /**
     * By its number.
     *
     * @param number 0 or more
     */
    record Id(int number) implements Account {}

    /**
     * By its name.
     *
     * @param name not empty and without NUL
     */
    record Name(String name) implements Account {}
  }

  /**
   * Options of Windows.
   *
   * @param creationFlags flags to add to those of CreateProcessW
   * @param showWindow how STARTUPINFOW is to show the window, or empty
   */
  public record WindowsSettings(int creationFlags, OptionalInt showWindow) {
    /** Nothing asked for. */
    public static final WindowsSettings NONE = new WindowsSettings(0, OptionalInt.empty());
  }

  /**
   * The program's name as given, for messages.
   *
   * @return the first argument
   */
  public String program() {
    return command.getFirst().display();
  }
}
