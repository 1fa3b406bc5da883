package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Limits;
import io.github.jpopen.conversation.Turn;
import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import io.github.jpopen.stream.TextModes;
import io.github.jpopen.text.TextMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is set on a {@link Command}; null or empty if it is not set. */
final class CommandSettings extends CallSettings<CommandSettings> {
  List<Argument> command = List.of();
  boolean shell;
  @Nullable Path executable;
  @Nullable Path directory;
  List<EnvironmentChange> environment = List.of();
  @Nullable String place;
  @Nullable PosixOptions posix;
  @Nullable WindowsOptions windows;
  @Nullable Duration idle;
  @Nullable Signal stopSignal;
  List<Consumer<? super ChildEvent>> listeners = List.of();

  /** The rule of the pipeline that the command is a stage of; null if it is none. */
  @Nullable CloseRule closeRule;

  /** If the stages of a pipeline share the consumers; null if none does. */
  @Nullable Turn turn;

  @Override
  String insteadOfCapture() {
    return "for both outputs in one stream use stdout(PIPE).stderr(STDOUT)";
  }

  CommandLabel label() {
    String program = program();
    return new CommandLabel(name == null ? program : name, program, argv(), showsStderr, place);
  }

  /**
   * What reports the events of the child that is to be started; null if nothing is to hear them.
   */
  @Nullable Witness witness(CommandLabel label) {
    return listeners.isEmpty() && !EventSinks.areOn() ? null : new Witness(listeners, label);
  }

  /** The program. For a script it is the shell: a script may hold secrets. */
  String program() {
    if (!shell) {
      return command.getFirst().display();
    }
    return executable == null
        ? Platforms.isWindows() ? "cmd.exe" : "/bin/sh"
        : executable.toString();
  }

  List<String> argv() {
    String[] argv = new String[command.size()];
    for (int i = 0; i < argv.length; i++) {
      argv[i] = command.get(i).display();
    }
    return List.of(argv);
  }

  /** The text of the streams that have a charset of their own; null if none has. */
  @Nullable TextModes ownTexts() {
    TextMode in = stdin == null ? null : stdin.mode();
    TextMode out = stdout == null ? null : stdout.mode();
    TextMode err = stderr == null ? null : stderr.mode();
    return in == null && out == null && err == null ? null : new TextModes(in, out, err);
  }

  /** Decides how the child is closed, perhaps together with others. */
  CloseRule closeRule() {
    return closeRule == null ? new CloseRule(killOnClose) : closeRule;
  }

  /** The signal that asks a child to end, null if this system has none for it. */
  @Nullable Signal request() {
    if (!Platforms.isWindows()) {
      return stopSignal == null ? Signal.SIGTERM : stopSignal;
    }
    return windows().hasOwnGroup() ? Signal.CTRL_BREAK : null;
  }

  /** Throws if this system has no such signal. */
  void checkStopSignal() {
    if (stopSignal != null && !Platforms.isWindows()) {
      int _ = stopSignal.number();
    }
  }

  /** The options for Windows. What is to be asked together with all that it starts has a group. */
  private WindowsOptions windows() {
    return windowsOrNone().withGroup(killTree && grace != null && Platforms.isWindows());
  }

  /** The options for Windows that are set. */
  WindowsOptions windowsOrNone() {
    return windows == null ? WindowsOptions.NONE : windows;
  }

  private WindowsSettings windowsSettings() {
    return windows == null && !Platforms.isWindows() ? WindowsSettings.NONE : windows().settings();
  }

  /** How far the signals go that end the child, null if to the child only. */
  Ender.@Nullable Tree tree() {
    if (!killTree) {
      return null;
    }
    if (Platforms.isWindows()) {
      return Ender.Tree.ASKED_WITH_CHILD; // an event goes to the group
    }
    return leadsGroup() ? Ender.Tree.ASKED_BY_GROUP : Ender.Tree.KILLED;
  }

  /** Whether the child leads a process group. */
  boolean leadsGroup() {
    PosixOptions options = posix();
    return options != null && options.leadsGroup();
  }

  /** The options for POSIX. What is to be killed with all that it starts leads a group. */
  private @Nullable PosixOptions posix() {
    return killTree && !Platforms.isWindows() ? posixOrNone().withGroup() : posix;
  }

  /** The options for POSIX that are set. */
  PosixOptions posixOrNone() {
    return posix == null ? PosixOptions.NONE : posix;
  }

  private PosixSettings posixSettings() {
    PosixOptions options = posix();
    return options == null ? PosixSettings.NONE : options.settings();
  }

  Limits limits() {
    return idle == null && drain == null ? Limits.NONE : new Limits(idle, drain);
  }

  SpawnRequest spawnRequest() {
    return new SpawnRequest(
        command,
        shell,
        executable,
        directory,
        environment,
        stdin().stdio(),
        stdout().stdio(),
        stderr().stdio(),
        posixSettings(),
        windowsSettings(),
        killTree,
        killOnExit);
  }
}
