package io.github.jpopen.posix.libc;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * One downcall handle for C functions of two arguments and a third that is variadic: {@code fcntl}
 * and {@code open}.
 *
 * <p>On macOS/arm64 a variadic argument goes on the stack, in eight bytes, where {@link
 * UniformCall} would pass it in a register that the callee does not look at. Elsewhere both are the
 * same.
 */
final class VariadicCall {
  private static final int NAMED = 2;

  private static volatile @Nullable MethodHandle linked;

  private VariadicCall() {}

  /**
   * Links, unless done; before {@link #invoke}, as {@link UniformCall#link} is.
   *
   * @throws IllegalCallerException if native access is denied
   */
  @SuppressWarnings("restricted")
  static void link() {
    if (linked == null) {
      linked =
          Linker.nativeLinker()
              .downcallHandle(
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG),
                  Linker.Option.firstVariadicArg(NAMED),
                  Linker.Option.captureCallState("errno"));
    }
  }

  static long invoke(MemorySegment function, MemorySegment state, long a, long b, long variadic) {
    try {
      return (long) Linked.HANDLE.invokeExact(function, state, a, b, variadic);
    } catch (Error | RuntimeException thrown) {
      throw thrown;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Makes the handle a constant for the compiler; initialised when it is linked already. */
  private static final class Linked {
    static final MethodHandle HANDLE = handle();

    private static MethodHandle handle() {
      MethodHandle handle = linked;
      if (handle == null) {
        throw new IllegalStateException("not linked");
      }
      return handle;
    }
  }
}
