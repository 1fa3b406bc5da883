package io.github.jpopen.text;

import java.io.IOException;
import java.io.Writer;
import java.util.Objects;

/**
 * Writes text to the input of a child.
 *
 * <p>Keeps nothing back except for the first half of a surrogate pair; the stream does all other
 * buffering. Text that cannot be encoded throws {@link IllegalArgumentException}, and none of it is
 * written. If a write is interrupted ({@link java.io.InterruptedIOException}), all of its text was
 * accepted.
 */
public final class InputWriter extends Writer {
  private final StdinSink stream;
  private final TextEncoder encoder;

  /**
   * Makes the one writer of an input.
   *
   * @param stream gets the bytes, and is closed with this writer
   * @param encoder of all input of this child
   */
  public InputWriter(StdinSink stream, TextEncoder encoder) {
    this.stream = stream;
    this.encoder = encoder;
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, text.length);
    write(new String(text, offset, length));
  }

  @Override
  public void write(int character) throws IOException {
    char unit = (char) character;
    // Without the lock of this writer: it comes before the text that another thread is writing, or
    // after it.
    if (!encoder.isByte(unit) || !stream.offer(unit)) {
      write(String.valueOf(unit));
    }
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, text.length());
    write(text.substring(offset, offset + length));
  }

  @Override
  public void write(String text) throws IOException {
    synchronized (lock) {
      stream.writeWhole(encoder.encodePart(text));
    }
  }

  @Override
  public void flush() throws IOException {
    synchronized (lock) {
      stream.flush();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (lock) {
      try (stream) {
        byte[] rest = encoder.end();
        if (rest.length > 0) {
          stream.writeWhole(rest);
        }
      }
    }
  }
}
