package io.github.jpopen.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.Locale;

/**
 * A charset's encoder with Python's error policies. Keeps the state of the charset (whether its
 * byte order mark was written, a shift state) and knows nothing about newlines.
 */
final class CharacterEncoder {
  private final ErrorPolicy errors;
  private final CharsetEncoder encoder; // a new encoder reports errors, as needed here
  private final boolean wide;
  private boolean started;
  private ByteBuffer out = ByteBuffer.allocate(0);

  CharacterEncoder(Charset charset, ErrorPolicy errors) {
    this.errors = errors;
    this.encoder = charset.newEncoder();
    this.wide = charset.name().contains("UTF-16") || charset.name().contains("UTF-32");
  }

  /**
   * Encodes all of the text.
   *
   * @param complete whether the charset should return to its initial state afterwards
   * @throws UnencodableException by policy; the encoder is then where it was
   */
  byte[] encode(String text, boolean complete) throws UnencodableException {
    CharBuffer in = CharBuffer.wrap(text);
    out = ByteBuffer.allocate((int) (in.remaining() * (double) encoder.averageBytesPerChar()) + 16);
    boolean encoded = false;
    try {
      CoderResult result = convert(in, false);
      while (in.hasRemaining()) {
        applyPolicy(in, result);
        result = convert(in, false);
      }
      if (complete) {
        convert(in, true);
        while (encoder.flush(out).isOverflow()) {
          grow();
        }
      }
      encoded = true;
      started |= out.position() > 0;
      return Arrays.copyOf(out.array(), out.position());
    } finally {
      out = ByteBuffer.allocate(0);
      if (complete || !encoded) {
        restart();
      }
    }
  }

  /** Puts the encoder at the start of a text, but not of a second stream. */
  private void restart() {
    encoder.reset();
    if (started) { // let it write its byte order mark into the void
      encoder.encode(CharBuffer.wrap("a"), ByteBuffer.allocate(32), false);
    }
  }

  private CoderResult convert(CharBuffer in, boolean complete) {
    CoderResult result = encoder.encode(in, out, complete);
    while (result.isOverflow()) {
      grow();
      result = encoder.encode(in, out, complete);
    }
    return result;
  }

  private void grow() {
    int capacity = (int) Math.min(2L * out.capacity() + 16, Integer.MAX_VALUE - 16);
    if (capacity == out.capacity()) {
      throw new OutOfMemoryError("encoded text is longer than an array can be");
    }
    out = ByteBuffer.allocate(capacity).put(out.flip());
  }

  private void applyPolicy(CharBuffer in, CoderResult result) throws UnencodableException {
    int index = in.position();
    // The encoder does not know of the end, so it leaves a high surrogate there: one character.
    int length = result.isUnderflow() ? in.remaining() : result.length();
    int character = Character.codePointAt(in, 0);
    switch (errors) {
      case STRICT -> throw new UnencodableException(index);
      case REPLACE -> convert(CharBuffer.wrap("?"), false);
      case IGNORE -> {}
      case SURROGATE_ESCAPE -> {
        if (wide || character < 0xDC80 || character > 0xDCFF) {
          throw new UnencodableException(index);
        }
        if (!out.hasRemaining()) {
          grow();
        }
        out.put((byte) (character - 0xDC00));
      }
      case BACKSLASH_REPLACE -> convert(CharBuffer.wrap(escape(character)), false);
    }
    in.position(index + length);
  }

  private static String escape(int character) {
    String format = character > 0xFFFF ? "\\U%08x" : character > 0xFF ? "\\u%04x" : "\\x%02x";
    return String.format(Locale.ROOT, format, character);
  }

  /** The policy forbids to encode a character. */
  static final class UnencodableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;

    UnencodableException(int index) {
      super(null, null, false, false);
      this.index = index;
    }

    int index() {
      return index;
    }
  }
}
