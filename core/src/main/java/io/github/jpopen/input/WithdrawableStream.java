package io.github.jpopen.input;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * An {@link java.io.InputStream} whose blocked read can be withdrawn without loss: an interrupt
 * ends it, and what comes later is left to the next reader.
 */
public interface WithdrawableStream {
  /**
   * Reads unless the bytes are no longer wanted. That is asked when they have come, in the moment
   * in which they would be consumed: an interrupt may be too late for that.
   *
   * @param into gets the bytes
   * @param wanted false from some moment on
   * @return how many bytes came; -1 at the end, or if they are not wanted
   * @throws IOException if reading failed
   */
  int read(byte[] into, BooleanSupplier wanted) throws IOException;
}
