package io.github.jpopen.posix.libc;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One C function, looked up when it is first called. Thread-safe. */
final class NativeFunction {
  private static final CallStates STATES = new CallStates();

  private final String name;
  private final int missing;

  // Found by several threads at once it is the same; a segment is immutable.
  private @Nullable MemorySegment address;

  /**
   * Describes a function.
   *
   * @param name as in C
   * @param missing what to answer if this C library does not have it: a negated error
   */
  NativeFunction(String name, int missing) {
    this.name = name;
    this.missing = missing;
  }

  boolean exists() {
    return address().address() != 0;
  }

  /**
   * The result, or the negated errno where the result is -1.
   *
   * @param b may lie on the Java heap if this is a call like {@code read} and {@code write}, whose
   *     first argument is an int and the fourth and later ones are none; see {@link HeapCall}
   */
  long call(long a, MemorySegment b, long c, long d, long e, long f) {
    MemorySegment function = address();
    if (function.address() == 0) {
      return missing;
    }
    MemorySegment state = STATES.take();
    try {
      long result =
          b.isNative()
              ? UniformCall.invoke(function, state, a, b, c, d, e, f)
              : HeapCall.invoke(function, state, (int) a, b, c);
      return result == -1 ? -CallStates.errno(state) : result;
    } finally {
      STATES.give(state);
    }
  }

  long call(long a, long b, long c, long d, long e, long f) {
    return call(a, MemorySegment.ofAddress(b), c, d, e, f);
  }

  /**
   * A call of a function that returns an int, of which the upper half of the register says nothing.
   */
  int callInt(long a, long b, long c, long d) {
    MemorySegment function = address();
    if (function.address() == 0) {
      return missing;
    }
    MemorySegment state = STATES.take();
    try {
      int result =
          (int) UniformCall.invoke(function, state, a, MemorySegment.ofAddress(b), c, d, 0, 0);
      return result == -1 ? -CallStates.errno(state) : result;
    } finally {
      STATES.give(state);
    }
  }

  int callInt(long a, long b, long c) {
    return callInt(a, b, c, 0);
  }

  int callInt(long a, long b) {
    return callInt(a, b, 0, 0);
  }

  int callInt(long a) {
    return callInt(a, 0, 0, 0);
  }

  /** A call of a function that returns an int and whose third argument is variadic. */
  int callVariadic(long a, long b, long variadic) {
    MemorySegment function = address();
    if (function.address() == 0) {
      return missing;
    }
    MemorySegment state = STATES.take();
    try {
      int result = (int) VariadicCall.invoke(function, state, a, b, variadic);
      return result == -1 ? -CallStates.errno(state) : result;
    } finally {
      STATES.give(state);
    }
  }

  /** A call of a function of the {@code posix_spawn} family, which returns its error. */
  int callError(long a, long b, long c, long d, long e, long f) {
    MemorySegment function = address();
    if (function.address() == 0) {
      return missing;
    }
    MemorySegment state = STATES.take();
    try {
      return -(int) UniformCall.invoke(function, state, a, MemorySegment.ofAddress(b), c, d, e, f);
    } finally {
      STATES.give(state);
    }
  }

  int callError(long a, long b, long c) {
    return callError(a, b, c, 0, 0, 0);
  }

  int callError(long a, long b) {
    return callError(a, b, 0, 0, 0, 0);
  }

  int callError(long a) {
    return callError(a, 0, 0, 0, 0, 0);
  }

  /** Where it is; the address 0 if it is missing. */
  MemorySegment address() {
    MemorySegment known = address;
    if (known == null) {
      known = Linker.nativeLinker().defaultLookup().find(name).orElse(MemorySegment.NULL);
      address = known;
    }
    return known;
  }
}
