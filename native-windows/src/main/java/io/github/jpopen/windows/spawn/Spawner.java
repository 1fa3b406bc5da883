package io.github.jpopen.windows.spawn;

import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.child.ChildExit;
import io.github.jpopen.windows.child.ChildJob;
import io.github.jpopen.windows.child.PipeEnd;
import io.github.jpopen.windows.child.ReadEnd;
import io.github.jpopen.windows.child.StepSignal;
import io.github.jpopen.windows.child.TransferBuffers;
import io.github.jpopen.windows.child.UnwatchedChildren;
import io.github.jpopen.windows.child.WindowsChild;
import io.github.jpopen.windows.child.WriteEnd;
import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.ProcessStart;
import io.github.jpopen.windows.win32.StartedProcess;
import io.github.jpopen.windows.win32.WideStrings;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Starts one child; if that fails, it leaves nothing behind. */
public final class Spawner {
  /** How often a start is tried while children give back what they hold. */
  private static final int TRIES = 10;

  private static final int CREATE_NO_WINDOW = 0x08000000;
  private static final StreamKind[] KINDS = StreamKind.values();

  private final SpawnServices services;
  private final Win32 win32;
  private final SpawnRequest request;
  private final EnvironmentBlock environment;
  private final CommandLine command;
  private final SpawnFailure failure;

  /** The child's working directory, absolute; null for that of this process. */
  private final @Nullable Path directory;

  private Spawner(SpawnServices services, SpawnRequest request) {
    this.services = services;
    this.request = request;
    win32 = services.win32();
    if (!request.posix().isNone()) {
      throw new UnsupportedOperationException("PosixOptions have no meaning on Windows");
    }
    environment = new EnvironmentBlock(System.getenv(), request.environment());
    command = CommandLine.of(request, shell());
    directory = directory();
    failure = new SpawnFailure(command.display(), request.directory(), directory);
  }

  private @Nullable Path directory() {
    Path given = request.directory();
    try {
      return given == null ? null : WindowsPaths.absolute(win32, given);
    } catch (InvalidPathException | Win32Exception e) { // CreateProcessW refuses it as well
      return given;
    }
  }

  /** Starts a child, always on a platform thread, because CreateProcessW may take long. */
  public static WindowsChild spawn(SpawnServices services, SpawnRequest request)
      throws IOException {
    Spawner spawner = new Spawner(services, request);
    if (!Thread.currentThread().isVirtual()) {
      return spawner.spawnOrGiveBack();
    }
    CompletableFuture<WindowsChild> result = new CompletableFuture<>();
    try {
      OwnThreads.start(
          OwnThreads.daemon(
              "jpopen-spawn",
              OwnThreads.USUAL_STACK,
              () -> {
                try {
                  result.complete(spawner.spawnOrGiveBack());
                } catch (Throwable e) {
                  result.completeExceptionally(e);
                }
              }));
    } catch (OutOfMemoryError e) { // no thread: this one holds its carrier for a moment
      return spawner.spawnOrGiveBack();
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  // From our own environment: the child's may come from elsewhere, and must not choose the shell.
  private static String shell() {
    String shell = System.getenv("ComSpec");
    if (shell != null && ProgramSearch.isAbsolute(shell)) {
      return shell;
    }
    String root = System.getenv("SystemRoot");
    return (root == null ? "C:\\Windows" : root) + "\\System32\\cmd.exe";
  }

  // Handles and memory of Windows may be held by children that have ended or were dropped.
  private WindowsChild spawnOrGiveBack() throws IOException {
    int tries = 1;
    UnwatchedChildren unwatched = services.children().unwatched();
    while (true) {
      long ended = unwatched.countEnded();
      try {
        return spawn();
      } catch (SpawnRefused e) {
        if (!Win32Errors.isShortage(e.errorCode())
            || tries++ == TRIES
            || !unwatched.giveBackSince(ended)) {
          throw e;
        }
      }
    }
  }

  private WindowsChild spawn() throws IOException {
    String file = find();
    BatchFiles.refuse(file);
    PortThread port = enterPort();
    ChildJob job = null;
    try (Arena arena = Arena.ofConfined();
        ChildStreams streams = new ChildStreams(services, port, failure)) {
      streams.open(request);
      StepSignal signal = new StepSignal();
      List<PipeEnd> pipes = ends(port, streams, signal);
      job = job();
      StartedProcess started = new StartedProcess();
      ChildExit exit = new ChildExit(win32, started);
      WindowsChild child = new WindowsChild(services.children(), port, signal, pipes, exit, job);
      start(new Creation(services, failure, arena, job), file, streams, started, exit);
      for (int i = 0; i < KINDS.length; i++) {
        streams.keep(i);
      }
      for (int i = 0; i < pipes.size(); i++) { // an iterator would need memory
        pipes.get(i).own();
      }
      return child;
    } catch (Throwable e) {
      if (job != null) {
        job.destroy(e);
      }
      throw e;
    } finally {
      port.leave();
    }
  }

  // The hook at the JVM's end works without a job as well, so a refused one only matters for a
  // tree.
  private @Nullable ChildJob job() throws SpawnRefused {
    boolean dies = request.endsWithUs();
    if (!request.tree() && !dies) {
      return null;
    }
    try {
      return ChildJob.create(win32, request.tree(), dies);
    } catch (Win32Exception e) {
      if (request.tree() || Win32Errors.isShortage(e.error())) {
        throw failure.of(e.call(), e.error());
      }
      return null;
    }
  }

  private PortThread enterPort() throws SpawnRefused {
    try {
      return services.children().enterPort();
    } catch (Win32Exception e) {
      throw failure.of(e.call(), e.error());
    }
  }

  private List<PipeEnd> ends(PortThread port, ChildStreams streams, StepSignal signal)
      throws SpawnRefused {
    List<PipeEnd> pipes = new ArrayList<>();
    try {
      for (int i = 0; i < KINDS.length; i++) {
        long handle = streams.ours(i);
        if (handle != ChildStreams.NONE) {
          PipeEnd pipe = end(port, signal, KINDS[i], handle);
          port.bind(handle, pipe.key());
          pipes.add(pipe);
        }
      }
      return pipes;
    } catch (Win32Exception e) {
      throw failure.of(e.call(), e.error());
    }
  }

  private PipeEnd end(PortThread port, StepSignal signal, StreamKind kind, long handle) {
    TransferBuffers buffers = services.children().buffers();
    return kind == StreamKind.STDIN
        ? new WriteEnd(port, buffers, signal, handle)
        : new ReadEnd(port, buffers, signal, kind, handle);
  }

  // Whatever fails once there is a process ends it: no caller will ever have it.
  private void start(
      Creation creation, String file, ChildStreams streams, StartedProcess started, ChildExit exit)
      throws SpawnRefused {
    boolean complete = false;
    try {
      creation.run(
          attributes -> processStart(creation.arena(), file, streams, attributes),
          streams.inherited(),
          started);
      complete = true;
    } finally {
      if (started.thread() != 0) {
        Handles.close(win32, started.thread());
      }
      if (!complete) {
        exit.destroy();
      }
    }
  }

  private ProcessStart processStart(
      Arena arena, String file, ChildStreams streams, MemorySegment attributes) {
    return new ProcessStart(
        WideStrings.of(arena, file),
        WideStrings.of(arena, command.text()),
        flags(),
        WideStrings.of(arena, environment.text()),
        directory == null ? MemorySegment.NULL : WideStrings.of(arena, directory.toString()),
        streams.child(0),
        streams.child(1),
        streams.child(2),
        attributes,
        streams.inherited().length > 0,
        request.windows().showWindow());
  }

  private int flags() {
    int flags = request.windows().creationFlags();
    boolean hidden =
        services.mayHideConsole()
            && !(request.stdin() instanceof Inherit)
            && !(request.stdout() instanceof Inherit)
            && !(request.stderr() instanceof Inherit)
            && !win32.hasConsole();
    return hidden ? flags | CREATE_NO_WINDOW : flags;
  }

  private String find() throws SpawnRefused {
    ProgramSearch search =
        new ProgramSearch(environment.value("PATHEXT"), name -> new File(name).isFile());
    String name = command.file();
    String found =
        ProgramSearch.isPath(name)
            ? search.at(absolute(name))
            : search.find(name, environment.value("PATH"));
    if (found == null) {
      throw failure.notFound();
    }
    return found;
  }

  private String absolute(String name) throws SpawnRefused {
    try {
      Path path = Path.of(name);
      Path there = directory == null ? path : directory.resolve(path);
      return WindowsPaths.absolute(win32, there).toString();
    } catch (InvalidPathException e) { // there cannot be such a file
      throw failure.notFound();
    } catch (Win32Exception e) {
      throw failure.ofProgram(e.call(), e.error());
    }
  }
}
