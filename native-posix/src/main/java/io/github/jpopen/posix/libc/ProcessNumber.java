package io.github.jpopen.posix.libc;

import java.lang.foreign.MemorySegment;

/**
 * The id of a process, or a descriptor of one, for the calls that watch and kill it. Made in
 * advance, because a kill must not need memory. Immutable.
 */
public final class ProcessNumber {
  private final int value;
  private final MemorySegment argument;

  /**
   * Makes one.
   *
   * @param value an id or a descriptor
   */
  public ProcessNumber(int value) {
    this.value = value;
    argument = NumberArgument.of(value);
  }

  /** The id or the descriptor. */
  public int value() {
    return value;
  }

  /** The same, as the second argument of a call. */
  MemorySegment argument() {
    return argument;
  }
}
