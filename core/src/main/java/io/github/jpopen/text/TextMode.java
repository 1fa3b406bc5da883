package io.github.jpopen.text;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  /**
   * Decodes the end of an output of which the middle or the beginning is not known.
   *
   * <p>A character that began before is omitted, where the charset shows that: in UTF-8, UTF-16 and
   * UTF-32, and in charsets of one byte a character. In others, malformed bytes never fail.
   *
   * @param bytes the output
   * @param from the first byte that is known
   * @param resumesAt the place of that byte in the whole output
   * @param ended whether nothing can follow; if not, an incomplete character at the end is omitted
   * @return the text
   * @throws CharacterCodingException as {@link #decode}
   */
  public String decodeAfterGap(byte[] bytes, int from, long resumesAt, boolean ended)
      throws CharacterCodingException {
    byte[] rest = wholeCharacters(bytes, from, resumesAt);
    TextMode mode = isSynchronizing() ? inOrderOf(bytes, from) : lenient();
    TextDecoder decoder = mode.newDecoder();
    return ended ? decoder.finish(rest, rest.length) : decoder.finishCutShort(rest, rest.length);
  }

  /**
   * As {@link #decodeAfterGap}, as well as possible.
   *
   * @param bytes the output
   * @param from the first byte that is known
   * @param resumesAt the place of that byte in the whole output
   * @param ended whether nothing can follow; if not, an incomplete character at the end is omitted
   * @return the text, which no malformed byte can prevent
   */
  public String decodeLenientlyAfterGap(byte[] bytes, int from, long resumesAt, boolean ended) {
    byte[] rest = wholeCharacters(bytes, from, resumesAt);
    return decodeLeniently(rest, rest.length, ended);
  }

  private byte[] wholeCharacters(byte[] bytes, int from, long resumesAt) {
    int start = from;
    if (charset.equals(StandardCharsets.UTF_8)) {
      int last = Math.min(bytes.length, from + 3);
      while (start < last && (bytes[start] & 0xC0) == 0x80) {
        start++;
      }
    } else if (unit() > 1) {
      start = Math.min(bytes.length, from + Math.floorMod(-(int) (resumesAt % unit()), unit()));
      int high = inOrderOf(bytes, from).charset.name().contains("16LE") ? start + 1 : start;
      if (unit() == 2 && high < bytes.length && (bytes[high] & 0xFC) == 0xDC) {
        start = Math.min(bytes.length, start + 2); // the second half of a character
      }
    }
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }

  /** How many bytes every character, or each half of it, has; 1 if it varies. */
  private int unit() {
    return charset.name().contains("UTF-16") ? 2 : charset.name().contains("UTF-32") ? 4 : 1;
  }

  /** Whether the bytes show where a character begins. */
  private boolean isSynchronizing() {
    return charset.equals(StandardCharsets.UTF_8) || unit() > 1 || isSingleByte();
  }

  private boolean isSingleByte() {
    return charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1.0f;
  }

  /** The same in the byte order that a mark at the beginning tells. */
  private TextMode inOrderOf(byte[] bytes, int known) {
    boolean little = known > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
    return little && charset.equals(StandardCharsets.UTF_16)
        ? new TextMode(StandardCharsets.UTF_16LE, errors)
        : this;
  }

  private TextMode lenient() {
    return errors == ErrorPolicy.STRICT ? new TextMode(charset, ErrorPolicy.REPLACE) : this;
  }

  private String decodeLeniently(byte[] bytes, int length, boolean ended) {
    TextDecoder lenient = lenient().newDecoder();
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

  /**
   * Makes a splitter for one stream of one child.
   *
   * @return at the beginning of the stream
   */
  public LineSplitter newSplitter() {
    return new LineSplitter(charset, errors);
  }
}
