package io.github.jpopen.text;

import java.io.Closeable;
import java.io.IOException;

/** Where the bytes of text go, each piece whole or not at all. */
public interface StdinSink extends Closeable {

  /**
   * Accepts all of the bytes. Waits until the child's pipe has taken those that cannot be buffered.
   *
   * @param bytes not copied; the caller must not change them afterwards
   * @throws java.io.InterruptedIOException if the waiting was interrupted: all of the bytes were
   *     accepted and will be sent, in order
   * @throws IOException if they can no longer be sent
   */
  void writeWhole(byte[] bytes) throws IOException;

  /**
   * Accepts one byte if it can be buffered, without waiting for another thread that writes.
   *
   * @param b its low eight bits count
   * @return false if it was not accepted
   * @throws IOException if it can no longer be sent
   */
  default boolean offer(int b) throws IOException {
    return false;
  }

  /**
   * Waits until the child's pipe has taken all that was written.
   *
   * @throws IOException as {@link #writeWhole}
   */
  void flush() throws IOException;
}
