package io.github.jpopen.contract;

import java.io.IOException;
import java.io.InputStream;

/** A stream that fails as soon as it is read. */
final class BrokenSource extends InputStream {
  private final Exception error;

  BrokenSource(IOException error) {
    this.error = error;
  }

  BrokenSource(RuntimeException error) {
    this.error = error;
  }

  @Override
  public int read() throws IOException {
    if (error instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw (IOException) error;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return read();
  }
}
