package io.github.jpopen.text;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Locale;

/** Names the byte that could not be decoded; the JDK's own exceptions only count bytes. */
final class DecodingException extends CharacterCodingException {
  private static final long serialVersionUID = 1L;

  private final String message;

  private DecodingException(String message) {
    this.message = message;
  }

  static DecodingException malformed(Charset charset, byte first, long position) {
    return new DecodingException(
        String.format(
            Locale.ROOT,
            "byte 0x%02x at position %d cannot be decoded as %s",
            first & 0xff,
            position,
            charset.name()));
  }

  static DecodingException tooLong(int bytes) {
    return new DecodingException(
        "the text of " + bytes + " bytes is longer than a String can be: use bytes()");
  }

  @Override
  public String getMessage() {
    return message;
  }
}
