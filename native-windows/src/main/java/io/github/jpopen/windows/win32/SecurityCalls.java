package io.github.jpopen.windows.win32;

import static io.github.jpopen.windows.ffi.Win32.*;

import io.github.jpopen.windows.ffi.Advapi32;
import io.github.jpopen.windows.ffi.Kernel32;
import io.github.jpopen.windows.ffi.SECURITY_ATTRIBUTES;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The part of {@link NativeWin32} that keeps other users away: random names, access rights. */
final class SecurityCalls {
  private static final int BYTES_OF_SID = 256;

  private final CallStates states;

  SecurityCalls(CallStates states) {
    this.states = states;
  }

  // BOOLEAN SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength);
  int random(MemorySegment bytes) {
    MemorySegment state = states.take();
    return states.done(Advapi32.SystemFunction036(state, bytes, (int) bytes.byteSize()), state);
  }

  // BOOL ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR StringSecurityDescriptor,
  // DWORD StringSDRevision, PSECURITY_DESCRIPTOR *SecurityDescriptor, PULONG
  // SecurityDescriptorSize);
  MemorySegment ownerOnly(Arena arena) throws Win32Exception {
    MemorySegment text =
        arena.allocateFrom("D:P(A;;GA;;;" + ownSid(arena) + ")", StandardCharsets.UTF_16LE);
    MemorySegment descriptor = arena.allocate(ValueLayout.ADDRESS);
    MemorySegment state = states.take();
    states.check(
        "ConvertStringSecurityDescriptorToSecurityDescriptorW",
        Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            state, text, SDDL_REVISION_1(), descriptor, MemorySegment.NULL),
        state);
    MemorySegment security = SECURITY_ATTRIBUTES.allocate(arena);
    SECURITY_ATTRIBUTES.nLength(security, (int) SECURITY_ATTRIBUTES.sizeof());
    SECURITY_ATTRIBUTES.lpSecurityDescriptor(security, descriptor.get(ValueLayout.ADDRESS, 0));
    return security;
  }

  void free(MemorySegment security) {
    localFree(SECURITY_ATTRIBUTES.lpSecurityDescriptor(security));
  }

  // HLOCAL LocalFree(HLOCAL hMem);
  private void localFree(MemorySegment memory) {
    MemorySegment state = states.take();
    MemorySegment _ = Kernel32.LocalFree(state, memory);
    states.give(state);
  }

  // BOOL CloseHandle(HANDLE hObject);
  private String ownSid(Arena arena) throws Win32Exception {
    MemorySegment token = ownToken(arena);
    try {
      return text(arena, userOf(arena, token));
    } finally {
      MemorySegment state = states.take();
      int _ = states.done(Kernel32.CloseHandle(state, token), state);
    }
  }

  // BOOL OpenProcessToken(HANDLE ProcessHandle, DWORD DesiredAccess, PHANDLE TokenHandle);
  private MemorySegment ownToken(Arena arena) throws Win32Exception {
    MemorySegment token = arena.allocate(ValueLayout.ADDRESS);
    MemorySegment state = states.take();
    MemorySegment self = Kernel32.GetCurrentProcess(state);
    states.check(
        "OpenProcessToken", Advapi32.OpenProcessToken(state, self, TOKEN_QUERY(), token), state);
    return token.get(ValueLayout.ADDRESS, 0);
  }

  // BOOL GetTokenInformation(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS TokenInformationClass,
  // LPVOID TokenInformation, DWORD TokenInformationLength, PDWORD ReturnLength);
  private MemorySegment userOf(Arena arena, MemorySegment token) throws Win32Exception {
    MemorySegment user = arena.allocate(BYTES_OF_SID, Long.BYTES);
    MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
    MemorySegment state = states.take();
    states.check(
        "GetTokenInformation",
        Advapi32.GetTokenInformation(state, token, TokenUser(), user, BYTES_OF_SID, length),
        state);
    return user;
  }

  // BOOL ConvertSidToStringSidW(PSID Sid, LPWSTR *StringSid);
  @SuppressWarnings("restricted")
  private String text(Arena arena, MemorySegment user) throws Win32Exception {
    MemorySegment string = arena.allocate(ValueLayout.ADDRESS);
    MemorySegment sid = user.get(ValueLayout.ADDRESS, ABI_TOKEN_USER_User_Sid());
    MemorySegment state = states.take();
    states.check(
        "ConvertSidToStringSidW", Advapi32.ConvertSidToStringSidW(state, sid, string), state);
    MemorySegment text = string.get(ValueLayout.ADDRESS, 0);
    try {
      return text.reinterpret(2L * BYTES_OF_SID).getString(0, StandardCharsets.UTF_16LE);
    } finally {
      localFree(text);
    }
  }
}
