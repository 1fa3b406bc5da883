package io.github.jpopen.windows.spawn;

import io.github.jpopen.spi.PipeLink;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Linked;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PipeToNext;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.ToStderr;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.WideStrings;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32.FileUse;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Opens the handles of the child's standard streams; closing it closes those not kept. */
final class ChildStreams implements AutoCloseable {
  /** No pipe. */
  static final long NONE = 0;

  /** Two ends of three pipes. */
  private static final int MOST = 6;

  private final Win32 win32;
  private final Pipes pipes;
  private final PortThread port;
  private final SpawnFailure failure;
  private final long[] open = new long[MOST];
  private int count;
  private final long[] childHandles = new long[3];
  private final long[] ourEnds = new long[3];
  private final long[] kept = new long[3];
  private final @Nullable PipeLink[] links = new @Nullable PipeLink[3];
  private @Nullable LongConsumer closer; // made before there is a child

  ChildStreams(SpawnServices services, PortThread port, SpawnFailure failure) {
    win32 = services.win32();
    pipes = services.pipes();
    this.port = port;
    this.failure = failure;
  }

  void open(SpawnRequest request) throws SpawnRefused {
    open(0, request.stdin());
    if (!(request.stdout() instanceof ToStderr)) {
      open(1, request.stdout());
      open(2, request.stderr());
    } else if (request.stderr() instanceof ToStdout) {
      childHandles[1] = own(2);
      childHandles[2] = own(1);
    } else {
      open(2, request.stderr());
      childHandles[1] = childHandles[2];
    }
  }

  /** The child's handle. */
  long child(int stream) {
    return childHandles[stream];
  }

  /** Our end of the pipe, or {@link #NONE}. */
  long ours(int stream) {
    return ourEnds[stream];
  }

  /** The handles that the child inherits, each once. */
  long[] inherited() {
    return Arrays.stream(childHandles).filter(handle -> handle != 0).distinct().toArray();
  }

  /**
   * Leaves our end of a pipe open, and the end for other children: their owners are other objects
   * from now on. Needs no memory.
   */
  void keep(int stream) {
    leaveOpen(ourEnds[stream]);
    PipeLink link = links[stream];
    if (link != null && closer != null) {
      leaveOpen(kept[stream]);
      link.keep(kept[stream], closer);
    }
  }

  private void leaveOpen(long handle) {
    for (int i = 0; i < count; i++) {
      if (open[i] == handle) {
        open[i] = NONE;
      }
    }
  }

  // A switch over types would link a call site at the first spawn.
  private void open(int stream, Stdio stdio) throws SpawnRefused {
    if (stdio instanceof Pipe) {
      pipe(stream);
    } else if (stdio instanceof Inherit) {
      childHandles[stream] = own(stream);
    } else if (stdio instanceof ToStdout) {
      childHandles[stream] = childHandles[1];
    } else if (stdio instanceof File file) {
      childHandles[stream] = file(file);
    } else if (stdio instanceof Descriptor descriptor) {
      childHandles[stream] = descriptor(descriptor.number());
    } else if (stdio instanceof SharedPipe shared) {
      pipe(stream);
      link(stream, childHandles[stream], shared.link());
    } else if (stdio instanceof PipeToNext next) {
      pipeToNext(stream, next.link());
    } else if (stdio instanceof Linked linked) {
      childHandles[stream] = linked.link().end();
    } else {
      childHandles[stream] = nullDevice();
    }
  }

  private long add(long handle) {
    open[count] = handle;
    count++;
    return handle;
  }

  private void pipe(int stream) throws SpawnRefused {
    try {
      Pipes.Ends ends = pipes.open(port, stream != 0);
      ourEnds[stream] = add(ends.ours());
      childHandles[stream] = add(ends.child());
    } catch (Win32Exception e) {
      throw failure.of(e.call(), e.error());
    }
  }

  private void pipeToNext(int stream, PipeLink link) throws SpawnRefused {
    try {
      Pipes.Ends ends = pipes.openBetween(port);
      childHandles[stream] = add(ends.child());
      link(stream, add(ends.ours()), link);
    } catch (Win32Exception e) {
      throw failure.of(e.call(), e.error());
    }
  }

  private void link(int stream, long end, PipeLink link) {
    kept[stream] = end;
    links[stream] = link;
    closer = handle -> Handles.close(win32, handle);
  }

  private long own(int stream) throws SpawnRefused {
    long own = win32.standardHandle(stream);
    return own == 0 ? nullDevice() : inherit(stream, own);
  }

  // A copy, so that the flags of our own handle stay. Only one that is closed is replaced: after
  // any other error of DuplicateHandle the child's bytes would be lost in NUL.
  private long inherit(int stream, long own) throws SpawnRefused {
    long copy = win32.duplicateHandle(own);
    if (copy < 0 && copy != -Win32Errors.INVALID_HANDLE) {
      throw failure.ofRedirect("descriptor " + stream, "DuplicateHandle", (int) -copy);
    }
    return copy > 0 ? add(copy) : nullDevice();
  }

  private long descriptor(int number) throws SpawnRefused {
    long own = number <= 2 ? win32.standardHandle(number) : 0;
    long copy = own == 0 ? -Win32Errors.INVALID_HANDLE : win32.duplicateHandle(own);
    if (copy < 0) {
      throw failure.ofRedirect("descriptor " + number, "DuplicateHandle", (int) -copy);
    }
    return add(copy);
  }

  private long nullDevice() throws SpawnRefused {
    long handle = open("NUL", FileUse.BOTH);
    if (handle < 0) {
      throw failure.ofRedirect("NUL", "CreateFileW", (int) -handle);
    }
    return add(handle);
  }

  private long file(File file) throws SpawnRefused {
    FileUse use =
        file.mode() == File.Mode.READ
            ? FileUse.READ
            : file.mode() == File.Mode.WRITE ? FileUse.WRITE : FileUse.APPEND;
    String name = file.path().toString();
    try {
      Path path = WindowsPaths.absolute(win32, file.path());
      long handle = open(WindowsPaths.forCreateFile(path), use);
      if (handle < 0) {
        String what = Files.isDirectory(path) ? name + " is a directory" : name;
        throw failure.ofRedirect(what, "CreateFileW", (int) -handle);
      }
      return add(handle);
    } catch (Win32Exception e) {
      throw failure.ofRedirect(name, e.call(), e.error());
    }
  }

  private long open(String name, FileUse use) {
    try (Arena arena = Arena.ofConfined()) {
      return win32.createFile(WideStrings.of(arena, name), use);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      if (open[i] != NONE) {
        Handles.close(win32, open[i]);
        open[i] = NONE;
      }
    }
  }
}
