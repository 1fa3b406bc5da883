package io.github.jpopen.posix.libc;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls of {@code read} and {@code write} on arrays of the Java heap, without a copy in between.
 *
 * <p>While such a call lasts the garbage collector has to wait for its thread, so it is only for
 * descriptors that never block, and for so many bytes that the time is short. Linked when first
 * used: a JVM that moves little does not pay for a second shape.
 */
final class HeapCall {
  private static final AtomicReference<@Nullable MethodHandle> LINKED = new AtomicReference<>();

  private HeapCall() {}

  @SuppressWarnings("restricted")
  private static void link() {
    LINKED.set(
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"),
                Linker.Option.critical(true)));
  }

  static long invoke(
      MemorySegment function,
      MemorySegment state,
      int descriptor,
      MemorySegment bytes,
      long count) {
    if (LINKED.get() == null) {
      link();
    }
    try {
      return (long) Linked.HANDLE.invokeExact(function, state, descriptor, bytes, count);
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
      MethodHandle handle = LINKED.get();
      if (handle == null) {
        throw new IllegalStateException("not linked");
      }
      return handle;
    }
  }
}
