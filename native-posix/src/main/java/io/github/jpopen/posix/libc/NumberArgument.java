package io.github.jpopen.posix.libc;

import java.lang.foreign.MemorySegment;

/**
 * Numbers in the form that the second argument of a call has, which is a segment. The small ones,
 * such as signals, are made in advance: a kill must not need memory.
 */
final class NumberArgument {
  private static final MemorySegment[] SMALL = new MemorySegment[128];

  static {
    for (int i = 0; i < SMALL.length; i++) {
      SMALL[i] = MemorySegment.ofAddress(i);
    }
  }

  private NumberArgument() {}

  static MemorySegment of(long number) {
    return number >= 0 && number < SMALL.length
        ? SMALL[(int) number]
        : MemorySegment.ofAddress(number);
  }
}
