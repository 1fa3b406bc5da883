package io.github.jpopen.windows.win32;

import static io.github.jpopen.windows.ffi.Win32.*;

import io.github.jpopen.windows.ffi.Kernel32;
import io.github.jpopen.windows.ffi.PROCESS_INFORMATION;
import io.github.jpopen.windows.ffi.PROCESS_MEMORY_COUNTERS;
import io.github.jpopen.windows.ffi.STARTUPINFOEXW;
import io.github.jpopen.windows.ffi.STARTUPINFOW;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/** The part of {@link NativeWin32} that starts and ends processes. */
final class ProcessCalls {
  private static final MemorySegment NULL = MemorySegment.NULL;

  private final CallStates states;

  ProcessCalls(CallStates states) {
    this.states = states;
  }

  // BOOL CreateProcessW(LPCWSTR lpApplicationName, LPWSTR lpCommandLine, LPSECURITY_ATTRIBUTES
  // lpProcessAttributes, LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles, DWORD
  // dwCreationFlags, LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory, LPSTARTUPINFOW
  // lpStartupInfo, LPPROCESS_INFORMATION lpProcessInformation);
  void create(ProcessStart start, StartedProcess started) throws Win32Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment startup = startupInfo(start, arena);
      MemorySegment information = PROCESS_INFORMATION.allocate(arena);
      MemorySegment state = states.take();
      states.check(
          "CreateProcessW",
          Kernel32.CreateProcessW(
              state,
              start.application(),
              start.commandLine(),
              NULL,
              NULL,
              start.inherits() ? 1 : 0,
              start.flags() | CREATE_UNICODE_ENVIRONMENT() | EXTENDED_STARTUPINFO_PRESENT(),
              start.environment(),
              start.directory(),
              startup,
              information),
          state);
      started.started(
          PROCESS_INFORMATION.hProcess(information).address(),
          PROCESS_INFORMATION.hThread(information).address(),
          PROCESS_INFORMATION.dwProcessId(information));
    }
  }

  private static MemorySegment startupInfo(ProcessStart start, Arena arena) {
    MemorySegment extended = STARTUPINFOEXW.allocate(arena);
    MemorySegment info = STARTUPINFOEXW.StartupInfo(extended);
    STARTUPINFOW.cb(info, (int) STARTUPINFOEXW.sizeof());
    int flags = STARTF_USESTDHANDLES();
    if (start.showWindow().isPresent()) {
      flags |= STARTF_USESHOWWINDOW();
      STARTUPINFOW.wShowWindow(info, (short) start.showWindow().getAsInt());
    }
    STARTUPINFOW.dwFlags(info, flags);
    STARTUPINFOW.hStdInput(info, MemorySegment.ofAddress(start.stdin()));
    STARTUPINFOW.hStdOutput(info, MemorySegment.ofAddress(start.stdout()));
    STARTUPINFOW.hStdError(info, MemorySegment.ofAddress(start.stderr()));
    STARTUPINFOEXW.lpAttributeList(extended, start.attributes());
    return extended;
  }

  // BOOL InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, DWORD
  // dwAttributeCount, DWORD dwFlags, PSIZE_T lpSize);
  // BOOL UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, DWORD dwFlags,
  // DWORD_PTR Attribute, PVOID lpValue, SIZE_T cbSize, PVOID lpPreviousValue, PSIZE_T
  // lpReturnSize);
  MemorySegment attributeList(SegmentAllocator arena, long job, long... handles)
      throws Win32Exception {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    int count = (job == 0 ? 0 : 1) + (handles.length == 0 ? 0 : 1);
    int error = initialize(NULL, count, size);
    if (error != 0 && error != ERROR_INSUFFICIENT_BUFFER()) {
      throw new Win32Exception("InitializeProcThreadAttributeList", error);
    }
    MemorySegment list = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0), 16);
    error = initialize(list, count, size);
    if (error != 0) {
      throw new Win32Exception("InitializeProcThreadAttributeList", error);
    }
    if (job != 0) {
      MemorySegment jobs = arena.allocateFrom(ValueLayout.JAVA_LONG, job);
      error = update(list, PROC_THREAD_ATTRIBUTE_JOB_LIST(), jobs);
    }
    if (error == 0 && handles.length > 0) {
      MemorySegment inherited = arena.allocateFrom(ValueLayout.JAVA_LONG, handles);
      error = update(list, PROC_THREAD_ATTRIBUTE_HANDLE_LIST(), inherited);
    }
    if (error != 0) {
      deleteAttributeList(list);
      throw new Win32Exception("UpdateProcThreadAttribute", error);
    }
    return list;
  }

  private int initialize(MemorySegment list, int count, MemorySegment size) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.InitializeProcThreadAttributeList(state, list, count, 0, size), state);
  }

  private int update(MemorySegment list, int attribute, MemorySegment values) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.UpdateProcThreadAttribute(
            state, list, 0, attribute, values, values.byteSize(), NULL, NULL),
        state);
  }

  // void DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList);
  void deleteAttributeList(MemorySegment list) {
    MemorySegment state = states.take();
    Kernel32.DeleteProcThreadAttributeList(state, list);
    states.give(state);
  }

  // BOOL GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode);
  int exitCode(long process, MemorySegment code) {
    MemorySegment state = states.take();
    MemorySegment handle = MemorySegment.ofAddress(process);
    return states.done(Kernel32.GetExitCodeProcess(state, handle, code), state);
  }

  // BOOL GetProcessTimes(HANDLE hProcess, LPFILETIME lpCreationTime, LPFILETIME lpExitTime,
  //     LPFILETIME lpKernelTime, LPFILETIME lpUserTime);
  int processTimes(long process, MemorySegment times) {
    MemorySegment state = states.take();
    MemorySegment handle = MemorySegment.ofAddress(process);
    long size = Long.BYTES; // a FILETIME
    int result =
        Kernel32.GetProcessTimes(
            state,
            handle,
            times.asSlice(0, size),
            times.asSlice(size, size),
            times.asSlice(2 * size, size),
            times.asSlice(3 * size, size));
    return states.done(result, state);
  }

  // BOOL K32GetProcessMemoryInfo(HANDLE Process, PPROCESS_MEMORY_COUNTERS ppsmemCounters, DWORD
  // cb);
  long peakWorkingSet(long process) {
    MemorySegment state = states.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment counters = PROCESS_MEMORY_COUNTERS.allocate(arena);
      MemorySegment handle = MemorySegment.ofAddress(process);
      int size = (int) PROCESS_MEMORY_COUNTERS.sizeof();
      int error =
          states.done(Kernel32.K32GetProcessMemoryInfo(state, handle, counters, size), state);
      return error == 0 ? PROCESS_MEMORY_COUNTERS.PeakWorkingSetSize(counters) : -error;
    }
  }

  // BOOL TerminateProcess(HANDLE hProcess, UINT uExitCode);
  int terminate(long process, int code) {
    MemorySegment state = states.take();
    MemorySegment handle = MemorySegment.ofAddress(process);
    return states.done(Kernel32.TerminateProcess(state, handle, code), state);
  }

  // BOOL GenerateConsoleCtrlEvent(DWORD dwCtrlEvent, DWORD dwProcessGroupId);
  int generateConsoleCtrlEvent(int event, int group) {
    MemorySegment state = states.take();
    return states.done(Kernel32.GenerateConsoleCtrlEvent(state, event, group), state);
  }
}
