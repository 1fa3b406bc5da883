package io.github.jpopen.posix;

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
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Builds {@link SpawnRequest}s: all three streams are pipes unless said otherwise. */
public final class Requests {
  private List<Argument> command;
  private boolean shell;
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

  private Requests(List<Argument> command) {
    this.command = command;
  }

  public static Requests of(String... command) {
    List<Argument> arguments = new ArrayList<>();
    for (String argument : command) {
      arguments.add(new Text(argument));
    }
    return new Requests(arguments);
  }

  public static Requests shell(String script, String... arguments) {
    List<String> all = new ArrayList<>(List.of(script));
    all.addAll(List.of(arguments));
    Requests requests = of(all.toArray(String[]::new));
    requests.shell = true;
    return requests;
  }

  public Requests argument(Argument argument) {
    command = new ArrayList<>(command);
    command.add(argument);
    return this;
  }

  public Requests executable(Path file) {
    executable = file;
    return this;
  }

  public Requests cwd(Path path) {
    directory = path;
    return this;
  }

  public Requests environment(EnvironmentChange... changes) {
    environment.addAll(List.of(changes));
    return this;
  }

  public Requests stdin(Stdio stdio) {
    stdin = stdio;
    return this;
  }

  public Requests stdout(Stdio stdio) {
    stdout = stdio;
    return this;
  }

  public Requests stderr(Stdio stdio) {
    stderr = stdio;
    return this;
  }

  public Requests noStreams() {
    return stdin(new Null()).stdout(new Null()).stderr(new Null());
  }

  public Requests inherit() {
    return stdin(new Inherit()).stdout(new Inherit()).stderr(new Inherit());
  }

  public Requests posix(boolean session, OptionalInt group, OptionalInt size) {
    newSession = session;
    processGroup = group;
    pipeSize = size;
    return this;
  }

  public Requests passFds(Integer... descriptors) {
    passFds = List.of(descriptors);
    return this;
  }

  public Requests umask(int mask) {
    umask = OptionalInt.of(mask);
    return this;
  }

  public Requests identity(Identity who) {
    identity = who;
    return this;
  }

  public SpawnRequest build() {
    return new SpawnRequest(
        command,
        shell,
        executable,
        directory,
        environment,
        stdin,
        stdout,
        stderr,
        new PosixSettings(newSession, processGroup, pipeSize, passFds, umask, identity),
        WindowsSettings.NONE);
  }
}
