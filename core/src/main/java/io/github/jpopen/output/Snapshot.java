package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An immutable view of the bytes that had come on one stream at some moment. Copies nothing until
 * it is read. Thread-safe.
 */
public interface Snapshot {
  /** Nothing was left out. */
  long NO_GAP = -1;

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

  /**
   * Where bytes were left out.
   *
   * @return how many bytes come before the gap, or {@link #NO_GAP}
   */
  default long gap() {
    return NO_GAP;
  }

  /**
   * How many bytes were left out.
   *
   * @return bytes
   */
  default long omitted() {
    return 0;
  }

  /**
   * The place in the whole stream of the first byte after the gap.
   *
   * @return bytes from the beginning; 0 if there is no gap
   */
  default long resumesAt() {
    return 0;
  }

  /**
   * The file that holds the bytes.
   *
   * @return null if they are in memory
   */
  default @Nullable Path file() {
    return null;
  }
}
