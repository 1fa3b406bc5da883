package io.github.jpopen;

/**
 * What happens to bytes that are no text in the charset, and to text that the charset cannot say.
 *
 * <p>These are Python's error handlers ("Error Handlers" in the documentation of its module {@code
 * codecs}) under Java's spelling. On the way in, "malformed bytes" are those that no decoding rule
 * of the charset accepts; in UTF-8 the longest run that begins a character and cannot end it counts
 * as one, as Unicode recommends. On the way out, a surrogate without its partner can be said in no
 * charset.
 */
public enum TextErrors {
  /**
   * Python's {@code 'strict'}: an error. The default.
   *
   * <p>Decoding fails with a {@link java.nio.charset.CharacterCodingException}, encoding with an
   * {@link IllegalArgumentException}.
   */
  STRICT,

  /**
   * Python's {@code 'replace'}: a mark takes the place.
   *
   * <p>Decoding gives one U+FFFD for each malformed run of bytes, encoding one {@code ?} for each
   * character.
   */
  REPLACE,

  /**
   * Python's {@code 'ignore'}: left out, without a trace.
   *
   * <p>Decoding drops the malformed bytes, encoding drops the character.
   */
  IGNORE,

  /**
   * Python's {@code 'surrogateescape'}: any bytes survive decoding and encoding unchanged.
   *
   * <p>Decoding gives the lone surrogate U+DC00 + b for each malformed byte b from 0x80 to 0xFF (so
   * U+DC80 to U+DCFF), encoding turns it back into the byte. What the escape has no place for is an
   * error as with {@link #STRICT}: a malformed byte below 0x80 (possible in a few charsets of East
   * Asia), any other character that cannot be encoded, and encoding a byte into UTF-16 or UTF-32.
   */
  SURROGATE_ESCAPE,

  /**
   * Python's {@code 'backslashreplace'}: shown as an escape sequence in plain ASCII.
   *
   * <p>Decoding gives {@code \xNN} for each malformed byte; encoding gives the shortest of {@code
   * \xNN}, <code>&#92;uNNNN</code> and {@code \UNNNNNNNN} for the character. Digits are lower case.
   */
  BACKSLASH_REPLACE
}
