package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A charset's decoder with Python's error policies. Keeps the state of the charset (the byte order,
 * a shift state) and knows nothing about newlines.
 *
 * <p>The {@link CharsetDecoder} inside learns of the end only when nothing is left to decode,
 * because it refuses to go on afterwards. Until then incomplete bytes at the end are handled here.
 */
final class CharacterDecoder {
  // More characters than this fit into a String only if all of them are Latin-1.
  private static final int MOST_WIDE_CHARACTERS = (1 << 30) - 16;

  // EBCDIC has the "\r" of ASCII, and one of the others for "\n".
  private static final byte[] LINE_FEEDS = {'\n', 0x15, 0x25};

  private final Charset charset;
  private final ErrorPolicy errors;
  private final CharsetDecoder decoder; // a new decoder reports errors, as needed here
  private final CharBuffer single = CharBuffer.allocate(8);

  CharacterDecoder(Charset charset, ErrorPolicy errors) {
    this.charset = charset;
    this.errors = errors;
    this.decoder =
        charset.name().contains("UTF-32") ? new Utf32Decoder(charset) : charset.newDecoder();
  }

  Charset charset() {
    return charset;
  }

  /** Whether ASCII bytes always mean ASCII characters and no state goes from one to the next. */
  boolean isAsciiBased() {
    return charset.equals(UTF_8) || charset.equals(ISO_8859_1) || charset.equals(US_ASCII);
  }

  boolean ignoresErrors() {
    return errors == ErrorPolicy.IGNORE;
  }

  /** How many bytes a carriage return or a line feed has. */
  int newlineLength() {
    return charset.name().contains("UTF-16") ? 2 : charset.name().contains("UTF-32") ? 4 : 1;
  }

  /**
   * The bytes of a line feed, in the byte order of a carriage return; empty if the charset has none
   * of that length.
   */
  byte[] lineFeed(byte[] carriageReturn) {
    for (byte candidate : LINE_FEEDS) {
      byte[] lineFeed = carriageReturn.clone();
      for (int i = 0; i < lineFeed.length; i++) {
        if (lineFeed[i] == '\r') {
          lineFeed[i] = candidate;
        }
      }
      if (lineFeed.length > 1 || new String(lineFeed, charset).equals("\n")) {
        return lineFeed;
      }
    }
    return new byte[0];
  }

  /**
   * Decodes until {@code out} is full, or {@code in} begins with an incomplete or malformed
   * character.
   */
  void decodeClean(ByteBuffer in, CharBuffer out) {
    decoder.decode(in, out, false);
  }

  /**
   * Decodes one character or applies the policy once, which may add no character or several.
   *
   * @param ended whether nothing will follow the bytes
   * @param base the place of index 0 in the whole stream, for messages
   * @return false if more bytes are needed, or none are left
   */
  boolean decodeOne(ByteBuffer in, StringBuilder out, boolean ended, long base)
      throws CharacterCodingException {
    CoderResult result = CoderResult.OVERFLOW;
    for (int room = 1; room <= single.capacity() && result.isOverflow(); room *= 2) {
      result = decoder.decode(in, single.clear().limit(room), false);
      if (single.position() > 0) { // one, or the two halves of a supplementary character
        out.append(single.array(), 0, single.position());
        return true;
      }
    }
    if (result.isUnderflow() && !(ended && in.hasRemaining())) {
      return ended && flush(out);
    }
    applyPolicy(in, result, out, base);
    return true;
  }

  /** Ends the text; false if the charset had kept nothing back. */
  boolean flush(StringBuilder out) {
    CharBuffer last = CharBuffer.allocate(16);
    decoder.decode(ByteBuffer.allocate(0), last, true);
    decoder.flush(last);
    decoder.reset();
    out.append(last.flip());
    return last.hasRemaining();
  }

  /** The text of everything from index 0 on, with newlines; null if it needs a closer look. */
  @Nullable String decodeBlocks(byte[] bytes, int length) {
    try {
      return isAsciiBased() ? BlockDecoder.decode(charset, bytes, length) : null;
    } catch (OutOfMemoryError e) {
      if (length > MOST_WIDE_CHARACTERS) {
        return null; // known to be too long for a String only when it was counted
      }
      throw e;
    }
  }

  /** Decodes everything up to {@code to}, which is the end, or where a new character begins. */
  String decodeRest(byte[] bytes, int from, int to, long base) throws CharacterCodingException {
    int length = to - from;
    try {
      String text = isAsciiBased() ? decodeFast(bytes, from, length) : null;
      return text == null ? decodeExactly(bytes, from, length, base) : text;
    } catch (OutOfMemoryError e) {
      if (length > MOST_WIDE_CHARACTERS) {
        throw DecodingException.tooLong(length);
      }
      throw e;
    }
  }

  /** Lets the JDK's fast path do it; null if that replaced something or had no room. */
  private @Nullable String decodeFast(byte[] bytes, int from, int length) {
    try {
      String text = new String(bytes, from, length, charset);
      return text.indexOf('\uFFFD') < 0 ? text : null; // known at once if it is Latin-1 inside
    } catch (OutOfMemoryError e) {
      if (length > MOST_WIDE_CHARACTERS) {
        return null; // it wants room for as many characters as there are bytes
      }
      throw e;
    }
  }

  private String decodeExactly(byte[] bytes, int from, int length, long base)
      throws CharacterCodingException {
    if (isAsciiBased()) {
      decoder.reset(); // no state to lose, and maybe an error before
    }
    var text = new StringBuilder(Math.min(length, MOST_WIDE_CHARACTERS));
    decodeAll(ByteBuffer.wrap(bytes, from, length), text, true, base);
    flush(text);
    return text.toString();
  }

  /** Decodes whole characters, and an incomplete one at the end if nothing will follow. */
  void decodeAll(ByteBuffer in, StringBuilder out, boolean ended, long base)
      throws CharacterCodingException {
    CharBuffer chunk = CharBuffer.allocate(Math.min(8192, in.remaining()) + 16);
    while (true) {
      CoderResult result = decoder.decode(in, chunk.clear(), false);
      out.append(chunk.array(), 0, chunk.position());
      if (result.isUnderflow() && !(ended && in.hasRemaining())) {
        return;
      }
      if (!result.isOverflow()) {
        applyPolicy(in, result, out, base);
      }
    }
  }

  private void applyPolicy(ByteBuffer in, CoderResult result, StringBuilder out, long base)
      throws CharacterCodingException {
    int end = in.position() + malformedLength(in, result);
    if (isReversedMark(in, result)) {
      out.append('\uFFFE');
      in.position(end);
      return;
    }
    switch (errors) {
      case STRICT -> throw malformed(in, base);
      case REPLACE -> out.append('\uFFFD');
      case IGNORE -> {}
      case SURROGATE_ESCAPE -> {
        for (int i = in.position(); i < end; i++) {
          if (in.get(i) >= 0) { // ASCII is never escaped: it is read again as a character
            end = i;
          } else {
            out.append((char) (0xDC00 + (in.get(i) & 0xff)));
          }
        }
        if (end == in.position()) {
          throw malformed(in, base);
        }
      }
      case BACKSLASH_REPLACE -> {
        for (int i = in.position(); i < end; i++) {
          out.append("\\x").append(HexFormat.of().toHexDigits(in.get(i)));
        }
      }
    }
    in.position(end);
  }

  private DecodingException malformed(ByteBuffer in, long base) {
    return DecodingException.malformed(charset, in.get(in.position()), base + in.position());
  }

  /** How many bytes are malformed: what the JDK says, except where it takes too many. */
  private int malformedLength(ByteBuffer in, CoderResult result) {
    int length = result.isUnderflow() ? in.remaining() : result.length();
    int first = in.get(in.position()) & 0xff;
    if (length > 1 && charset.equals(UTF_8)) {
      // An encoded surrogate: 0xED cannot be followed by 0xA0 to 0xBF, so it stands alone.
      return first == 0xED && (in.get(in.position() + 1) & 0xff) >= 0xA0 ? 1 : length;
    }
    // A high surrogate without a low one must not take the next character with it.
    return length == 4 && charset.name().contains("UTF-16") ? 2 : length;
  }

  /** U+FFFE in UTF-16 is a character like any other for Python and for Unicode, not for the JDK. */
  private boolean isReversedMark(ByteBuffer in, CoderResult result) {
    return result.isMalformed()
        && result.length() == 2
        && charset.name().contains("UTF-16")
        && (in.get(in.position()) ^ in.get(in.position() + 1)) == 1 // 0xFE and 0xFF
        && in.get(in.position()) >= (byte) 0xFE
        && in.get(in.position()) < 0;
  }
}
