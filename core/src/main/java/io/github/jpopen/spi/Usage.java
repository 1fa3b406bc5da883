package io.github.jpopen.spi;

/**
 * What one child has used, in the numbers of its system. Immutable, except that the peak may be
 * found when it is first asked for.
 */
public interface Usage {
  /** The peak of the memory is unknown. */
  long UNKNOWN = -1;

  /**
   * The processor time in the program itself.
   *
   * @return nanoseconds, 0 or more
   */
  long userNanos();

  /**
   * The processor time in the kernel.
   *
   * @return nanoseconds, 0 or more
   */
  long systemNanos();

  /**
   * The most memory that the child had in use at one time.
   *
   * @return bytes, or {@link #UNKNOWN}; always the same answer
   */
  long peakBytes();
}
