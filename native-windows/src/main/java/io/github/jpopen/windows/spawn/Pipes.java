package io.github.jpopen.windows.spawn;

import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.WideStrings;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32.PipeUse;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes pipes: our end is overlapped, a child's end is synchronous. No other process can open them:
 * they have no name, or a random one and access rights for our user only.
 */
final class Pipes {
  /** How many bytes a pipe holds. */
  static final int QUOTA = 256 << 10;

  private static final int ATTEMPTS = 10;
  private static final int RANDOM_BYTES = 16;
  private static final long REFUSED = 0;

  private final Win32 win32;
  private final AtomicReference<@Nullable FileSystem> fileSystem = new AtomicReference<>();
  private volatile boolean unnamed;

  Pipes(Win32 win32, boolean unnamed) {
    this.win32 = win32;
    this.unnamed = unnamed;
  }

  /** The file system of pipes, open for as long as a port thread lives. */
  private record FileSystem(PortThread port, long handle) {}

  /**
   * The two ends of a pipe; neither is inheritable.
   *
   * @param ours overlapped; synchronous if it is for another child
   * @param child synchronous
   */
  record Ends(long ours, long child) {}

  /**
   * Makes a pipe to us.
   *
   * @param port whose life the file system of pipes stays open
   * @param weRead whether we read and the child writes
   */
  Ends open(PortThread port, boolean weRead) throws Win32Exception {
    return open(port, PipeUse.ofOurs(weRead));
  }

  /**
   * Makes a pipe between two children. The end in place of ours is for the one that reads: its C
   * library waits in ReadFile, which an overlapped handle does not.
   *
   * @param port whose life the file system of pipes stays open
   */
  Ends openBetween(PortThread port) throws Win32Exception {
    return open(port, PipeUse.READ_BY_CHILD);
  }

  private Ends open(PortThread port, PipeUse use) throws Win32Exception {
    long root = unnamed ? fileSystem(port) : REFUSED;
    long ours = root == REFUSED ? -1 : win32.createUnnamedPipe(root, use, QUOTA);
    Ends ends = ours > 0 ? connected(ours, () -> win32.openUnnamedPipe(ours, !use.reads())) : null;
    return ends == null ? openNamed(use) : ends;
  }

  // A refusal is remembered, but not if memory or handles are short: that may pass.
  private long fileSystem(PortThread port) {
    FileSystem known = fileSystem.get();
    if (known != null && known.port == port) {
      return known.handle;
    }
    long made = win32.openPipeFileSystem();
    if (made < 0) {
      unnamed = Win32Errors.isShortage((int) -made);
      return REFUSED;
    }
    port.closeAtEnd(made);
    fileSystem.set(new FileSystem(port, made));
    return made;
  }

  /** Opens the child's end; if that fails, it closes ours and returns null. */
  private @Nullable Ends connected(long ours, LongSupplier opening) {
    Ends ends = null;
    try {
      long child = opening.getAsLong();
      if (child > 0) {
        ends = new Ends(ours, child);
      }
      return ends;
    } finally {
      if (ends == null) {
        Handles.close(win32, ours);
      }
    }
  }

  private Ends openNamed(PipeUse use) throws Win32Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment security = win32.ownerOnly(arena);
      try {
        int error = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
          MemorySegment name = WideStrings.of(arena, randomName(arena));
          long ours = win32.createNamedPipe(name, use, QUOTA, security);
          if (ours > 0) {
            return connect(ours, name, use.reads());
          }
          error = (int) -ours;
          if (error != Win32Errors.ACCESS_DENIED && error != Win32Errors.PIPE_BUSY) {
            break; // with these two errors the name is taken
          }
        }
        throw new Win32Exception("CreateNamedPipeW", error);
      } finally {
        free(security);
      }
    }
  }

  // An Error here must not lose the pipe. What is not freed is small.
  private void free(MemorySegment security) {
    try {
      win32.freeSecurity(security);
    } catch (RuntimeException | Error e) {
      // A downcall needs memory.
    }
  }

  private Ends connect(long ours, MemorySegment name, boolean weRead) throws Win32Exception {
    long[] child = new long[1];
    Ends ends =
        connected(
            ours,
            () -> {
              child[0] = win32.openNamedPipe(name, !weRead);
              return child[0];
            });
    if (ends == null) {
      throw new Win32Exception("CreateFileW", (int) -child[0]);
    }
    return ends;
  }

  private String randomName(Arena arena) throws Win32Exception {
    MemorySegment bytes = arena.allocate(RANDOM_BYTES);
    int error = win32.random(bytes);
    if (error != 0) {
      throw new Win32Exception("SystemFunction036", error);
    }
    byte[] array = bytes.toArray(ValueLayout.JAVA_BYTE);
    return "\\\\.\\pipe\\jpopen-" + HexFormat.of().formatHex(array);
  }
}
