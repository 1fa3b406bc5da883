package io.github.jpopen.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * A decoder of UTF-32 for which encoded surrogates are malformed, as they are for Unicode and for
 * Python; the JDK's takes them for characters.
 */
final class Utf32Decoder extends CharsetDecoder {
  private static final int UNIT = 4;

  private final CharsetDecoder jdk;

  Utf32Decoder(Charset charset) {
    super(charset, 1f / UNIT, 1);
    this.jdk = charset.newDecoder();
  }

  @Override
  protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
    while (in.remaining() >= UNIT) {
      int start = out.position();
      CoderResult result = decodeUnit(in, out);
      if (!result.isUnderflow()) {
        return result;
      }
      // The two halves of a supplementary character come together; a byte order mark is nothing.
      if (out.position() == start + 1 && Character.isSurrogate(out.get(start))) {
        out.position(start);
        in.position(in.position() - UNIT);
        return CoderResult.malformedForLength(UNIT);
      }
    }
    return CoderResult.UNDERFLOW;
  }

  /** One at a time: whether two surrogates were encoded as one character shows nowhere else. */
  private CoderResult decodeUnit(ByteBuffer in, CharBuffer out) {
    int limit = in.limit();
    in.limit(in.position() + UNIT);
    try {
      return jdk.decode(in, out, false);
    } finally {
      in.limit(limit);
    }
  }

  @Override
  protected void implReset() {
    jdk.reset();
  }
}
