package io.github.jpopen.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/**
 * Makes text of the bytes of one stream, piece by piece, with Python's error policies and universal
 * newlines.
 *
 * <p>Between the pieces it keeps the state of the charset, and whether a {@code "\r"} was handed
 * out as {@code "\n"}. In that case a {@code "\n"} after it does not count. Usually the source has
 * discarded that already, but ignored bytes may stand between the two. An {@link OutputReader}
 * takes lines from the front; {@link #finish} takes the rest. Not thread-safe.
 */
public final class TextDecoder {
  private final CharacterDecoder characters;
  private final LookAhead ahead = new LookAhead();
  private boolean skipLineFeed;
  private long consumed; // where the source is
  private int owed; // bytes that were handed out as characters and are not consumed yet

  TextDecoder(Charset charset, ErrorPolicy errors) {
    this.characters = new CharacterDecoder(charset, errors);
  }

  /**
   * Decodes everything that is left, after which this decoder is used up.
   *
   * @param rest the bytes that were not consumed, from index 0
   * @param length how many of the bytes count
   * @return the text
   * @throws CharacterCodingException if the policy is to fail, or if the text has more characters
   *     than a {@code String} can hold
   */
  public String finish(byte[] rest, int length) throws CharacterCodingException {
    String large =
        length >= BlockDecoder.LEAST && isBetweenCharacters()
            ? characters.decodeBlocks(rest, length)
            : null;
    if (large != null) {
      return large;
    }
    String text = characters.decodeRest(rest, ahead.bytes(), length, consumed);
    if (!ahead.isEmpty()) {
      text = ahead.text() + text;
    }
    return withNewlines(text);
  }

  /**
   * Decodes everything that is left of a stream whose end did not come, after which this decoder is
   * used up. An incomplete character at the end is omitted.
   *
   * @param rest the bytes that were not consumed, from index 0
   * @param length how many of the bytes count
   * @return the text
   * @throws CharacterCodingException as {@link #finish}
   */
  public String finishCutShort(byte[] rest, int length) throws CharacterCodingException {
    int from = ahead.bytes();
    int tail = characters.isAsciiBased() ? Math.max(from, lastLead(rest, length)) : from;
    var text = new StringBuilder(ahead.text());
    if (tail > from) {
      text.append(characters.decodeRest(rest, from, tail, consumed));
    }
    characters.decodeAll(ByteBuffer.wrap(rest, tail, length - tail), text, false, consumed);
    return withNewlines(text.toString());
  }

  /** Decodes the front of a stream that may go on; see {@link TextMode#decodePrefix}. */
  String prefix(byte[] bytes, int length) throws CharacterCodingException {
    int tail = characters.isAsciiBased() ? lastLead(bytes, length) : 0;
    var text = new StringBuilder(characters.decodeRest(bytes, 0, tail, 0));
    ByteBuffer rest = ByteBuffer.wrap(bytes, tail, length - tail);
    characters.decodeAll(rest, text, false, 0);
    if (!text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
      text.setLength(text.length() - 1);
    }
    return withNewlines(text.toString());
  }

  /**
   * Where an incomplete character at the end would begin: in UTF-8, one of the last three bytes.
   */
  private static int lastLead(byte[] bytes, int length) {
    for (int i = length - 1; i >= Math.max(0, length - 3); i--) {
      if ((bytes[i] & 0xff) >= 0xC0) {
        return i;
      }
    }
    return length;
  }

  private String withNewlines(String text) {
    String rest = skipLineFeed && text.startsWith("\n") ? text.substring(1) : text;
    int end = rest.indexOf('\r');
    if (end < 0) {
      return rest;
    }
    var lines = new StringBuilder(rest.length());
    int start = 0;
    while (end >= 0) {
      lines.append(rest, start, end).append('\n');
      start = rest.startsWith("\n", end + 1) ? end + 2 : end + 1;
      end = rest.indexOf('\r', start);
    }
    return lines.append(rest, start, rest.length()).toString();
  }

  /**
   * Moves to the first unconsumed byte. If others have consumed bytes since the last call, what was
   * decoded ahead is dropped, and decoded again as far as its bytes are left.
   *
   * @param position how many bytes were consumed
   */
  public void sync(long position) {
    if (position != consumed) {
      consumed = position;
      ahead.clear();
      skipLineFeed = false;
    }
  }

  // What follows is for OutputReader.

  /** How many bytes were handed out since the last {@link #settle}. */
  int owed() {
    return owed;
  }

  /** Whether a {@code "\r"} was handed out last, to which a {@code "\n"} would belong. */
  boolean awaitsLineFeed() {
    return skipLineFeed;
  }

  /** Whether ASCII bytes always mean ASCII characters. */
  boolean isAsciiBased() {
    return characters.isAsciiBased();
  }

  Charset charset() {
    return characters.charset();
  }

  /** Whether well-formed bytes that come next are the next characters. */
  boolean isBetweenCharacters() {
    return isAsciiBased() && ahead.isEmpty() && ahead.bytes() == 0 && !skipLineFeed && owed == 0;
  }

  /** How many bytes a {@code "\r"} has. */
  int newlineLength() {
    return characters.newlineLength();
  }

  /** The bytes of a {@code "\n"}; empty if that is not known. */
  byte[] lineFeed(byte[] carriageReturn) {
    return characters.lineFeed(carriageReturn);
  }

  /** How many bytes were handed out since the last call; the caller consumes them now. */
  int settle() {
    int bytes = owed;
    owed = 0;
    consumed += bytes;
    return bytes;
  }

  /** How many unconsumed bytes at the front are decoded already. */
  int aheadBytes() {
    return ahead.bytes();
  }

  boolean hasAhead() {
    return !ahead.isEmpty();
  }

  /** Whether the next line can be found among the bytes, before anything is decoded. */
  boolean canScanBytes() {
    // Ignored bytes may stand between a "\r" and its "\n".
    boolean hidden = skipLineFeed && characters.ignoresErrors();
    if (!characters.isAsciiBased() || ahead.startsHalfway() || hidden) {
      return false;
    }
    ahead.clear(); // costs nothing: such a charset has no state
    return true;
  }

  /** Whether a {@code "\n"} that comes next does not count; the answer is given once. */
  private boolean skipsLineFeed() {
    boolean skip = skipLineFeed;
    skipLineFeed = false;
    return skip;
  }

  /** Decodes a line that was found among the bytes. Nothing has happened if this throws. */
  String line(byte[] bytes, int length) throws CharacterCodingException {
    return characters.decodeRest(bytes, 0, length, consumed);
  }

  /** Notes that bytes were handed out; {@code halfNewline} if they end with a lone "\r". */
  void handedOut(int bytes, boolean halfNewline) {
    owed += bytes;
    skipLineFeed = halfNewline;
  }

  /** Decodes as much as fits; nothing may be decoded ahead. Returns how many characters. */
  int decode(ByteBuffer in, char[] into, int offset, int length) {
    CharBuffer out = CharBuffer.wrap(into, offset, length);
    int start = in.position();
    characters.decodeClean(in, out);
    ahead.charge(0, in.position() - start);
    if (out.position() > offset) {
      owed += ahead.removeUncharged();
    }
    return translate(into, offset, out.position() - offset);
  }

  /**
   * Decodes one character ahead, or the whole line.
   *
   * @param in the bytes that follow those decoded ahead
   * @param ended whether nothing will follow them
   * @return false if more bytes are needed
   */
  boolean decodeAhead(ByteBuffer in, boolean line, boolean ended) throws CharacterCodingException {
    while (true) {
      int before = ahead.text().length();
      int start = in.position();
      boolean decoded;
      try {
        long base = consumed + owed + ahead.bytes() - start;
        decoded = characters.decodeOne(in, ahead.text(), ended, base);
      } finally { // a byte order mark may have been read before malformed bytes
        ahead.charge(before, in.position() - start);
      }
      if (!decoded) {
        return false;
      }
      if (before == 0 && !ahead.isEmpty() && skipsLineFeed() && ahead.text().charAt(0) == '\n') {
        owed += ahead.remove(1);
      }
      if (line ? ahead.endsLine() : !ahead.isEmpty()) {
        return true;
      }
    }
  }

  /** Notes that the end was handed out, and with it the bytes that gave no character. */
  void handedOutEnd() {
    owed += ahead.removeUncharged();
    skipLineFeed = false;
  }

  boolean hasLineAhead() {
    return ahead.endsLine();
  }

  /** Hands out the line that was decoded ahead, even if it has no end yet. */
  String takeLine() {
    String line = ahead.text().substring(0, ahead.text().length() - (ahead.endsLine() ? 1 : 0));
    skipLineFeed = ahead.text().charAt(ahead.text().length() - 1) == '\r';
    owed += ahead.remove(ahead.text().length());
    return line;
  }

  /** Hands out characters that were decoded ahead. */
  int drain(char[] into, int offset, int length) {
    int count = Math.min(length, ahead.text().length());
    ahead.text().getChars(0, count, into, offset);
    owed += ahead.remove(count);
    return translate(into, offset, count);
  }

  private int translate(char[] text, int offset, int length) {
    int to = offset;
    for (int i = offset; i < offset + length; i++) {
      char c = text[i];
      if (c != '\n' || !skipLineFeed) {
        text[to++] = c == '\r' ? '\n' : c;
      }
      skipLineFeed = c == '\r';
    }
    return to - offset;
  }
}
