package io.github.jpopen.conformance;

import org.jspecify.annotations.Nullable;

/**
 * How a call of a library ended, unless it threw.
 *
 * @since 0.1
 */
public sealed interface Outcome {
  /**
   * The program and both of its outputs have ended.
   *
   * @param code as the library reports it
   * @param stdout all of it
   * @param stderr all of it
   * @since 0.1
   */
  @SuppressWarnings("ArrayRecordComponent") // large, and never compared
  record Ended(int code, byte[] stdout, byte[] stderr) implements Outcome {}

  /**
   * The limit has passed.
   *
   * @param stdout what had come by then; null if the library does not hand it out
   * @since 0.1
   */
  @SuppressWarnings("ArrayRecordComponent") // large, and never compared
  record TimedOut(byte @Nullable [] stdout) implements Outcome {
    /** The library does not hand out what had come. */
    public TimedOut() {
      this(null);
    }
  }
}
