package io.github.jpopen.windows;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.win32.ProcessStart;
import io.github.jpopen.windows.win32.StartedProcess;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Starts one child, or leaves nothing behind. */
final class Spawner {
  private static final int CREATE_NO_WINDOW = 0x08000000;
  private static final StreamKind[] KINDS = StreamKind.values();

  private final WindowsRuntime runtime;
  private final Win32 win32;
  private final SpawnRequest request;
  private final EnvironmentBlock environment;
  private final CommandLine command;
  private final SpawnFailure failure;

  private Spawner(WindowsRuntime runtime, SpawnRequest request) {
    this.runtime = runtime;
    this.request = request;
    win32 = runtime.win32();
    if (!request.posix().equals(PosixSettings.NONE)) {
      throw new UnsupportedOperationException("options of POSIX do not work on Windows");
    }
    environment = new EnvironmentBlock(System.getenv(), request.environment());
    command = CommandLine.of(request, shell());
    failure = new SpawnFailure(command.display(), request.directory());
  }

  /** Starts a child, on a platform thread: CreateProcessW may take long. */
  static WindowsChild spawn(WindowsRuntime runtime, SpawnRequest request) throws IOException {
    Spawner spawner = new Spawner(runtime, request);
    if (!Thread.currentThread().isVirtual()) {
      return spawner.spawn();
    }
    CompletableFuture<WindowsChild> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("jpopen-spawn")
            .inheritInheritableThreadLocals(false)
            .unstarted(
                () -> {
                  try {
                    result.complete(spawner.spawn());
                  } catch (Throwable e) {
                    result.completeExceptionally(e);
                  }
                });
    thread.start();
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

  // Of our own environment, not the child's: whoever fills that does not choose what runs.
  private static String shell() {
    String shell = System.getenv("ComSpec");
    if (shell != null && ProgramSearch.isAbsolute(shell)) {
      return shell;
    }
    String root = System.getenv("SystemRoot");
    return (root == null ? "C:\\Windows" : root) + "\\System32\\cmd.exe";
  }

  private WindowsChild spawn() throws IOException {
    String file = find();
    BatchFiles.refuse(file);
    try (Arena arena = Arena.ofConfined();
        ChildStreams streams = new ChildStreams(runtime, failure)) {
      streams.open(request);
      Progress progress = new Progress();
      List<PipeEnd> pipes = ends(streams, progress);
      StartedProcess started = start(arena, file, streams);
      int _ = win32.closeHandle(started.thread());
      ChildExit exit = new ChildExit(win32, started.process(), started.pid());
      WindowsChild child = new WindowsChild(runtime, progress, pipes, exit);
      for (int i = 0; i < KINDS.length; i++) {
        streams.keep(i);
      }
      return child;
    }
  }

  private List<PipeEnd> ends(ChildStreams streams, Progress progress) throws SpawnRefused {
    List<PipeEnd> pipes = new ArrayList<>();
    try {
      PortThread port = runtime.startedPort();
      for (int i = 0; i < KINDS.length; i++) {
        if (streams.ours(i) != ChildStreams.NONE) {
          PipeEnd pipe = PipeEnd.of(port, progress, KINDS[i], streams.ours(i));
          port.bind(streams.ours(i), pipe.key());
          pipes.add(pipe);
        }
      }
      return pipes;
    } catch (Win32Exception e) {
      throw failure.of(e.call(), e.error());
    }
  }

  private StartedProcess start(Arena arena, String file, ChildStreams streams) throws SpawnRefused {
    Path directory = request.directory();
    long[] inherited = streams.inherited();
    MemorySegment attributes = MemorySegment.NULL;
    try {
      if (inherited.length > 0) {
        attributes = win32.attributeList(arena, inherited);
      }
      ProcessStart start =
          new ProcessStart(
              text(arena, file),
              text(arena, command.text()),
              flags(),
              text(arena, environment.text()),
              directory == null
                  ? MemorySegment.NULL
                  : text(arena, directory.toAbsolutePath().toString()),
              streams.child(0),
              streams.child(1),
              streams.child(2),
              attributes,
              request.windows().showWindow());
      return runtime.inheritance().start(start, inherited);
    } catch (Win32Exception e) {
      throw "CreateProcessW".equals(e.call())
          ? failure.ofCreateProcess(e.error())
          : failure.of(e.call(), e.error());
    } finally {
      if (attributes.address() != 0) {
        win32.deleteAttributeList(attributes);
      }
    }
  }

  private int flags() {
    int flags = request.windows().creationFlags();
    boolean hidden =
        runtime.settings().noWindow()
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
    Path directory = request.directory();
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) { // there cannot be such a file
      throw failure.notFound();
    }
    Path absolute = directory == null ? path : directory.resolve(path);
    return absolute.toAbsolutePath().toString();
  }

  /** A name as Windows has it: UTF-16 units, of which a surrogate may be alone. */
  static MemorySegment text(Arena arena, @Nullable String text) {
    char[] units = ((text == null ? "" : text) + '\0').toCharArray();
    return arena.allocateFrom(ValueLayout.JAVA_CHAR, units);
  }
}
