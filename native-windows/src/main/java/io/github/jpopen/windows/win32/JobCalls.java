package io.github.jpopen.windows.win32;

import static io.github.jpopen.windows.ffi.Win32.*;

import io.github.jpopen.windows.ffi.JOBOBJECT_BASIC_LIMIT_INFORMATION;
import io.github.jpopen.windows.ffi.JOBOBJECT_EXTENDED_LIMIT_INFORMATION;
import io.github.jpopen.windows.ffi.Kernel32;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The part of {@link NativeWin32} that concerns job objects. */
final class JobCalls {
  private static final MemorySegment NULL = MemorySegment.NULL;

  private final CallStates states;

  JobCalls(CallStates states) {
    this.states = states;
  }

  // HANDLE CreateJobObjectW(LPSECURITY_ATTRIBUTES lpJobAttributes, LPCWSTR lpName);
  long create() {
    MemorySegment state = states.take();
    return states.made(Kernel32.CreateJobObjectW(state, NULL, NULL), state);
  }

  // BOOL SetInformationJobObject(HANDLE hJob, JOBOBJECTINFOCLASS JobObjectInformationClass, LPVOID
  // lpJobObjectInformation, DWORD cbJobObjectInformationLength);
  int limit(long job, boolean killOnClose, boolean descendantsLeave) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment information = JOBOBJECT_EXTENDED_LIMIT_INFORMATION.allocate(arena);
      JOBOBJECT_BASIC_LIMIT_INFORMATION.LimitFlags(
          JOBOBJECT_EXTENDED_LIMIT_INFORMATION.BasicLimitInformation(information),
          (killOnClose ? JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE() : 0)
              | (descendantsLeave ? JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK() : 0));
      MemorySegment state = states.take();
      return states.done(
          Kernel32.SetInformationJobObject(
              state,
              MemorySegment.ofAddress(job),
              JobObjectExtendedLimitInformation(),
              information,
              (int) information.byteSize()),
          state);
    }
  }

  // BOOL AssignProcessToJobObject(HANDLE hJob, HANDLE hProcess);
  int assign(long job, long process) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.AssignProcessToJobObject(
            state, MemorySegment.ofAddress(job), MemorySegment.ofAddress(process)),
        state);
  }

  // BOOL TerminateJobObject(HANDLE hJob, UINT uExitCode);
  int terminate(long job, int code) {
    MemorySegment state = states.take();
    return states.done(
        Kernel32.TerminateJobObject(state, MemorySegment.ofAddress(job), code), state);
  }

  // BOOL QueryInformationJobObject(HANDLE hJob, JOBOBJECTINFOCLASS JobObjectInformationClass,
  // LPVOID lpJobObjectInformation, DWORD cbJobObjectInformationLength, LPDWORD lpReturnLength);
  int processes(long job, long[] ids) {
    int first = ABI_JOBOBJECT_BASIC_PROCESS_ID_LIST_ProcessIdList();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocate(first + 8L * ids.length, 8);
      MemorySegment state = states.take();
      int error =
          states.done(
              Kernel32.QueryInformationJobObject(
                  state,
                  MemorySegment.ofAddress(job),
                  JobObjectBasicProcessIdList(),
                  list,
                  (int) list.byteSize(),
                  NULL),
              state);
      if (error != 0) {
        return -error;
      }
      int count =
          list.get(
              ValueLayout.JAVA_INT, ABI_JOBOBJECT_BASIC_PROCESS_ID_LIST_NumberOfProcessIdsInList());
      MemorySegment.copy(list, ValueLayout.JAVA_LONG, first, ids, 0, Math.min(count, ids.length));
      return count;
    }
  }

  // DWORD ResumeThread(HANDLE hThread);
  int resume(long thread) {
    MemorySegment state = states.take();
    int before = Kernel32.ResumeThread(state, MemorySegment.ofAddress(thread));
    if (before == -1) {
      return states.failed(state);
    }
    states.give(state);
    return 0;
  }
}
