package io.github.jpopen.posix;

import io.github.jpopen.SpawnException;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Numbers;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Starts one child, or leaves nothing behind. */
final class Spawner {
  private static final int NO_GROUP = -1;

  private final PosixRuntime runtime;
  private final Posix posix;
  private final Numbers numbers;
  private final SpawnRequest request;
  private final CommandLine command;
  private final Environment environment;
  private final SpawnFailure failure;

  Spawner(PosixRuntime runtime, SpawnRequest request) {
    this.runtime = runtime;
    this.request = request;
    posix = runtime.posix();
    numbers = posix.numbers();
    command = CommandLine.of(request);
    environment = new Environment(posix, request.environment());
    failure = new SpawnFailure(numbers, command, environment, request.directory());
  }

  PosixChild spawn() throws SpawnException {
    WindowsSettings windows = request.windows();
    if (windows.creationFlags() != 0 || windows.showWindow().isPresent()) {
      throw new UnsupportedOperationException(
          "WindowsOptions have no meaning on " + System.getProperty("os.name"));
    }
    PosixSettings settings = request.posix();
    Path directory = request.directory();
    try (Arena arena = Arena.ofConfined();
        Descriptors descriptors = new Descriptors(posix)) {
      // Before any pipe is made, which could get the number of a descriptor that is not open.
      Inherited inherited = new Inherited(posix, arena, settings, failure);
      ChildStreams streams =
          new ChildStreams(
              posix,
              arena,
              descriptors,
              runtime.standardDescriptors(),
              failure,
              settings.pipeSize());
      streams.open(request);
      MemorySegment cwd =
          directory == null
              ? MemorySegment.NULL
              : CStrings.string(PathBytes.of(directory.toAbsolutePath()), arena);
      try (SpawnCall call = new SpawnCall(posix, arena, streams.sources(), cwd, inherited)) {
        call.passOn(CStrings.array(command.arguments(), arena), environment.toNative(arena));
        int error =
            call.setAttributes(settings.newSession(), settings.processGroup().orElse(NO_GROUP));
        if (error < 0) {
          throw failure.of(call.failedCall(), -error);
        }
        PosixChild child = new PosixChild(runtime, streams.ours(), settings.pipeSize().isEmpty());
        execute(call);
        own(child, call.pid(), streams.ours(), descriptors);
        return child;
      }
    }
  }

  // There is a process now: whatever happens, it must not be lost.
  private static void own(PosixChild child, int pid, int[] ours, Descriptors descriptors) {
    for (int descriptor : ours) {
      if (descriptor != ChildStreams.NONE) {
        descriptors.keep(descriptor);
      }
    }
    try {
      child.exit().begin(pid);
      descriptors.close(); // the child's ends, or there would be no end of file
    } catch (Throwable thrown) {
      child.exit().destroy();
      child.close();
      throw thrown;
    }
  }

  private void execute(SpawnCall call) throws SpawnException {
    if (command.isPath()) {
      int error = attempt(call, command.file());
      if (error < 0) {
        throw failure(call, command.file(), -error);
      }
      return;
    }
    ProgramSearch search = new ProgramSearch(posix, command.file(), searchPath());
    boolean refused = search.error() != 0;
    int result = refused ? -search.error() : -numbers.ENOENT();
    byte[] culprit = null;
    for (byte[] candidate : search.found()) {
      int error = attempt(call, candidate);
      if (error == 0) {
        return;
      }
      boolean refusal = isRefusal(-error);
      if (!refusal && error != -numbers.ENOENT() && error != -numbers.ENOTDIR()) {
        throw failure(call, candidate, -error);
      }
      // The first refusal is told, else the first file that could not be run.
      if (!refused && (refusal || culprit == null)) {
        result = error;
        culprit = candidate;
        refused = refusal;
      }
    }
    throw failure.ofSpawn(culprit, -result);
  }

  // What may be otherwise with the next file of that name, and is told if it is not.
  private boolean isRefusal(int error) {
    return error == numbers.EACCES()
        || error == numbers.ENOEXEC()
        || error == numbers.ELOOP()
        || error == numbers.ENAMETOOLONG();
  }

  private int attempt(SpawnCall call, byte[] file) {
    if (OldLibrary.hidesFailures(posix)) {
      int error = OldLibrary.check(numbers, file, request.directory());
      if (error != 0) {
        return -error;
      }
    }
    Path cwd = posix.findsProgramAfterChdir() ? null : request.directory();
    call.execute(cwd == null ? file : PathBytes.absolute(cwd, file));
    return runtime.tiers().spawn(call);
  }

  private SpawnException failure(SpawnCall call, byte[] file, int error) {
    String name = call.failedCall();
    return switch (name) {
      case "", "posix_spawn" -> failure.ofSpawn(file, error);
      case "chdir" -> failure.ofDirectory(name, error);
      default -> failure.of(name, error);
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
