package io.github.jpopen.windows.win32;

import static io.github.jpopen.windows.ffi.Win32.*;

import io.github.jpopen.windows.ffi.Kernel32;
import io.github.jpopen.windows.ffi.Ntdll;
import io.github.jpopen.windows.ffi.OBJECT_ATTRIBUTES;
import io.github.jpopen.windows.ffi.UNICODE_STRING;
import io.github.jpopen.windows.win32.Win32.PipeUse;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The part of {@link NativeWin32} that makes pipes, with a name and without. */
final class PipeCalls {
  private static final MemorySegment NULL = MemorySegment.NULL;

  /** 50 ms, relative. Nothing ever waits for an instance of our pipes. */
  private static final long PIPE_TIMEOUT = -500_000;

  private final CallStates states;

  PipeCalls(CallStates states) {
    this.states = states;
  }

  // HANDLE CreateNamedPipeW(LPCWSTR lpName, DWORD dwOpenMode, DWORD dwPipeMode, DWORD
  // nMaxInstances, DWORD nOutBufferSize, DWORD nInBufferSize, DWORD nDefaultTimeOut,
  // LPSECURITY_ATTRIBUTES lpSecurityAttributes);
  long createNamed(MemorySegment name, PipeUse use, int quota, MemorySegment security) {
    int open = use.reads() ? PIPE_ACCESS_INBOUND() : PIPE_ACCESS_OUTBOUND();
    int overlapped = use.isOverlapped() ? FILE_FLAG_OVERLAPPED() : 0;
    MemorySegment state = states.take();
    return states.made(
        Kernel32.CreateNamedPipeW(
            state,
            name,
            open | overlapped | FILE_FLAG_FIRST_PIPE_INSTANCE(),
            PIPE_TYPE_BYTE() | PIPE_READMODE_BYTE() | PIPE_WAIT() | PIPE_REJECT_REMOTE_CLIENTS(),
            1,
            quota,
            quota,
            0,
            security),
        state);
  }

  long openNamed(MemorySegment name, boolean reading) {
    MemorySegment state = states.take();
    return states.made(
        Kernel32.CreateFileW(state, name, clientAccess(reading), 0, NULL, OPEN_EXISTING(), 0, NULL),
        state);
  }

  private static int clientAccess(boolean reading) {
    return reading
        ? GENERIC_READ() | FILE_WRITE_ATTRIBUTES()
        : GENERIC_WRITE() | FILE_READ_ATTRIBUTES();
  }

  private static int serverAccess(PipeUse use) {
    return switch (use) {
      case READ_BY_US -> GENERIC_READ();
      case WRITTEN_BY_US -> GENERIC_WRITE() | FILE_READ_ATTRIBUTES();
      case READ_BY_CHILD -> clientAccess(true); // as the end of any other child that reads
    };
  }

  // ULONG RtlNtStatusToDosError(NTSTATUS Status);
  private int dosError(int status) {
    MemorySegment state = states.take();
    try {
      return Math.max(1, Ntdll.RtlNtStatusToDosError(state, status));
    } finally {
      states.give(state);
    }
  }

  private static MemorySegment attributes(Arena arena, long root, String name) {
    MemorySegment text = UNICODE_STRING.allocate(arena);
    int bytes = 2 * name.length();
    UNICODE_STRING.Length(text, (short) bytes);
    UNICODE_STRING.MaximumLength(text, (short) bytes);
    UNICODE_STRING.Buffer(
        text, bytes == 0 ? NULL : arena.allocateFrom(name, StandardCharsets.UTF_16LE));
    MemorySegment attributes = OBJECT_ATTRIBUTES.allocate(arena);
    OBJECT_ATTRIBUTES.Length(attributes, (int) OBJECT_ATTRIBUTES.sizeof());
    OBJECT_ATTRIBUTES.RootDirectory(attributes, MemorySegment.ofAddress(root));
    OBJECT_ATTRIBUTES.ObjectName(attributes, text);
    return attributes;
  }

  // NTSTATUS NtOpenFile(PHANDLE FileHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES
  // ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock, ULONG ShareAccess, ULONG OpenOptions);
  private long ntOpenFile(long root, String name, int access, int share, int options) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment io = arena.allocate(2 * ValueLayout.ADDRESS.byteSize(), 8);
      int status =
          Ntdll.NtOpenFile(
              state, result, access, attributes(arena, root, name), io, share, options);
      return status < 0 ? -dosError(status) : result.get(ValueLayout.JAVA_LONG, 0);
    } finally {
      states.give(state);
    }
  }

  long openFileSystem() {
    return ntOpenFile(
        0,
        "\\??\\PIPE\\",
        SYNCHRONIZE() | GENERIC_READ(),
        FILE_SHARE_READ() | FILE_SHARE_WRITE(),
        FILE_SYNCHRONOUS_IO_NONALERT());
  }

  // NTSTATUS NtCreateNamedPipeFile(PHANDLE FileHandle, ULONG DesiredAccess, POBJECT_ATTRIBUTES
  // ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock, ULONG ShareAccess, ULONG CreateDisposition,
  // ULONG CreateOptions, ULONG NamedPipeType, ULONG ReadMode, ULONG CompletionMode, ULONG
  // MaximumInstances, ULONG InboundQuota, ULONG OutboundQuota, PLARGE_INTEGER DefaultTimeout);
  long createUnnamed(long fileSystem, PipeUse use, int quota) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment io = arena.allocate(2 * ValueLayout.ADDRESS.byteSize(), 8);
      MemorySegment timeout = arena.allocateFrom(ValueLayout.JAVA_LONG, PIPE_TIMEOUT);
      int status =
          Ntdll.NtCreateNamedPipeFile(
              state,
              result,
              SYNCHRONIZE() | serverAccess(use),
              attributes(arena, fileSystem, ""),
              io,
              use.reads() ? FILE_SHARE_WRITE() : FILE_SHARE_READ(),
              FILE_CREATE(),
              use.isOverlapped() ? 0 : FILE_SYNCHRONOUS_IO_NONALERT(),
              FILE_PIPE_BYTE_STREAM_TYPE() | FILE_PIPE_REJECT_REMOTE_CLIENTS(),
              FILE_PIPE_BYTE_STREAM_MODE(),
              FILE_PIPE_QUEUE_OPERATION(),
              1,
              quota,
              quota,
              timeout);
      return status < 0 ? -dosError(status) : result.get(ValueLayout.JAVA_LONG, 0);
    } finally {
      states.give(state);
    }
  }

  long openUnnamed(long server, boolean reading) {
    return ntOpenFile(
        server,
        "",
        SYNCHRONIZE() | clientAccess(reading),
        0,
        FILE_SYNCHRONOUS_IO_NONALERT() | FILE_NON_DIRECTORY_FILE());
  }
}
