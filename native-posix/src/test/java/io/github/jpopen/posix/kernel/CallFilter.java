package io.github.jpopen.posix.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A seccomp filter on the calling thread and the processes it starts, in which system calls fail.
 */
final class CallFilter {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_SET_SECCOMP = 22;
  private static final int SECCOMP_MODE_FILTER = 2;
  private static final short LOAD_WORD = 0x20;
  private static final short JUMP_IF_EQUAL = 0x15;
  private static final short RETURN = 0x06;
  private static final int RETURN_ERROR = 0x00050000;
  private static final int RETURN_ALLOW = 0x7fff0000;

  /** The size of a {@code struct sock_filter}: code, two jumps, k. */
  private static final long INSTRUCTION = 8;

  private final MemorySegment code;
  private int count;

  private CallFilter(MemorySegment code) {
    this.code = code;
  }

  /**
   * Installs one, for as long as the thread lives.
   *
   * @param calls {@code number=error}, separated by commas
   */
  static void install(String calls) {
    String[] all = calls.split(",", -1);
    try (Arena arena = Arena.ofConfined()) {
      CallFilter filter = new CallFilter(arena.allocate((2L + 2L * all.length) * INSTRUCTION, 8));
      filter.add(LOAD_WORD, 0, 0, 0); // the number of the call
      for (String call : all) {
        int equals = call.indexOf('=');
        filter.add(JUMP_IF_EQUAL, 0, 1, Integer.parseInt(call.substring(0, equals)));
        filter.add(RETURN, 0, 0, RETURN_ERROR | Integer.parseInt(call.substring(equals + 1)));
      }
      filter.add(RETURN, 0, 0, RETURN_ALLOW);
      MemorySegment program = arena.allocate(16, 8); // struct sock_fprog
      program.set(JAVA_SHORT, 0, (short) filter.count);
      program.set(ADDRESS, 8, filter.code);
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
    }
  }

  private void add(short what, int ifTrue, int ifFalse, int k) {
    long at = count++ * INSTRUCTION;
    code.set(JAVA_SHORT, at, what);
    code.set(JAVA_BYTE, at + 2, (byte) ifTrue);
    code.set(JAVA_BYTE, at + 3, (byte) ifFalse);
    code.set(JAVA_INT, at + 4, k);
  }

  // int prctl(int option, unsigned long, unsigned long, unsigned long, unsigned long);
  private static void prctl(int option, long second, long third) {
    FunctionDescriptor shape =
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    Linker linker = Linker.nativeLinker();
    MethodHandle call =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"), shape, Linker.Option.firstVariadicArg(1));
    int result;
    try {
      result = (int) call.invokeExact(option, second, third, 0L, 0L);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    if (result != 0) {
      throw new AssertionError("prctl " + option);
    }
  }
}
