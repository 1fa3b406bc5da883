package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the text for one child, with Python's error policies.
 *
 * <p>All input of the child goes through one encoder, so a byte order mark is written once, at the
 * very start. {@code "\n"} becomes the line separator. Thread-safe.
 */
public final class TextEncoder {
  private static final byte[] NOTHING = {};

  private final TextMode mode;
  private final Charset charset;
  private final String lineSeparator;
  private final boolean asciiBased;
  private @Nullable CharacterEncoder characters; // made when needed: some charsets only decode

  /** A high surrogate whose other half did not come yet. Written with the monitor held. */
  private volatile String held = "";

  /**
   * Makes an encoder at the start of an input.
   *
   * @param mode the charset and the policy
   * @param lineSeparator what {@code "\n"} becomes
   */
  public TextEncoder(TextMode mode, String lineSeparator) {
    this.mode = mode;
    this.charset = mode.charset();
    this.lineSeparator = lineSeparator;
    this.asciiBased =
        charset.equals(UTF_8) || charset.equals(ISO_8859_1) || charset.equals(US_ASCII);
  }

  /**
   * Whether a character, if it comes next, is encoded as the byte with its number. Does not wait
   * for threads that encode.
   *
   * @param character a UTF-16 unit
   * @return false if that is not known
   */
  boolean isByte(int character) {
    return asciiBased
        && held.isEmpty()
        && character < 0x80
        && (character != '\n' || lineSeparator.equals("\n"));
  }

  /**
   * Makes an encoder for the input of one child, with this system's line separator.
   *
   * @param mode the charset and the policy
   * @return at the beginning of the input
   */
  public static TextEncoder of(TextMode mode) {
    return new TextEncoder(mode, System.lineSeparator());
  }

  /**
   * Encodes the last piece of a text.
   *
   * @param text if it ends in half a character, that is not kept for a next piece
   * @return the bytes
   * @throws IllegalArgumentException if the policy is to fail, or if the charset only decodes; this
   *     encoder is then as before
   */
  public byte[] encode(String text) {
    return encode(text, true);
  }

  /**
   * Encodes text that may go on with the other half of its last character.
   *
   * @param text a piece
   * @return the bytes of all characters that are whole
   * @throws IllegalArgumentException if the policy is to fail, or if the charset only decodes; this
   *     encoder is then as before
   */
  public byte[] encodePart(String text) {
    return encode(text, false);
  }

  /**
   * Ends the text. Half a character at the end is dropped, even if this throws.
   *
   * @return what the charset wants at the end of a text
   * @throws IllegalArgumentException if the text ends in half a character and the policy is to fail
   */
  public synchronized byte[] end() {
    try {
      return encode("", true);
    } finally {
      held = "";
    }
  }

  private synchronized byte[] encode(String text, boolean complete) {
    String whole = held.isEmpty() ? text : held + text;
    int end = whole.length();
    if (!complete && end > 0 && Character.isHighSurrogate(whole.charAt(end - 1))) {
      end--;
    }
    String now = whole.substring(0, end);
    if (!lineSeparator.equals("\n")) {
      now = now.replace("\n", lineSeparator);
    }
    if (now.isEmpty() && characters == null) {
      held = whole;
      return NOTHING;
    }
    byte[] bytes = encodeClean(now);
    if (bytes == null) {
      try {
        bytes = characters().encode(now, complete);
      } catch (CharacterEncoder.UnencodableException e) {
        throw new IllegalArgumentException(
            "input cannot be encoded in "
                + charset.name()
                + " at index "
                + Math.max(0, original(now, e.index()) - held.length()));
      }
    }
    held = whole.substring(end);
    return bytes;
  }

  private CharacterEncoder characters() {
    if (characters == null) {
      if (!charset.canEncode()) {
        throw new IllegalArgumentException(
            "input cannot be encoded in " + charset.name() + ", which only decodes");
      }
      characters = new CharacterEncoder(charset, mode.errors());
    }
    return characters;
  }

  /** Lets the JDK's fast path do it; null if that had to replace anything. */
  private byte @Nullable [] encodeClean(String text) {
    if (!asciiBased) {
      return null;
    }
    byte[] bytes = text.getBytes(charset);
    int replaced = 0; // each of these became a '?' more
    for (byte b : bytes) {
      replaced += b == '?' ? 1 : 0;
    }
    for (int at = text.indexOf('?'); at >= 0; at = text.indexOf('?', at + 1)) {
      replaced--;
    }
    return replaced == 0 ? bytes : null;
  }

  /** The index before line separators were put in. */
  private int original(String translated, int index) {
    int original = index;
    for (int i = 0; i + lineSeparator.length() <= index; i++) {
      if (translated.startsWith(lineSeparator, i)) {
        original -= lineSeparator.length() - 1;
      }
    }
    return original;
  }
}
