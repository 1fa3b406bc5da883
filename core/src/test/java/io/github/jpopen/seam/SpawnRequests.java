package io.github.jpopen.seam;

import io.github.jpopen.contract.ChildLauncher;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Identity;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.Text;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Builds {@link SpawnRequest}s. All three streams are pipes by default. */
public final class SpawnRequests {
  private final List<Argument> command = new ArrayList<>();
  private final boolean shell;
  private @Nullable Path executable;
  private @Nullable Path directory;
  private final List<EnvironmentChange> environment = new ArrayList<>();
  private Stdio stdin = new Pipe();
  private Stdio stdout = new Pipe();
  private Stdio stderr = new Pipe();
  private boolean newSession;
  private OptionalInt processGroup = OptionalInt.empty();
  private OptionalInt pipeSize = OptionalInt.empty();
  private List<Integer> passFds = List.of();
  private OptionalInt umask = OptionalInt.empty();
  private Identity identity = Identity.OURS;
  private boolean resetAllSignals;
  private Optional<Path> newCgroupBelow = Optional.empty();
  private boolean tree;
  private int creationFlags;
  private boolean endsWithUs;

  private SpawnRequests(boolean shell, List<String> command) {
    this.shell = shell;
    command.forEach(argument -> this.command.add(new Text(argument)));
  }

  /** A program with its arguments. */
  public static SpawnRequests of(String... command) {
    return new SpawnRequests(false, List.of(command));
  }

  /** A script of the system's shell, with its arguments. */
  public static SpawnRequests shell(String script, String... arguments) {
    return new SpawnRequests(true, List.of(script)).arguments(arguments);
  }

  /** The child of the contract tests; the steps are behaviours with their arguments. */
  public static SpawnRequests child(String... steps) {
    return new SpawnRequests(false, ChildLauncher.command()).arguments(steps);
  }

  /** A main class on the class path of this JVM. */
  public static SpawnRequests main(Class<?> main, String... arguments) {
    List<String> command =
        ChildLauncher.command(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    return new SpawnRequests(false, command).arguments(arguments);
  }

  private SpawnRequests arguments(String... arguments) {
    for (String argument : arguments) {
      command.add(new Text(argument));
    }
    return this;
  }

  /** Adds an argument. */
  public SpawnRequests argument(Argument argument) {
    command.add(argument);
    return this;
  }

  /** The file to execute in place of the first argument. */
  public SpawnRequests executable(Path file) {
    executable = file;
    return this;
  }

  /** The working directory. */
  public SpawnRequests cwd(Path path) {
    directory = path;
    return this;
  }

  /** Adds changes of the environment. */
  public SpawnRequests environment(EnvironmentChange... changes) {
    environment.addAll(List.of(changes));
    return this;
  }

  /** Where the child reads. */
  public SpawnRequests stdin(Stdio stdio) {
    stdin = stdio;
    return this;
  }

  /** Where the child writes. */
  public SpawnRequests stdout(Stdio stdio) {
    stdout = stdio;
    return this;
  }

  /** Where the child writes its errors. */
  public SpawnRequests stderr(Stdio stdio) {
    stderr = stdio;
    return this;
  }

  /** All three streams are the null device. */
  public SpawnRequests noStreams() {
    return stdin(new Null()).stdout(new Null()).stderr(new Null());
  }

  /** All three streams are those of this process. */
  public SpawnRequests inherit() {
    return stdin(new Inherit()).stdout(new Inherit()).stderr(new Inherit());
  }

  /** POSIX: the child calls {@code setsid}. */
  public SpawnRequests newSession() {
    newSession = true;
    return this;
  }

  /** POSIX: the group to join, 0 for a new one. */
  public SpawnRequests processGroup(long group) {
    processGroup = OptionalInt.of(Math.toIntExact(group));
    return this;
  }

  /** POSIX: the capacity of the pipes in bytes. */
  public SpawnRequests pipeSize(int bytes) {
    pipeSize = OptionalInt.of(bytes);
    return this;
  }

  /** POSIX: descriptors that stay open in the child. */
  public SpawnRequests passFds(Integer... descriptors) {
    passFds = List.of(descriptors);
    return this;
  }

  /** POSIX: the file mode creation mask. */
  public SpawnRequests umask(int mask) {
    umask = OptionalInt.of(mask);
    return this;
  }

  /** POSIX: the user and the groups. */
  public SpawnRequests identity(Identity of) {
    identity = of;
    return this;
  }

  /** POSIX: the child ignores no signal. */
  public SpawnRequests resetAllSignals() {
    resetAllSignals = true;
    return this;
  }

  /** Linux: the child gets a cgroup of its own below this one. */
  public SpawnRequests newCgroupBelow(Path parent) {
    newCgroupBelow = Optional.of(parent);
    return this;
  }

  /** Windows: flags for CreateProcessW. */
  public SpawnRequests creationFlags(int flags) {
    creationFlags = flags;
    return this;
  }

  /** The child ends when this process ends. */
  public SpawnRequests endsWithUs() {
    endsWithUs = true;
    return this;
  }

  /** What the child starts can be found, even if it hides. */
  public SpawnRequests tree() {
    tree = true;
    return this;
  }

  /** The request. */
  public SpawnRequest build() {
    return new SpawnRequest(
        List.copyOf(command),
        shell,
        executable,
        directory,
        List.copyOf(environment),
        stdin,
        stdout,
        stderr,
        new PosixSettings(
            newSession,
            processGroup,
            pipeSize,
            passFds,
            umask,
            identity,
            resetAllSignals,
            newCgroupBelow),
        new WindowsSettings(creationFlags, OptionalInt.empty()),
        tree,
        endsWithUs);
  }
}
