package io.github.jpopen.output;

import java.io.IOException;

/** What gets a copy of the bytes of one output as they come. One thread at a time calls it. */
public interface OutputTap {
  /** Makes the tap of one child. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens what it needs.
     *
     * @return the tap
     * @throws IOException if that fails
     */
    OutputTap open() throws IOException;
  }

  /**
   * What the caller wants called.
   *
   * @param <P> the type of a part
   */
  @FunctionalInterface
  interface Consumer<P> {
    /**
     * Takes a part.
     *
     * @param part of the output
     * @throws Exception to end the call
     */
    void accept(P part) throws Exception;
  }

  /**
   * Bytes have come. Not called while {@link #isBehind}.
   *
   * @param bytes from index 0; not changed, and not kept
   * @param length how many of them count
   * @throws Exception what the consumer throws
   */
  void accept(byte[] bytes, int length) throws Exception;

  /**
   * Whether the consumer threw or took long before it had everything.
   *
   * @return true if {@link #resume} has something to hand out
   */
  default boolean isBehind() {
    return false;
  }

  /**
   * Hands out what was left, or a part of it.
   *
   * @throws Exception what the consumer throws
   */
  default void resume() throws Exception {}

  /**
   * Nothing follows.
   *
   * @param cutShort whether the output itself may go on, perhaps in the middle of a character
   * @throws Exception what the consumer throws
   */
  default void end(boolean cutShort) throws Exception {}

  /**
   * Gives back what the tap has opened. Idempotent.
   *
   * @throws IOException if that fails
   */
  default void close() throws IOException {}
}
