package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;

/** Copies an output to a stream of the caller, which is flushed and never closed. */
public final class StreamTap implements OutputTap {
  private final OutputStream out;

  private StreamTap(OutputStream out) {
    this.out = out;
  }

  /**
   * The same tap for each child.
   *
   * @param out where to
   * @return makes it
   */
  public static Opener to(OutputStream out) {
    return () -> new StreamTap(out);
  }

  @Override
  public void accept(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }
}
