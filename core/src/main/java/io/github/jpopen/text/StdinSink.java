package io.github.jpopen.text;

import java.io.Closeable;
import java.io.IOException;

/** Where the bytes of text go, each piece as a whole or not at all. */
public interface StdinSink extends Closeable {

  /**
   * Takes bytes, and waits for what it cannot keep until the child's pipe has taken it.
   *
   * @param bytes not copied, and not changed by the caller any more
   * @param flush whether to wait until the child's pipe has taken all that was written
   * @throws java.io.InterruptedIOException if the waiting was interrupted: all of the bytes were
   *     taken and will be sent, in order
   * @throws IOException if they cannot be sent any more
   */
  void writeWhole(byte[] bytes, boolean flush) throws IOException;

  /**
   * Waits until the child's pipe has taken all that was written.
   *
   * @throws IOException as {@link #writeWhole}
   */
  void flush() throws IOException;
}
