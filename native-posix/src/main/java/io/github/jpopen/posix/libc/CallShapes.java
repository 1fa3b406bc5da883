package io.github.jpopen.posix.libc;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The downcall handles through which every C function is called; its address is the first argument.
 *
 * <p>Linking costs by the shape of a signature and not by the function, so there are as few shapes
 * as the calling conventions allow:
 *
 * <ul>
 *   <li><b>uniform</b>: up to six integers or pointers. On x86_64 and aarch64 all integer arguments
 *       travel in the same registers, on Linux and on macOS. A callee that takes an int, or a short
 *       that the caller has extended to an int, ignores the rest of the register. The second
 *       argument is a segment, so that the memory of {@code read} and {@code write} cannot be freed
 *       during the call. The caller keeps alive what the other addresses refer to.
 *   <li><b>variadic</b>: two arguments and a variadic one, for {@code fcntl} and {@code open}. On
 *       macOS/arm64 a variadic argument goes to the stack, in eight bytes, and the callee would not
 *       see a register. On Linux the uniform shape is right for these, too.
 *   <li><b>heap</b>: {@code read} and {@code write} on an array of the Java heap, without a copy.
 *       The garbage collector waits while such a call lasts, so it is for descriptors that never
 *       block, and for a limited number of bytes. Linked on first use.
 * </ul>
 *
 * <p>Handles are linked by ordinary methods and not by class initialisers. If native access is
 * denied, the caller then gets the exception itself, and threads that arrive together do not queue.
 * The nested classes make the handles constants for the JIT compiler.
 */
final class CallShapes {
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  /** The number of arguments before the variadic one. */
  private static final int NAMED = 2;

  private static volatile @Nullable MethodHandle uniform;
  private static volatile @Nullable MethodHandle variadic;
  private static volatile @Nullable MethodHandle heap;

  private CallShapes() {}

  private static final class Uniform {
    static final MethodHandle HANDLE = linked(uniform);
  }

  private static final class Variadic {
    static final MethodHandle HANDLE = linked(variadic);
  }

  private static final class Heap {
    static final MethodHandle HANDLE = linked(heap);
  }

  private static MethodHandle linked(@Nullable MethodHandle handle) {
    if (handle == null) {
      throw new IllegalStateException("this shape is not linked");
    }
    return handle;
  }

  /**
   * Links the uniform shape, unless it is linked; before {@link #uniform}.
   *
   * @throws IllegalCallerException if native access is denied
   */
  @SuppressWarnings("restricted")
  static void linkUniform() {
    if (uniform == null) {
      uniform =
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
                  ERRNO);
    }
  }

  /**
   * Links the variadic shape, unless it is linked; before {@link #variadic}.
   *
   * @throws IllegalCallerException if native access is denied
   */
  @SuppressWarnings("restricted")
  static void linkVariadic() {
    if (variadic == null) {
      variadic =
          Linker.nativeLinker()
              .downcallHandle(
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG),
                  Linker.Option.firstVariadicArg(NAMED),
                  ERRNO);
    }
  }

  @SuppressWarnings("restricted")
  private static void linkHeap() {
    if (heap == null) {
      heap =
          Linker.nativeLinker()
              .downcallHandle(
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_INT,
                      ValueLayout.ADDRESS,
                      ValueLayout.JAVA_LONG),
                  ERRNO,
                  Linker.Option.critical(true));
    }
  }

  static long uniform(
      MemorySegment function,
      MemorySegment state,
      long a,
      MemorySegment b,
      long c,
      long d,
      long e,
      long f) {
    try {
      return (long) Uniform.HANDLE.invokeExact(function, state, a, b, c, d, e, f);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  static long variadic(MemorySegment function, MemorySegment state, long a, long b, long last) {
    try {
      return (long) Variadic.HANDLE.invokeExact(function, state, a, b, last);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  static long heap(
      MemorySegment function, MemorySegment state, int descriptor, MemorySegment b, long bytes) {
    linkHeap();
    try {
      return (long) Heap.HANDLE.invokeExact(function, state, descriptor, b, bytes);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** A handle of a C function throws nothing that is checked, though javac does not know it. */
  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(thrown);
  }
}
