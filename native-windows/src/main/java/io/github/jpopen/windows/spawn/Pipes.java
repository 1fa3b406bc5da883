package io.github.jpopen.windows.spawn;

import io.github.jpopen.windows.win32.WideStrings;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes pipes: our end is overlapped, the child's end is synchronous. No other process can open
 * them: they have no name, or a random one and access rights for our user only.
 */
final class Pipes {
  /** How many bytes a pipe holds. */
  static final int QUOTA = 256 << 10;

  private static final int ATTEMPTS = 10;
  private static final int RANDOM_BYTES = 16;
  private static final long NOT_TRIED = 0;
  private static final long REFUSED = -1;

  private final Win32 win32;
  private final AtomicLong fileSystem;

  Pipes(Win32 win32, boolean unnamed) {
    this.win32 = win32;
    fileSystem = new AtomicLong(unnamed ? NOT_TRIED : REFUSED);
  }

  /**
   * The two ends of a pipe; neither is inheritable.
   *
   * @param ours overlapped
   * @param child synchronous
   */
  record Ends(long ours, long child) {}

  /**
   * Makes a pipe.
   *
   * @param weRead whether we read and the child writes
   */
  Ends open(boolean weRead) throws Win32Exception {
    long root = fileSystem();
    if (root != REFUSED) {
      long ours = win32.createUnnamedPipe(root, weRead, QUOTA);
      if (ours > 0) {
        long child = win32.openUnnamedPipe(ours, !weRead);
        if (child > 0) {
          return new Ends(ours, child);
        }
        int _ = win32.closeHandle(ours);
      }
    }
    return openNamed(weRead);
  }

  // One handle for the life of the process.
  private long fileSystem() {
    long known = fileSystem.get();
    if (known != NOT_TRIED) {
      return known;
    }
    long made = win32.openPipeFileSystem();
    if (made < 0 && Win32Errors.isShortage((int) -made)) {
      return REFUSED; // this time
    }
    long result = made > 0 ? made : REFUSED;
    if (!fileSystem.compareAndSet(NOT_TRIED, result)) {
      if (made > 0) {
        int _ = win32.closeHandle(made);
      }
      return fileSystem.get();
    }
    return result;
  }

  private Ends openNamed(boolean weRead) throws Win32Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment security = win32.ownerOnly(arena);
      try {
        int error = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
          MemorySegment name = WideStrings.of(arena, randomName(arena));
          long ours = win32.createNamedPipe(name, weRead, QUOTA, security);
          if (ours > 0) {
            return connect(ours, name, weRead);
          }
          error = (int) -ours;
          if (error != Win32Errors.ACCESS_DENIED && error != Win32Errors.PIPE_BUSY) {
            break; // with these two errors the name is taken
          }
        }
        throw new Win32Exception("CreateNamedPipeW", error);
      } finally {
        win32.freeSecurity(security);
      }
    }
  }

  private Ends connect(long ours, MemorySegment name, boolean weRead) throws Win32Exception {
    long child = win32.openNamedPipe(name, !weRead);
    if (child < 0) {
      int _ = win32.closeHandle(ours);
      throw new Win32Exception("CreateFileW", (int) -child);
    }
    return new Ends(ours, child);
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
