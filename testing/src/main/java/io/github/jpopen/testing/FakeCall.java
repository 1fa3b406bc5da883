package io.github.jpopen.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.Signal;
import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.testing.fake.FakeChild;
import io.github.jpopen.testing.fake.Take;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One start of a program: what it was started with, and what it has received since.
 *
 * <p>Thread-safe. {@link #toString} shows the command without its secrets; {@link #args} has them.
 *
 * @since 0.1
 */
public final class FakeCall {
  private final SpawnRequest request;
  private final List<String> args;
  private final Map<String, String> env;
  private final Take take = new Take();
  private volatile long pid;
  private volatile @Nullable FakeChild child;
  private boolean isOver; // guarded by this

  FakeCall(SpawnRequest request) {
    this.request = request;
    this.args = List.copyOf(argsOf(request));
    this.env = env(System.getenv(), request.environment(), Platforms.isWindows());
  }

  private static List<String> argsOf(SpawnRequest request) {
    List<String> args = new ArrayList<>(shell(request));
    for (SpawnRequest.Argument argument : request.command()) {
      args.add(argument.text());
    }
    return args;
  }

  private static List<String> shell(SpawnRequest request) {
    if (!request.shell()) {
      return List.of();
    }
    if (Platforms.isWindows()) {
      return List.of("cmd.exe", "/c");
    }
    Path chosen = request.executable();
    List<String> words = new ArrayList<>(List.of(chosen == null ? "/bin/sh" : chosen.toString()));
    words.addAll(SpawnRequest.shellOptions(chosen != null, request.command().getFirst()));
    return words;
  }

  /** On Windows {@code Path} and {@code PATH} are one variable, and the last name counts. */
  static Map<String, String> env(
      Map<String, String> inherited,
      List<SpawnRequest.EnvironmentChange> changes,
      boolean ignoresCase) {
    Map<String, String> env =
        ignoresCase ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
    env.putAll(inherited);
    for (SpawnRequest.EnvironmentChange change : changes) {
      switch (change) {
        case SpawnRequest.Put(String name, String value) -> {
          env.remove(name);
          env.put(name, value);
        }
        case SpawnRequest.Remove(String name) -> env.remove(name);
        case SpawnRequest.Clear() -> env.clear();
      }
    }
    return Collections.unmodifiableMap(env);
  }

  synchronized void startedAs(long id, @Nullable FakeChild played) {
    pid = id;
    child = played;
    endIfOver();
  }

  /** Ends the fake, even if another thread is about to start it. */
  synchronized void end() {
    isOver = true;
    endIfOver();
  }

  private void endIfOver() {
    FakeChild playing = child;
    if (isOver && playing != null) {
      playing.die();
    }
  }

  /** Whether it was a real program that was started, or that the system has refused. */
  boolean isReal() {
    return (pid != 0 && child == null) || take.refused() != null;
  }

  /** What a real program did. */
  Take take() {
    return take;
  }

  /** The arguments; null for each that no file may show. */
  List<@Nullable String> openArgs() {
    List<@Nullable String> open = new ArrayList<>(shell(request));
    for (SpawnRequest.Argument argument : request.command()) {
      open.add(argument instanceof SpawnRequest.Secret ? null : argument.text());
    }
    return open;
  }

  /**
   * Returns the program and its arguments, as the program would see them.
   *
   * <p>For {@code Command.shell} they begin with {@code /bin/sh -c}, on Windows with {@code cmd.exe
   * /c}.
   *
   * @return unmodifiable; secrets in clear text
   */
  public List<String> args() {
    return args;
  }

  /**
   * Returns the working directory.
   *
   * @return empty if none was set
   */
  public Optional<Path> cwd() {
    return Optional.ofNullable(request.directory());
  }

  /**
   * Returns the environment that the program got: that of this process, changed as the command
   * says.
   *
   * @return unmodifiable; on Windows it finds a name in any case
   */
  public Map<String, String> env() {
    return env;
  }

  /**
   * Returns the process id. No real process has that of a fake.
   *
   * @return 0 if the program could not be started
   */
  public long pid() {
    return pid;
  }

  /**
   * Returns what the fake has read from its stdin so far.
   *
   * @return a copy; empty for a real program
   */
  public byte[] input() {
    FakeChild played = child;
    return played == null ? new byte[0] : played.input();
  }

  /**
   * Returns what the fake has read from its stdin so far, as UTF-8.
   *
   * @return empty for a real program
   */
  public String inputText() {
    return new String(input(), UTF_8);
  }

  /**
   * Returns the signals that were sent to the fake, even those that it ignored.
   *
   * @return in their order; empty for a real program
   */
  public List<Signal> signals() {
    FakeChild played = child;
    return played == null ? List.of() : played.signals().stream().map(Signal::of).toList();
  }

  /**
   * Returns whether the fake has ended.
   *
   * @return true if it could not be started; false for a real program
   */
  public boolean hasEnded() {
    FakeChild played = child;
    return played == null ? pid == 0 : played.hasEnded();
  }

  /**
   * Returns the command as in messages.
   *
   * @return with {@code ***} for each secret
   */
  @Override
  public String toString() {
    List<String> shown = new ArrayList<>(shell(request));
    for (SpawnRequest.Argument argument : request.command()) {
      shown.add(argument.display());
    }
    return shown.toString();
  }
}
