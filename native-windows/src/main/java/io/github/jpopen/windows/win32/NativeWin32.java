package io.github.jpopen.windows.win32;

import static io.github.jpopen.windows.ffi.Win32.*;

import io.github.jpopen.windows.ffi.Advapi32;
import io.github.jpopen.windows.ffi.Kernel32;
import io.github.jpopen.windows.ffi.Ntdll;
import io.github.jpopen.windows.ffi.OBJECT_ATTRIBUTES;
import io.github.jpopen.windows.ffi.OVERLAPPED;
import io.github.jpopen.windows.ffi.OVERLAPPED_ENTRY;
import io.github.jpopen.windows.ffi.PROCESS_INFORMATION;
import io.github.jpopen.windows.ffi.SECURITY_ATTRIBUTES;
import io.github.jpopen.windows.ffi.STARTUPINFOEXW;
import io.github.jpopen.windows.ffi.STARTUPINFOW;
import io.github.jpopen.windows.ffi.UNICODE_STRING;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The calls on Windows, through the generated bindings; each links when it is first used. */
public final class NativeWin32 implements Win32 {
  private static final MemorySegment NULL = MemorySegment.NULL;
  private static final int FAILED = 0;
  private static final int SHARE_ALL = FILE_SHARE_READ() | FILE_SHARE_WRITE() | FILE_SHARE_DELETE();
  private static final int BYTES_OF_SID = 256;
  private static final long PIPE_TIMEOUT = -500_000; // 50 ms, relative; nobody waits for our pipes

  private final CallStates states = new CallStates();

  /** Makes the calls; links nothing. */
  public NativeWin32() {}

  private static MemorySegment handle(long handle) {
    return MemorySegment.ofAddress(handle);
  }

  // The error of a call that answered a BOOL.
  private int done(int result, MemorySegment state) {
    if (result == FAILED) {
      return states.failed(state);
    }
    states.give(state);
    return 0;
  }

  private long made(MemorySegment handle, MemorySegment state) {
    long value = handle.address();
    if (value == 0 || value == -1) {
      return -states.failed(state);
    }
    states.give(state);
    return value;
  }

  // BOOL CloseHandle(HANDLE hObject);
  @Override
  public int closeHandle(long handle) {
    MemorySegment state = states.take();
    return done(Kernel32.CloseHandle(state, handle(handle)), state);
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
          done(
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
    return done(
        Kernel32.SetHandleInformation(state, handle(handle), flag, inheritable ? flag : 0), state);
  }

  // BOOL GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags);
  @Override
  public int handleFlags(long handle) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flags = arena.allocate(ValueLayout.JAVA_INT);
      int error = done(Kernel32.GetHandleInformation(state, handle(handle), flags), state);
      return error == 0 ? flags.get(ValueLayout.JAVA_INT, 0) : -error;
    }
  }

  // HANDLE GetStdHandle(DWORD nStdHandle);
  @Override
  public long standardHandle(int number) {
    int name =
        number == 0 ? STD_INPUT_HANDLE() : number == 1 ? STD_OUTPUT_HANDLE() : STD_ERROR_HANDLE();
    MemorySegment state = states.take();
    long result = made(Kernel32.GetStdHandle(state, name), state);
    return Math.max(0, result);
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
    return made(
        Kernel32.CreateFileW(
            state, name, access, SHARE_ALL, NULL, disposition, FILE_ATTRIBUTE_NORMAL(), NULL),
        state);
  }

  // HANDLE CreateNamedPipeW(LPCWSTR lpName, DWORD dwOpenMode, DWORD dwPipeMode, DWORD
  // nMaxInstances, DWORD nOutBufferSize, DWORD nInBufferSize, DWORD nDefaultTimeOut,
  // LPSECURITY_ATTRIBUTES lpSecurityAttributes);
  @Override
  public long createNamedPipe(
      MemorySegment name, boolean reading, int quota, MemorySegment security) {
    int open = reading ? PIPE_ACCESS_INBOUND() : PIPE_ACCESS_OUTBOUND();
    MemorySegment state = states.take();
    return made(
        Kernel32.CreateNamedPipeW(
            state,
            name,
            open | FILE_FLAG_OVERLAPPED() | FILE_FLAG_FIRST_PIPE_INSTANCE(),
            PIPE_TYPE_BYTE() | PIPE_READMODE_BYTE() | PIPE_WAIT() | PIPE_REJECT_REMOTE_CLIENTS(),
            1,
            quota,
            quota,
            0,
            security),
        state);
  }

  @Override
  public long openNamedPipe(MemorySegment name, boolean reading) {
    int access =
        reading
            ? GENERIC_READ() | FILE_WRITE_ATTRIBUTES()
            : GENERIC_WRITE() | FILE_READ_ATTRIBUTES();
    MemorySegment state = states.take();
    return made(
        Kernel32.CreateFileW(state, name, access, 0, NULL, OPEN_EXISTING(), 0, NULL), state);
  }

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
    OBJECT_ATTRIBUTES.RootDirectory(attributes, handle(root));
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

  @Override
  public long openPipeFileSystem() {
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
  @Override
  public long createUnnamedPipe(long fileSystem, boolean reading, int quota) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment io = arena.allocate(2 * ValueLayout.ADDRESS.byteSize(), 8);
      MemorySegment timeout = arena.allocateFrom(ValueLayout.JAVA_LONG, PIPE_TIMEOUT);
      int status =
          Ntdll.NtCreateNamedPipeFile(
              state,
              result,
              SYNCHRONIZE() | (reading ? GENERIC_READ() : GENERIC_WRITE() | FILE_READ_ATTRIBUTES()),
              attributes(arena, fileSystem, ""),
              io,
              reading ? FILE_SHARE_WRITE() : FILE_SHARE_READ(),
              FILE_CREATE(),
              0,
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

  @Override
  public long openUnnamedPipe(long server, boolean reading) {
    int access =
        reading
            ? GENERIC_READ() | FILE_WRITE_ATTRIBUTES()
            : GENERIC_WRITE() | FILE_READ_ATTRIBUTES();
    return ntOpenFile(
        server,
        "",
        SYNCHRONIZE() | access,
        0,
        FILE_SYNCHRONOUS_IO_NONALERT() | FILE_NON_DIRECTORY_FILE());
  }

  // BOOL ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead, LPDWORD
  // lpNumberOfBytesRead, LPOVERLAPPED lpOverlapped);
  @Override
  public int readFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped) {
    MemorySegment state = states.take();
    return done(Kernel32.ReadFile(state, handle(handle), buffer, bytes, NULL, overlapped), state);
  }

  // BOOL WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite, LPDWORD
  // lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped);
  @Override
  public int writeFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped) {
    MemorySegment state = states.take();
    return done(Kernel32.WriteFile(state, handle(handle), buffer, bytes, NULL, overlapped), state);
  }

  // BOOL CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped);
  @Override
  public int cancelIo(long handle, MemorySegment overlapped) {
    MemorySegment state = states.take();
    return done(Kernel32.CancelIoEx(state, handle(handle), overlapped), state);
  }

  // BOOL GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped, LPDWORD
  // lpNumberOfBytesTransferred, BOOL bWait);
  @Override
  public int overlappedResult(long handle, MemorySegment overlapped) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(ValueLayout.JAVA_INT);
      return done(Kernel32.GetOverlappedResult(state, handle(handle), overlapped, bytes, 0), state);
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
    return made(Kernel32.CreateIoCompletionPort(state, INVALID_HANDLE_VALUE(), NULL, 0, 1), state);
  }

  @Override
  public int bind(long handle, long port, long key) {
    MemorySegment state = states.take();
    long result =
        made(Kernel32.CreateIoCompletionPort(state, handle(handle), handle(port), key, 0), state);
    return result < 0 ? (int) -result : 0;
  }

  // BOOL SetFileCompletionNotificationModes(HANDLE FileHandle, UCHAR Flags);
  @Override
  public int skipPacketOnSuccess(long handle) {
    MemorySegment state = states.take();
    byte flags = (byte) (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS() | FILE_SKIP_SET_EVENT_ON_HANDLE());
    return done(Kernel32.SetFileCompletionNotificationModes(state, handle(handle), flags), state);
  }

  // BOOL GetQueuedCompletionStatusEx(HANDLE CompletionPort, LPOVERLAPPED_ENTRY
  // lpCompletionPortEntries, ULONG ulCount, PULONG ulNumEntriesRemoved, DWORD dwMilliseconds, BOOL
  // fAlertable);
  @Override
  public int getPackets(long port, MemorySegment entries, int capacity, int milliseconds) {
    MemorySegment state = states.take();
    MemorySegment count = entries.asSlice(capacity * OVERLAPPED_ENTRY.sizeof(), 4);
    int error =
        done(
            Kernel32.GetQueuedCompletionStatusEx(
                state, handle(port), entries, capacity, count, milliseconds, 0),
            state);
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
    return done(Kernel32.PostQueuedCompletionStatus(state, handle(port), 0, key, NULL), state);
  }

  // BOOL CreateProcessW(LPCWSTR lpApplicationName, LPWSTR lpCommandLine, LPSECURITY_ATTRIBUTES
  // lpProcessAttributes, LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles, DWORD
  // dwCreationFlags, LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory, LPSTARTUPINFOW
  // lpStartupInfo, LPPROCESS_INFORMATION lpProcessInformation);
  @Override
  public StartedProcess createProcess(ProcessStart start) throws Win32Exception {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment extended = STARTUPINFOEXW.allocate(arena);
      MemorySegment info = STARTUPINFOEXW.StartupInfo(extended);
      STARTUPINFOW.cb(info, (int) STARTUPINFOEXW.sizeof());
      int flags = STARTF_USESTDHANDLES();
      if (start.showWindow().isPresent()) {
        flags |= STARTF_USESHOWWINDOW();
        STARTUPINFOW.wShowWindow(info, (short) start.showWindow().getAsInt());
      }
      STARTUPINFOW.dwFlags(info, flags);
      STARTUPINFOW.hStdInput(info, handle(start.stdin()));
      STARTUPINFOW.hStdOutput(info, handle(start.stdout()));
      STARTUPINFOW.hStdError(info, handle(start.stderr()));
      STARTUPINFOEXW.lpAttributeList(extended, start.attributes());
      MemorySegment information = PROCESS_INFORMATION.allocate(arena);
      check(
          "CreateProcessW",
          done(
              Kernel32.CreateProcessW(
                  state,
                  start.application(),
                  start.commandLine(),
                  NULL,
                  NULL,
                  start.attributes().address() == 0 ? 0 : 1,
                  start.flags() | CREATE_UNICODE_ENVIRONMENT() | EXTENDED_STARTUPINFO_PRESENT(),
                  start.environment(),
                  start.directory(),
                  extended,
                  information),
              state));
      return new StartedProcess(
          PROCESS_INFORMATION.hProcess(information).address(),
          PROCESS_INFORMATION.hThread(information).address(),
          PROCESS_INFORMATION.dwProcessId(information));
    }
  }

  // BOOL InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, DWORD
  // dwAttributeCount, DWORD dwFlags, PSIZE_T lpSize);
  // BOOL UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, DWORD dwFlags,
  // DWORD_PTR Attribute, PVOID lpValue, SIZE_T cbSize, PVOID lpPreviousValue, PSIZE_T
  // lpReturnSize);
  @Override
  public MemorySegment attributeList(SegmentAllocator arena, long... handles)
      throws Win32Exception {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    MemorySegment state = states.take();
    int error = done(Kernel32.InitializeProcThreadAttributeList(state, NULL, 1, 0, size), state);
    if (error != 0 && error != ERROR_INSUFFICIENT_BUFFER()) {
      throw new Win32Exception("InitializeProcThreadAttributeList", error);
    }
    MemorySegment list = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0), 16);
    state = states.take();
    error = done(Kernel32.InitializeProcThreadAttributeList(state, list, 1, 0, size), state);
    if (error != 0) {
      throw new Win32Exception("InitializeProcThreadAttributeList", error);
    }
    MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, handles);
    state = states.take();
    error =
        done(
            Kernel32.UpdateProcThreadAttribute(
                state,
                list,
                0,
                PROC_THREAD_ATTRIBUTE_HANDLE_LIST(),
                values,
                values.byteSize(),
                NULL,
                NULL),
            state);
    if (error != 0) {
      deleteAttributeList(list);
      throw new Win32Exception("UpdateProcThreadAttribute", error);
    }
    return list;
  }

  // void DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList);
  @Override
  public void deleteAttributeList(MemorySegment list) {
    MemorySegment state = states.take();
    Kernel32.DeleteProcThreadAttributeList(state, list);
    states.give(state);
  }

  // BOOL GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode);
  @Override
  public int exitCode(long process, MemorySegment code) {
    MemorySegment state = states.take();
    return done(Kernel32.GetExitCodeProcess(state, handle(process), code), state);
  }

  // BOOL TerminateProcess(HANDLE hProcess, UINT uExitCode);
  @Override
  public int terminateProcess(long process, int code) {
    MemorySegment state = states.take();
    return done(Kernel32.TerminateProcess(state, handle(process), code), state);
  }

  // BOOL GenerateConsoleCtrlEvent(DWORD dwCtrlEvent, DWORD dwProcessGroupId);
  @Override
  public int generateConsoleCtrlEvent(int event, int group) {
    MemorySegment state = states.take();
    return done(Kernel32.GenerateConsoleCtrlEvent(state, event, group), state);
  }

  // HWND GetConsoleWindow(void);
  @Override
  public boolean hasConsole() {
    return hasConsoleWindow() || hasConsoleInput();
  }

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
      long input =
          createFile(arena.allocateFrom("CONIN$", StandardCharsets.UTF_16LE), FileUse.READ);
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
  public int waitForAny(MemorySegment handles, int count) {
    MemorySegment state = states.take();
    int result = Kernel32.WaitForMultipleObjects(state, count, handles, 0, INFINITE());
    if (result == WAIT_FAILED()) {
      return -states.failed(state);
    }
    states.give(state);
    return result >= WAIT_ABANDONED_0() ? result - WAIT_ABANDONED_0() : result - WAIT_OBJECT_0();
  }

  // HANDLE CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL
  // bInitialState, LPCWSTR lpName);
  @Override
  public long createEvent() {
    MemorySegment state = states.take();
    return made(Kernel32.CreateEventW(state, NULL, 0, 0, NULL), state);
  }

  // BOOL SetEvent(HANDLE hEvent);
  @Override
  public int setEvent(long event) {
    MemorySegment state = states.take();
    return done(Kernel32.SetEvent(state, handle(event)), state);
  }

  // BOOLEAN SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength);
  @Override
  public int random(MemorySegment bytes) {
    MemorySegment state = states.take();
    return done(Advapi32.SystemFunction036(state, bytes, (int) bytes.byteSize()), state);
  }

  // BOOL ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR StringSecurityDescriptor,
  // DWORD StringSDRevision, PSECURITY_DESCRIPTOR *SecurityDescriptor, PULONG
  // SecurityDescriptorSize);
  @Override
  public MemorySegment ownerOnly(Arena arena) throws Win32Exception {
    String sid = ownSid(arena);
    MemorySegment text = arena.allocateFrom("D:P(A;;GA;;;" + sid + ")", StandardCharsets.UTF_16LE);
    MemorySegment descriptor = arena.allocate(ValueLayout.ADDRESS);
    MemorySegment state = states.take();
    check(
        "ConvertStringSecurityDescriptorToSecurityDescriptorW",
        done(
            Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                state, text, SDDL_REVISION_1(), descriptor, NULL),
            state));
    MemorySegment security = SECURITY_ATTRIBUTES.allocate(arena);
    SECURITY_ATTRIBUTES.nLength(security, (int) SECURITY_ATTRIBUTES.sizeof());
    SECURITY_ATTRIBUTES.lpSecurityDescriptor(security, descriptor.get(ValueLayout.ADDRESS, 0));
    return security;
  }

  // HLOCAL LocalFree(HLOCAL hMem);
  @Override
  public void freeSecurity(MemorySegment security) {
    localFree(SECURITY_ATTRIBUTES.lpSecurityDescriptor(security));
  }

  private void localFree(MemorySegment memory) {
    MemorySegment state = states.take();
    MemorySegment _ = Kernel32.LocalFree(state, memory);
    states.give(state);
  }

  // BOOL OpenProcessToken(HANDLE ProcessHandle, DWORD DesiredAccess, PHANDLE TokenHandle);
  // BOOL GetTokenInformation(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS TokenInformationClass,
  // LPVOID TokenInformation, DWORD TokenInformationLength, PDWORD ReturnLength);
  // BOOL ConvertSidToStringSidW(PSID Sid, LPWSTR *StringSid);
  @SuppressWarnings("restricted")
  private String ownSid(Arena arena) throws Win32Exception {
    MemorySegment token = arena.allocate(ValueLayout.ADDRESS);
    MemorySegment state = states.take();
    MemorySegment self = Kernel32.GetCurrentProcess(state);
    check(
        "OpenProcessToken",
        done(Advapi32.OpenProcessToken(state, self, TOKEN_QUERY(), token), state));
    try {
      MemorySegment user = arena.allocate(BYTES_OF_SID, Long.BYTES);
      MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
      state = states.take();
      check(
          "GetTokenInformation",
          done(
              Advapi32.GetTokenInformation(
                  state,
                  token.get(ValueLayout.ADDRESS, 0),
                  TokenUser(),
                  user,
                  BYTES_OF_SID,
                  length),
              state));
      MemorySegment string = arena.allocate(ValueLayout.ADDRESS);
      state = states.take();
      check(
          "ConvertSidToStringSidW",
          done(
              Advapi32.ConvertSidToStringSidW(
                  state, user.get(ValueLayout.ADDRESS, ABI_TOKEN_USER_User_Sid()), string),
              state));
      MemorySegment sid = string.get(ValueLayout.ADDRESS, 0);
      try {
        return sid.reinterpret(2L * BYTES_OF_SID).getString(0, StandardCharsets.UTF_16LE);
      } finally {
        localFree(sid);
      }
    } finally {
      closeHandle(token.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  private static void check(String call, int error) throws Win32Exception {
    if (error != 0) {
      throw new Win32Exception(call, error);
    }
  }
}
