package io.github.jpopen.text;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How one command encodes and decodes text.
 *
 * @param charset of all its streams
 * @param errors what to do with bytes and characters that do not fit
 */
public record TextMode(Charset charset, ErrorPolicy errors) {
  private static final TextMode UTF_8 = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT);

  /**
   * The mode of a command.
   *
   * @param mode what is set, null if nothing is
   * @return the same; strict UTF-8 for null
   */
  public static TextMode orUtf8(@Nullable TextMode mode) {
    return mode == null ? UTF_8 : mode;
  }

  /**
   * Decodes all of an output at once, as Python's {@code communicate} does.
   *
   * <p>{@code "\r\n"} and then a lone {@code "\r"} become {@code "\n"}, on every system.
   *
   * @param bytes the output, from index 0
   * @param length how many of the bytes count
   * @return the text
   * @throws CharacterCodingException if the policy is to fail, or if the text has more characters
   *     than a {@code String} can hold
   */
  public String decode(byte[] bytes, int length) throws CharacterCodingException {
    return newDecoder().finish(bytes, length);
  }

  /**
   * Decodes all of an output, as well as possible.
   *
   * @param bytes the output, from index 0
   * @param length how many of the bytes count
   * @return as {@link #decode}, but {@link ErrorPolicy#STRICT} is treated as {@link
   *     ErrorPolicy#REPLACE}, and text that is too long for a {@code String} is cut off
   */
  public String decodeLeniently(byte[] bytes, int length) {
    return decodeLeniently(bytes, length, true);
  }

  /**
   * Decodes the beginning of an output that may go on, as well as possible.
   *
   * <p>An incomplete character at the end is omitted, and so is a {@code "\r"}, which may be half
   * of a {@code "\r\n"}.
   *
   * @param bytes the output so far, from index 0
   * @param length how many of the bytes count
   * @return the text of the front part, otherwise as {@link #decodeLeniently}
   */
  public String decodePrefix(byte[] bytes, int length) {
    return decodeLeniently(bytes, length, false);
  }

  private String decodeLeniently(byte[] bytes, int length, boolean ended) {
    TextDecoder lenient =
        new TextDecoder(charset, errors == ErrorPolicy.STRICT ? ErrorPolicy.REPLACE : errors);
    try {
      return ended ? lenient.finish(bytes, length) : lenient.prefix(bytes, length);
    } catch (CharacterCodingException e) {
      return errors == ErrorPolicy.SURROGATE_ESCAPE // of a byte below 0x80
          ? new TextMode(charset, ErrorPolicy.REPLACE).decodeLeniently(bytes, length, ended)
          : decodePrefix(bytes, length / 2); // too long for a String
    }
  }

  /**
   * Makes a decoder for one stream of one child.
   *
   * @return at the beginning of the stream
   */
  public TextDecoder newDecoder() {
    return new TextDecoder(charset, errors);
  }
}
