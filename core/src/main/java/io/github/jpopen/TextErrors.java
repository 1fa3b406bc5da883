package io.github.jpopen;

import io.github.jpopen.text.ErrorPolicy;

/**
 * What happens to bytes that are not text in the charset, and to characters that the charset cannot
 * encode.
 *
 * {@snippet file="CommandSnippets.java" region="textErrors" :
 * Command<byte[]> latin1 = Command.of("printf", "caf\\351"); // 0xE9 is not UTF-8
 * String marked = latin1.text(UTF_8, TextErrors.REPLACE).checkOutput(); // "caf" and U+FFFD
 * String shown = latin1.text(UTF_8, TextErrors.BACKSLASH_REPLACE).checkOutput(); // "caf\\xe9"
 * }
 *
 * <p>These are Python's error handlers ("Error Handlers" in the documentation of its module {@code
 * codecs}), spelled as in Java.
 *
 * <ul>
 *   <li><em>Decoding:</em> malformed bytes are those that no rule of the charset accepts. In UTF-8,
 *       the longest sequence that begins a character and cannot complete it counts as one, as
 *       Unicode recommends.
 *   <li><em>Encoding:</em> an unpaired surrogate cannot be encoded in any charset.
 * </ul>
 *
 * @since 0.1
 */
public enum TextErrors {
  /**
   * Python's {@code 'strict'}: an error. This is the default.
   *
   * <p>Decoding fails with a {@link java.nio.charset.CharacterCodingException}, encoding with an
   * {@link IllegalArgumentException}.
   */
  STRICT(ErrorPolicy.STRICT),

  /**
   * Python's {@code 'replace'}: a mark in its place.
   *
   * <p>Decoding gives one U+FFFD for each malformed sequence of bytes, encoding one {@code ?} for
   * each character.
   */
  REPLACE(ErrorPolicy.REPLACE),

  /**
   * Python's {@code 'ignore'}: omitted without a trace.
   *
   * <p>Decoding omits the malformed bytes, encoding omits the character.
   */
  IGNORE(ErrorPolicy.IGNORE),

  /**
   * Python's {@code 'surrogateescape'}: bytes survive decoding and encoding unchanged.
   *
   * <p>Decoding gives the unpaired surrogate U+DC00 + b for each malformed byte b from 0x80 to
   * 0xFF, and encoding turns it back into the byte. Whatever the escape cannot represent is an
   * error, as with {@link #STRICT}:
   *
   * <ul>
   *   <li>a malformed byte below 0x80, which a few East Asian charsets have;
   *   <li>any other character that cannot be encoded;
   *   <li>encoding such a byte in UTF-16 or UTF-32.
   * </ul>
   */
  SURROGATE_ESCAPE(ErrorPolicy.SURROGATE_ESCAPE),

  /**
   * Python's {@code 'backslashreplace'}: an escape sequence in plain ASCII.
   *
   * <p>Decoding gives {@code \xNN} for each malformed byte. Encoding gives the shortest of {@code
   * \xNN}, <code>&#92;uNNNN</code> and {@code \UNNNNNNNN} for the character. Digits are in lower
   * case.
   */
  BACKSLASH_REPLACE(ErrorPolicy.BACKSLASH_REPLACE);

  private final ErrorPolicy policy;

  TextErrors(ErrorPolicy policy) {
    this.policy = policy;
  }

  /** What the inner packages know of it. */
  ErrorPolicy policy() {
    return policy;
  }
}
