package io.github.jpopen.windows.win32;

import static io.github.jpopen.windows.ffi.Win32.*;

import io.github.jpopen.windows.ffi.Kernel32;
import io.github.jpopen.windows.ffi.OVERLAPPED;
import io.github.jpopen.windows.ffi.OVERLAPPED_ENTRY;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * The calls on Windows, through the generated bindings; each is linked on first use.
 *
 * <p>Handles, files, the completion port and waiting are here; pipes, processes, jobs and security
 * have classes of their own.
 */
public final class NativeWin32 implements Win32 {
  private static final MemorySegment NULL = MemorySegment.NULL;
  private static final int SHARE_ALL = FILE_SHARE_READ() | FILE_SHARE_WRITE() | FILE_SHARE_DELETE();

  private static final int USUAL_PATH = 512;

  private final CallStates states = new CallStates();
  private final PipeCalls pipes = new PipeCalls(states);
  private final ProcessCalls processes = new ProcessCalls(states);
  private final JobCalls jobs = new JobCalls(states);
  private final SecurityCalls security = new SecurityCalls(states);

  /** Links nothing. */
  public NativeWin32() {}

  private static MemorySegment handle(long handle) {
    return MemorySegment.ofAddress(handle);
  }

  // BOOL CloseHandle(HANDLE hObject);
  @Override
  public int closeHandle(long handle) {
    MemorySegment state = states.take();
    return states.done(Kernel32.CloseHandle(state, handle(handle)), state);
  }

  // BOOL DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle, HANDLE
  // hTargetProcessHandle, LPHANDLE lpTargetHandle, DWORD dwDesiredAccess, BOOL bInheritHandle,
  // DWORD dwOptions);
  private long duplicate(long handle, int access, int options) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment self = Kernel32.GetCurrentProcess(state);
      MemorySegment copy = arena.allocate(ValueLayout.ADDRESS);
      int error =
          states.done(
              Kernel32.DuplicateHandle(state, self, handle(handle), self, copy, access, 0, options),
              state);
      return error == 0 ? copy.get(ValueLayout.JAVA_LONG, 0) : -error;
    }
  }

  @Override
  public long duplicateHandle(long handle) {
    return duplicate(handle, 0, DUPLICATE_SAME_ACCESS());
  }

  @Override
  public long duplicateForWaiting(long process) {
    return duplicate(process, SYNCHRONIZE(), 0);
  }

  // BOOL SetHandleInformation(HANDLE hObject, DWORD dwMask, DWORD dwFlags);
  @Override
  public int setInheritable(long handle, boolean inheritable) {
    MemorySegment state = states.take();
    int flag = HANDLE_FLAG_INHERIT();
    return states.done(
        Kernel32.SetHandleInformation(state, handle(handle), flag, inheritable ? flag : 0), state);
  }

  // BOOL GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags);
  @Override
  public int handleFlags(long handle) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flags = arena.allocate(ValueLayout.JAVA_INT);
      int error = states.done(Kernel32.GetHandleInformation(state, handle(handle), flags), state);
      return error == 0 ? flags.get(ValueLayout.JAVA_INT, 0) : -error;
    }
  }

  // HANDLE GetStdHandle(DWORD nStdHandle);
  @Override
  public long standardHandle(int number) {
    int name =
        number == 0 ? STD_INPUT_HANDLE() : number == 1 ? STD_OUTPUT_HANDLE() : STD_ERROR_HANDLE();
    MemorySegment state = states.take();
    long result = states.made(Kernel32.GetStdHandle(state, name), state);
    return Math.max(0, result);
  }

  // DWORD GetFullPathNameW(LPCWSTR lpFileName, DWORD nBufferLength, LPWSTR lpBuffer, LPWSTR
  // *lpFilePart);
  @Override
  public String fullPath(String path) throws Win32Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = WideStrings.of(arena, path);
      int capacity = USUAL_PATH;
      while (true) {
        MemorySegment buffer = arena.allocate(ValueLayout.JAVA_CHAR, capacity);
        MemorySegment state = states.take();
        int length = Kernel32.GetFullPathNameW(state, name, capacity, buffer, NULL);
        states.check("GetFullPathNameW", length, state);
        if (length < capacity) {
          return new String(buffer.asSlice(0, 2L * length).toArray(ValueLayout.JAVA_CHAR));
        }
        capacity = length; // with the NUL
      }
    }
  }

  // HANDLE CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
  // LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition, DWORD
  // dwFlagsAndAttributes, HANDLE hTemplateFile);
  @Override
  public long createFile(MemorySegment name, FileUse use) {
    int access =
        switch (use) {
          case READ -> GENERIC_READ();
          case WRITE -> GENERIC_WRITE();
          // Without FILE_WRITE_DATA every write goes to the end, atomically.
          case APPEND -> FILE_APPEND_DATA() | FILE_WRITE_ATTRIBUTES() | SYNCHRONIZE();
          case BOTH -> GENERIC_READ() | GENERIC_WRITE();
        };
    int disposition =
        switch (use) {
          case READ, BOTH -> OPEN_EXISTING();
          case WRITE -> CREATE_ALWAYS();
          case APPEND -> OPEN_ALWAYS();
        };
    MemorySegment state = states.take();
    return states.made(
        Kernel32.CreateFileW(
            state, name, access, SHARE_ALL, NULL, disposition, FILE_ATTRIBUTE_NORMAL(), NULL),
        state);
  }

  // BOOL PeekNamedPipe(HANDLE hNamedPipe, LPVOID lpBuffer, DWORD nBufferSize, LPDWORD lpBytesRead,
  // LPDWORD lpTotalBytesAvail, LPDWORD lpBytesLeftThisMessage);
  @Override
  public int queued(long handle) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(ValueLayout.JAVA_INT);
      int error =
          states.done(
              Kernel32.PeekNamedPipe(state, handle(handle), NULL, 0, NULL, bytes, NULL), state);
      return error == 0 ? bytes.get(ValueLayout.JAVA_INT, 0) : -error;
    }
  }

  // BOOL ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead, LPDWORD
  // lpNumberOfBytesRead, LPOVERLAPPED lpOverlapped);
  @Override
  public int readFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.ReadFile(state, handle(handle), buffer, bytes, NULL, overlapped), state);
  }

  // BOOL WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite, LPDWORD
  // lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped);
  @Override
  public int writeFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.WriteFile(state, handle(handle), buffer, bytes, NULL, overlapped), state);
  }

  // BOOL CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped);
  @Override
  public int cancelIo(long handle, MemorySegment overlapped) {
    MemorySegment state = states.take();
    return states.done(Kernel32.CancelIoEx(state, handle(handle), overlapped), state);
  }

  // BOOL GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped, LPDWORD
  // lpNumberOfBytesTransferred, BOOL bWait);
  @Override
  public int overlappedResult(long handle, MemorySegment overlapped) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(ValueLayout.JAVA_INT);
      return states.done(
          Kernel32.GetOverlappedResult(state, handle(handle), overlapped, bytes, 0), state);
    }
  }

  @Override
  public int transferred(MemorySegment overlapped) {
    return (int) OVERLAPPED.InternalHigh(overlapped);
  }

  @Override
  public long sizeOfOverlapped() {
    return OVERLAPPED.sizeof();
  }

  // HANDLE CreateIoCompletionPort(HANDLE FileHandle, HANDLE ExistingCompletionPort, ULONG_PTR
  // CompletionKey, DWORD NumberOfConcurrentThreads);
  @Override
  public long createPort() {
    MemorySegment state = states.take();
    return states.made(
        Kernel32.CreateIoCompletionPort(state, INVALID_HANDLE_VALUE(), NULL, 0, 1), state);
  }

  @Override
  public int bind(long handle, long port, long key) {
    MemorySegment state = states.take();
    long result =
        states.made(
            Kernel32.CreateIoCompletionPort(state, handle(handle), handle(port), key, 0), state);
    return result < 0 ? (int) -result : 0;
  }

  // BOOL SetFileCompletionNotificationModes(HANDLE FileHandle, UCHAR Flags);
  @Override
  public int skipPacketOnSuccess(long handle) {
    MemorySegment state = states.take();
    byte flags = (byte) (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS() | FILE_SKIP_SET_EVENT_ON_HANDLE());
    return states.done(
        Kernel32.SetFileCompletionNotificationModes(state, handle(handle), flags), state);
  }

  // BOOL GetQueuedCompletionStatusEx(HANDLE CompletionPort, LPOVERLAPPED_ENTRY
  // lpCompletionPortEntries, ULONG ulCount, PULONG ulNumEntriesRemoved, DWORD dwMilliseconds, BOOL
  // fAlertable);
  @Override
  public int getPackets(long port, MemorySegment entries, int capacity, int milliseconds) {
    MemorySegment state = states.take();
    MemorySegment count = entries.asSlice(capacity * OVERLAPPED_ENTRY.sizeof(), 4);
    int error =
        states.done(
            Kernel32.GetQueuedCompletionStatusEx(
                state, handle(port), entries, capacity, count, milliseconds, 0),
            state);
    if (error == WAIT_TIMEOUT()) {
      return 0;
    }
    return error == 0 ? count.get(ValueLayout.JAVA_INT, 0) : -error;
  }

  @Override
  public MemorySegment packets(Arena arena, int capacity) {
    return arena.allocate(capacity * OVERLAPPED_ENTRY.sizeof() + Long.BYTES, Long.BYTES);
  }

  @Override
  public long keyOfPacket(MemorySegment entries, int index) {
    return OVERLAPPED_ENTRY.lpCompletionKey(OVERLAPPED_ENTRY.asSlice(entries, index));
  }

  @Override
  public long overlappedOfPacket(MemorySegment entries, int index) {
    return OVERLAPPED_ENTRY.lpOverlapped(OVERLAPPED_ENTRY.asSlice(entries, index)).address();
  }

  // BOOL PostQueuedCompletionStatus(HANDLE CompletionPort, DWORD dwNumberOfBytesTransferred,
  // ULONG_PTR dwCompletionKey, LPOVERLAPPED lpOverlapped);
  @Override
  public int post(long port, long key) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.PostQueuedCompletionStatus(state, handle(port), 0, key, NULL), state);
  }

  @Override
  public boolean hasConsole() {
    return hasConsoleWindow() || hasConsoleInput();
  }

  // HWND GetConsoleWindow(void);
  private boolean hasConsoleWindow() {
    MemorySegment state = states.take();
    try {
      return Kernel32.GetConsoleWindow(state).address() != 0;
    } finally {
      states.give(state);
    }
  }

  // The console of a process that was started with CREATE_NO_WINDOW has no window.
  private boolean hasConsoleInput() {
    try (Arena arena = Arena.ofConfined()) {
      long input = createFile(WideStrings.of(arena, "CONIN$"), FileUse.READ);
      if (input < 0) {
        return false;
      }
      int _ = closeHandle(input);
      return true;
    }
  }

  // DWORD WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds);
  @Override
  public int isSignalled(long handle) {
    MemorySegment state = states.take();
    int result = Kernel32.WaitForSingleObject(state, handle(handle), 0);
    if (result == WAIT_FAILED()) {
      return -states.failed(state);
    }
    states.give(state);
    return result == WAIT_OBJECT_0() ? 1 : 0;
  }

  // DWORD WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll, DWORD
  // dwMilliseconds);
  @Override
  public int waitForAny(MemorySegment handles, int count, int milliseconds) {
    MemorySegment state = states.take();
    int result = Kernel32.WaitForMultipleObjects(state, count, handles, 0, milliseconds);
    if (result == WAIT_FAILED()) {
      return -states.failed(state);
    }
    states.give(state);
    if (result == WAIT_TIMEOUT()) {
      return count;
    }
    return result >= WAIT_ABANDONED_0() ? result - WAIT_ABANDONED_0() : result - WAIT_OBJECT_0();
  }

  // HANDLE CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL
  // bInitialState, LPCWSTR lpName);
  @Override
  public long createEvent() {
    MemorySegment state = states.take();
    return states.made(Kernel32.CreateEventW(state, NULL, 0, 0, NULL), state);
  }

  // BOOL SetEvent(HANDLE hEvent);
  @Override
  public int setEvent(long event) {
    MemorySegment state = states.take();
    return states.done(Kernel32.SetEvent(state, handle(event)), state);
  }

  @Override
  public long createNamedPipe(MemorySegment name, PipeUse use, int quota, MemorySegment rights) {
    return pipes.createNamed(name, use, quota, rights);
  }

  @Override
  public long openNamedPipe(MemorySegment name, boolean reading) {
    return pipes.openNamed(name, reading);
  }

  @Override
  public long openPipeFileSystem() {
    return pipes.openFileSystem();
  }

  @Override
  public long createUnnamedPipe(long fileSystem, PipeUse use, int quota) {
    return pipes.createUnnamed(fileSystem, use, quota);
  }

  @Override
  public long openUnnamedPipe(long server, boolean reading) {
    return pipes.openUnnamed(server, reading);
  }

  @Override
  public void createProcess(ProcessStart start, StartedProcess started) throws Win32Exception {
    processes.create(start, started);
  }

  @Override
  public MemorySegment attributeList(SegmentAllocator arena, long job, long... handles)
      throws Win32Exception {
    return processes.attributeList(arena, job, handles);
  }

  @Override
  public void deleteAttributeList(MemorySegment list) {
    processes.deleteAttributeList(list);
  }

  @Override
  public int processTimes(long process, MemorySegment times) {
    return processes.processTimes(process, times);
  }

  @Override
  public long peakWorkingSet(long process) {
    return processes.peakWorkingSet(process);
  }

  @Override
  public int exitCode(long process, MemorySegment code) {
    return processes.exitCode(process, code);
  }

  @Override
  public int terminateProcess(long process, int code) {
    return processes.terminate(process, code);
  }

  @Override
  public int resumeThread(long thread) {
    return jobs.resume(thread);
  }

  @Override
  public long createJob() {
    return jobs.create();
  }

  @Override
  public int limitJob(long job, boolean killOnClose, boolean descendantsLeave) {
    return jobs.limit(job, killOnClose, descendantsLeave);
  }

  @Override
  public int assignToJob(long job, long process) {
    return jobs.assign(job, process);
  }

  @Override
  public int terminateJob(long job, int code) {
    return jobs.terminate(job, code);
  }

  @Override
  public int jobProcesses(long job, long[] ids) {
    return jobs.processes(job, ids);
  }

  @Override
  public int generateConsoleCtrlEvent(int event, int group) {
    return processes.generateConsoleCtrlEvent(event, group);
  }

  @Override
  public int random(MemorySegment bytes) {
    return security.random(bytes);
  }

  @Override
  public MemorySegment ownerOnly(Arena arena) throws Win32Exception {
    return security.ownerOnly(arena);
  }

  @Override
  public void freeSecurity(MemorySegment rights) {
    security.free(rights);
  }
}
