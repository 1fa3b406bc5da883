package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;

/** Copies an output to a stream of the caller, which is flushed and never closed. */
public final class StreamTap implements OutputTap {
  private final OutputStream out;

  /**
   * A tap.
   *
   * @param out where to
   */
  public StreamTap(OutputStream out) {
    this.out = out;
  }

  @Override
  public void accept(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }
}
