package io.github.jpopen.posix.libc;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * One downcall handle for every C function that takes up to six integers or pointers.
 *
 * <p>Linking costs by the signature, not by the function: with one shape and the function's address
 * as an argument, a fresh JVM links once. All integer arguments travel in the same registers on
 * x86_64 and aarch64, and a callee that takes an int, or a short that the caller has extended to
 * one, ignores the rest of the register; so it is on macOS, too. Variadic arguments do the same on
 * Linux only: elsewhere they go through {@link VariadicCall}. The second argument is a segment, so
 * that the memory {@code read} and {@code write} work on cannot be freed under them; the others are
 * plain addresses of memory the caller keeps alive.
 */
final class UniformCall {
  private static volatile @Nullable MethodHandle linked;

  private UniformCall() {}

  /**
   * Links, unless done. To be called before {@link #invoke}, from an ordinary method: where native
   * access is denied, the exception then comes out as it is, and threads that come together need
   * not queue at a class initialiser.
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
                      ValueLayout.ADDRESS,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG),
                  Linker.Option.captureCallState("errno"));
    }
  }

  static long invoke(
      MemorySegment function,
      MemorySegment state,
      long a,
      MemorySegment b,
      long c,
      long d,
      long e,
      long f) {
    try {
      return (long) Linked.HANDLE.invokeExact(function, state, a, b, c, d, e, f);
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
