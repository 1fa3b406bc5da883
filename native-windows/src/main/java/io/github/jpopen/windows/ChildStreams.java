package io.github.jpopen.windows;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32.FileUse;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Opens what the child's standard streams lead to. Closed, it gives back what was not kept. */
final class ChildStreams implements AutoCloseable {
  /** There is no pipe. */
  static final long NONE = 0;

  private final Win32 win32;
  private final Pipes pipes;
  private final SpawnFailure failure;
  private final List<Long> open = new ArrayList<>();
  private final long[] childs = new long[3];
  private final long[] ours = new long[3];

  ChildStreams(WindowsRuntime runtime, SpawnFailure failure) {
    win32 = runtime.win32();
    pipes = runtime.pipes();
    this.failure = failure;
  }

  void open(SpawnRequest request) throws SpawnRefused {
    open(0, request.stdin());
    open(1, request.stdout());
    open(2, request.stderr());
  }

  /** The child's three handles. */
  long child(int stream) {
    return childs[stream];
  }

  /** Our end of the pipe, or {@link #NONE}. */
  long ours(int stream) {
    return ours[stream];
  }

  /** What the child is to inherit: each handle once. */
  long[] inherited() {
    return java.util.Arrays.stream(childs).filter(handle -> handle != 0).distinct().toArray();
  }

  /** Somebody else owns our end from now on. */
  void keep(int stream) {
    open.remove(ours[stream]);
  }

  // Not a switch over types: that would link a call site at the first spawn.
  private void open(int stream, Stdio stdio) throws SpawnRefused {
    if (stdio instanceof Pipe) {
      pipe(stream);
    } else if (stdio instanceof Inherit) {
      long own = win32.standardHandle(stream);
      childs[stream] = own == 0 ? nullDevice() : inherit(own);
    } else if (stdio instanceof ToStdout) {
      childs[stream] = childs[1];
    } else if (stdio instanceof File file) {
      childs[stream] = file(file);
    } else if (stdio instanceof Descriptor descriptor) {
      childs[stream] = descriptor(descriptor.number());
    } else {
      childs[stream] = nullDevice();
    }
  }

  private long add(long handle) {
    open.add(handle);
    return handle;
  }

  private void pipe(int stream) throws SpawnRefused {
    try {
      Pipes.Ends ends = pipes.open(stream != 0);
      ours[stream] = add(ends.ours());
      childs[stream] = add(ends.childs());
    } catch (Win32Exception e) {
      throw failure.of(e.call(), e.error());
    }
  }

  // A copy, so that our own handle's flag is left alone. A handle that cannot be copied is closed.
  private long inherit(long own) throws SpawnRefused {
    long copy = win32.duplicateHandle(own);
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
    return opened("NUL", "NUL", FileUse.BOTH);
  }

  private long file(File file) throws SpawnRefused {
    FileUse use =
        file.mode() == File.Mode.READ
            ? FileUse.READ
            : file.mode() == File.Mode.WRITE ? FileUse.WRITE : FileUse.APPEND;
    return opened(file.path().toString(), LongPaths.of(file.path()), use);
  }

  private long opened(String display, String name, FileUse use) throws SpawnRefused {
    try (Arena arena = Arena.ofConfined()) {
      long handle = win32.createFile(Spawner.text(arena, name), use);
      if (handle < 0) {
        throw failure.ofRedirect(display, "CreateFileW", (int) -handle);
      }
      return add(handle);
    }
  }

  @Override
  public void close() {
    for (long handle : open) {
      int _ = win32.closeHandle(handle);
    }
    open.clear();
  }
}
