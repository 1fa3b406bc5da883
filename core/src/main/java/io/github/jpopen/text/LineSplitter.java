package io.github.jpopen.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of the bytes of one stream, as they come. Not thread-safe.
 *
 * <p>A line ends with {@code "\n"}, {@code "\r\n"} or {@code "\r"}, wherever the bytes are divided.
 * One that ends with {@code "\r"} is handed out at once, and a {@code "\n"} that comes later does
 * not count.
 */
public final class LineSplitter {
  /** A longer line comes in parts, so that memory has a bound. */
  static final int LONGEST_LINE = 1 << 20;

  private final CharacterDecoder characters;
  private final StringBuilder text = new StringBuilder();
  private byte[] undecoded = {};
  private long decoded; // bytes
  private int start; // of the next line
  private int scanned; // no line ends before this
  private boolean skipLineFeed;
  private boolean ended;
  private @Nullable CharacterCodingException fault; // nothing can be decoded after it

  LineSplitter(Charset charset, ErrorPolicy errors) {
    this.characters = new CharacterDecoder(charset, errors);
  }

  /**
   * Adds bytes. Take all lines before more are added.
   *
   * @param bytes the next ones, from index 0
   * @param length how many of them count
   * @throws CharacterCodingException if the policy is to fail; lines before the fault are there
   */
  public void add(byte[] bytes, int length) throws CharacterCodingException {
    if (fault != null) {
      throw fault;
    }
    byte[] all = bytes;
    int count = length;
    if (undecoded.length > 0) {
      all = Arrays.copyOf(undecoded, undecoded.length + length);
      System.arraycopy(bytes, 0, all, undecoded.length, length);
      count = all.length;
    }
    decode(ByteBuffer.wrap(all, 0, count), false);
  }

  /**
   * Nothing follows. The last line may have no end.
   *
   * @param cutShort whether the stream itself goes on; an incomplete character is omitted then
   * @throws CharacterCodingException if the policy is to fail
   */
  public void end(boolean cutShort) throws CharacterCodingException {
    if (fault != null) {
      throw fault;
    }
    decode(ByteBuffer.wrap(undecoded), !cutShort);
    if (!cutShort) {
      characters.flush(text);
    }
    ended = true;
  }

  private void decode(ByteBuffer in, boolean last) throws CharacterCodingException {
    text.delete(0, start);
    scanned -= start;
    start = 0;
    try {
      characters.decodeAll(in, text, last, decoded);
    } catch (CharacterCodingException e) {
      fault = e;
      throw e;
    }
    decoded += in.position();
    undecoded = new byte[in.remaining()];
    in.get(undecoded);
  }

  /**
   * Takes the next line.
   *
   * @return without its end; null if no line is complete
   */
  public @Nullable String next() {
    while (scanned < text.length()) {
      char c = text.charAt(scanned++);
      if (skipLineFeed) {
        skipLineFeed = false;
        if (c == '\n') {
          start = scanned;
          continue;
        }
      }
      if (c == '\n' || c == '\r') {
        skipLineFeed = c == '\r';
        return take(scanned - 1);
      }
      if (scanned - start > LONGEST_LINE && !Character.isLowSurrogate(c)) {
        scanned--; // this character begins the next part
        return take(scanned);
      }
    }
    return ended && start < text.length() ? take(text.length()) : null;
  }

  private String take(int end) {
    String line = text.substring(start, end);
    start = scanned;
    return line;
  }
}
