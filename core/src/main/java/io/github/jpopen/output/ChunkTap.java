package io.github.jpopen.output;

import java.util.Arrays;

/** Hands an output to a consumer piece by piece. */
public final class ChunkTap implements OutputTap {
  /** What gets the pieces. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * Takes a piece.
     *
     * @param bytes at least one; the consumer's own
     * @throws Exception to end the call
     */
    void accept(byte[] bytes) throws Exception;
  }

  private final Consumer consumer;

  /**
   * A tap.
   *
   * @param consumer gets the pieces
   */
  public ChunkTap(Consumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public void accept(byte[] bytes, int length) throws Exception {
    consumer.accept(Arrays.copyOf(bytes, length));
  }
}
