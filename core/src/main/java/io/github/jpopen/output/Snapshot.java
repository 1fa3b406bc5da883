package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An immutable view of the bytes that had come on one stream at some moment. Copies nothing until
 * it is read. Thread-safe.
 */
public interface Snapshot {
  /** No bytes. */
  Snapshot EMPTY =
      new Snapshot() {
        @Override
        public long size() {
          return 0;
        }

        @Override
        public void writeTo(OutputStream out) {}
      };

  /**
   * How much it is.
   *
   * @return bytes
   */
  long size();

  /**
   * Copies it out.
   *
   * @param out neither flushed nor closed
   * @throws IOException what {@code out} throws
   */
  void writeTo(OutputStream out) throws IOException;
}
