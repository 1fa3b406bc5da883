package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.CommandLine;
import io.github.jpopen.posix.arguments.Environment;
import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.arguments.ProgramSearch;
import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.child.ChildPipe;
import io.github.jpopen.posix.child.PosixChild;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.tree.ProcessTree;
import io.github.jpopen.posix.tree.TreeCgroup;
import io.github.jpopen.posix.tree.TreeMark;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts one child, or leaves nothing behind. */
public final class Spawner {
  private static final int NO_GROUP = -1;
  private static final String SPAWN = "posix_spawn";

  private final SpawnServices services;
  private final Posix posix;
  private final PosixConstants constants;
  private final SpawnRequest request;
  private final CommandLine command;
  private final Environment environment;
  private final @Nullable TreeMark mark;
  private final SpawnFailure failure;
  private @Nullable TreeCgroup cgroup;
  private @Nullable PosixChild started;

  /** Prepares to start a child. */
  public Spawner(SpawnServices services, SpawnRequest request) {
    this.services = services;
    this.request = request;
    posix = services.posix();
    constants = posix.constants();
    command = CommandLine.of(request);
    mark = request.tree() ? TreeMark.create() : null;
    environment = environment(request.environment());
    failure = new SpawnFailure(posix, command, environment, request.directory());
  }

  private Environment environment(List<EnvironmentChange> changes) {
    Environment wanted = new Environment(posix, changes);
    if (mark == null) {
      return wanted;
    }
    List<EnvironmentChange> marked = new ArrayList<>(changes);
    marked.add(new Put(TreeMark.VARIABLE, mark.after(wanted.value(TreeMark.VARIABLE))));
    return new Environment(posix, marked);
  }

  /** Starts the child. */
  public PosixChild spawn() throws SpawnRefused {
    try {
      return start();
    } catch (Throwable thrown) { // once there is a process, it must not be lost
      PosixChild lost = started;
      TreeCgroup unused = cgroup;
      if (lost != null) {
        lost.destroy();
      } else if (unused != null) {
        unused.leave();
      }
      throw thrown;
    }
  }

  private PosixChild start() throws SpawnRefused {
    refuseWindowsOptions();
    PosixSettings settings = request.posix();
    Path directory = request.directory();
    Path parent = cgroupParent(settings);
    CgroupStart grouping =
        parent == null ? null : new CgroupStart(services, failure, parent, here(parent));
    try (Arena arena = Arena.ofConfined();
        Descriptors descriptors = new Descriptors(posix)) {
      // Before any pipe is made, which could get the number of a descriptor that is not open.
      SpawnIdentity identity = new SpawnIdentity(posix, arena, settings, failure);
      ChildStreams streams =
          new ChildStreams(
              services.children().opening(),
              arena,
              descriptors,
              services.standardDescriptors(),
              failure,
              settings.pipeSize());
      streams.open(request);
      MemorySegment cwd =
          directory == null
              ? MemorySegment.NULL
              : CStrings.string(PathBytes.ofFile(directory), arena);
      try (SpawnCall call = new SpawnCall(posix, arena, streams.sources(), cwd, identity)) {
        call.passOn(CStrings.array(command.arguments(), arena), environment.toNative(arena));
        setAttributes(call, settings);
        List<ChildPipe> pipes = streams.pipes(services.children());
        cgroup = grouping == null ? null : grouping.make();
        PosixChild child = new PosixChild(services.children(), pipes, mark, cgroup);
        try {
          execute(call);
        } finally {
          if (call.hasSpawned()) {
            own(child, call.pid(), pipes, streams, descriptors);
          }
        }
        if (grouping != null) {
          grouping.enter(child);
        }
        return child;
      }
    }
  }

  private void refuseWindowsOptions() {
    WindowsSettings windows = request.windows();
    if (windows.creationFlags() != 0 || windows.showWindow().isPresent()) {
      throw new UnsupportedOperationException(
          "WindowsOptions have no meaning on " + System.getProperty("os.name"));
    }
  }

  private @Nullable Path cgroupParent(PosixSettings settings) {
    Path parent = settings.newCgroupBelow().orElse(null);
    if (parent != null && !ProcessTree.isUsable(posix)) {
      throw new UnsupportedOperationException("newCgroupBelow needs Linux and /proc");
    }
    return parent;
  }

  private void setAttributes(SpawnCall call, PosixSettings settings) throws SpawnRefused {
    SpawnResult result =
        call.setAttributes(
            settings.newSession(),
            settings.processGroup().orElse(NO_GROUP),
            settings.resetAllSignals());
    if (result.failed()) {
      throw failure.of(result.call(), result.error());
    }
  }

  private void own(
      PosixChild child,
      int pid,
      List<ChildPipe> pipes,
      ChildStreams streams,
      Descriptors descriptors) {
    for (int i = 0; i < pipes.size(); i++) { // no iterator: this must not need memory
      descriptors.keep(pipes.get(i).descriptor());
    }
    streams.keepLinks();
    started = child;
    child.begin(pid);
    descriptors.close(); // the child's ends, or there would be no end of file
  }

  private void execute(SpawnCall call) throws SpawnRefused {
    if (command.isPath()) {
      SpawnResult result = attempt(call, command.file());
      if (result.failed()) {
        throw failure(result, command.file());
      }
      return;
    }
    ProgramSearch search =
        new ProgramSearch(services.children().opening(), command.file(), searchPath());
    boolean refused = search.error() != 0;
    int error = refused ? search.error() : constants.ENOENT();
    byte[] culprit = error == constants.EACCES() ? search.refused() : null;
    for (byte[] candidate : search.found()) {
      SpawnResult result = attempt(call, candidate);
      if (!result.failed()) {
        return;
      }
      boolean refusal = isRefusal(result.error());
      if (!refusal
          && result.error() != constants.ENOENT()
          && result.error() != constants.ENOTDIR()) {
        throw failure(result, candidate);
      }
      // The first refusal is reported, or else the first file that could not be run.
      if (!refused && (refusal || culprit == null)) {
        error = result.error();
        culprit = candidate;
        refused = refusal;
      }
    }
    throw failure.ofSpawn(culprit, error);
  }

  // Errors after which the search continues; the first of them is reported if nothing is found.
  private boolean isRefusal(int error) {
    return error == constants.EACCES()
        || error == constants.ENOEXEC()
        || error == constants.ELOOP()
        || error == constants.ENAMETOOLONG();
  }

  private SpawnResult attempt(SpawnCall call, byte[] file) {
    // glibc has addclosefrom_np since 2.34 and reports failures since 2.24, so that is asked first.
    if (!posix.hasCloseFrom() && SilentSpawnFailures.hidesFailures(posix)) {
      WorkingDirectory here = new WorkingDirectory(posix);
      int error = SilentSpawnFailures.check(constants, file, request.directory(), here);
      if (error != 0) {
        return SpawnResult.of(SPAWN, -error);
      }
    }
    Path cwd = posix.findsProgramAfterChdir() ? null : request.directory();
    call.execute(cwd == null ? file : PathBytes.absolute(here(cwd), file));
    return services.tiers().spawn(call);
  }

  private Path here(Path relative) {
    return new WorkingDirectory(posix).name().resolve(relative);
  }

  private SpawnRefused failure(SpawnResult result, byte[] file) {
    return switch (result.call()) {
      case SPAWN -> failure.ofSpawn(file, result.error());
      case "chdir" -> failure.ofDirectory(result.call(), result.error());
      default -> failure.of(result.call(), result.error());
    };
  }

  private byte[] searchPath() {
    byte[] path = environment.value("PATH");
    if (path == null) {
      path = environment.ownValue("PATH");
    }
    return path == null ? ProgramSearch.STANDARD_PATH : path;
  }
}
