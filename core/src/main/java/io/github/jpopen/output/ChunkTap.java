package io.github.jpopen.output;

import java.util.Arrays;

/** Hands an output to a consumer piece by piece. */
public final class ChunkTap implements OutputTap {
  private final Consumer<byte[]> consumer;

  /**
   * A tap.
   *
   * @param consumer gets the pieces
   */
  public ChunkTap(Consumer<byte[]> consumer) {
    this.consumer = consumer;
  }

  @Override
  public void accept(byte[] bytes, int length) throws Exception {
    consumer.accept(Arrays.copyOf(bytes, length));
  }
}
