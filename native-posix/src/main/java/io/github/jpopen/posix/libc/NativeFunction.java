package io.github.jpopen.posix.libc;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One C function, looked up when it is first called. Thread-safe. */
final class NativeFunction {
  private static final CallStates STATES = new CallStates();

  private final String name;
  private final int missing;
  private final boolean brief;

  // A race is harmless: every thread finds the same address, and a segment is immutable.
  private @Nullable MemorySegment address;

  /**
   * Describes a function.
   *
   * @param name as in C
   * @param missing the result if this C library does not have the function: a negated error
   * @param brief whether no call of it waits, so that calls may queue for the last piece of memory
   */
  NativeFunction(String name, int missing, boolean brief) {
    this.name = name;
    this.missing = missing;
    this.brief = brief;
  }

  boolean exists() {
    return address().address() != 0;
  }

  /** The address of the function; 0 if it is missing. */
  MemorySegment address() {
    MemorySegment known = address;
    if (known == null) {
      known = Linker.nativeLinker().defaultLookup().find(name).orElse(MemorySegment.NULL);
      address = known;
    }
    return known;
  }

  /**
   * Calls a function that returns 64 bits.
   *
   * @param b may be on the Java heap if the function takes what {@code read} and {@code write}
   *     take: an int, this, and a count
   * @return the result, or the negated errno if the result is -1
   */
  long call(long a, MemorySegment b, long c, long d, long e, long f) {
    return call(false, false, a, b, c, d, e, f);
  }

  /** Calls a function that returns 64 bits and takes no segment. */
  long call(long a, long b, long c, long d, long e, long f) {
    return call(a, NumberArgument.of(b), c, d, e, f);
  }

  /**
   * Calls a function that returns an int.
   *
   * @return the result, or the negated errno if the result is -1
   */
  int callInt(long a, long b, long c, long d) {
    return callInt(false, a, b, c, d, 0, 0);
  }

  int callInt(long a, long b, long c) {
    return callInt(a, b, c, 0);
  }

  /** The same, with a second argument that was made in advance: this takes no memory. */
  int callInt(long a, MemorySegment b, long c, long d) {
    return (int) call(true, false, a, b, c, d, 0, 0);
  }

  int callInt(long a, long b) {
    return callInt(a, b, 0, 0);
  }

  int callInt(long a) {
    return callInt(a, 0, 0, 0);
  }

  /** Calls a function that returns an int and whose third argument is variadic. */
  int callVariadic(long a, long b, long variadic) {
    return callInt(true, a, b, variadic, 0, 0, 0);
  }

  /**
   * Calls a function of the {@code posix_spawn} family, which returns its error.
   *
   * @return the negated error
   */
  int callError(long a, long b, long c, long d, long e, long f) {
    return exists() ? -callInt(false, a, b, c, d, e, f) : missing;
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

  private int callInt(boolean variadic, long a, long b, long c, long d, long e, long f) {
    return (int) call(true, variadic, a, NumberArgument.of(b), c, d, e, f);
  }

  /**
   * Makes every call, with a capture segment that no other thread uses meanwhile.
   *
   * @param narrow whether the function returns an int, which leaves the upper half of the register
   *     undefined
   */
  private long call(
      boolean narrow, boolean variadic, long a, MemorySegment b, long c, long d, long e, long f) {
    MemorySegment function = address();
    if (function.address() == 0) {
      return missing;
    }
    MemorySegment state = take();
    try {
      long register =
          variadic
              ? CallShapes.variadic(function, state, a, b.address(), c)
              : b.isNative()
                  ? CallShapes.uniform(function, state, a, b, c, d, e, f)
                  : CallShapes.heap(function, state, (int) a, b, c);
      long result = narrow ? (int) register : register;
      return result == -1 ? -CallStates.errno(state) : result;
    } finally {
      STATES.give(state);
    }
  }

  // The JVM may have no memory just when a child must be killed or a descriptor closed.
  private MemorySegment take() {
    try {
      return STATES.take();
    } catch (OutOfMemoryError e) {
      if (!brief) {
        throw e;
      }
      return STATES.takeReserve();
    }
  }
}
