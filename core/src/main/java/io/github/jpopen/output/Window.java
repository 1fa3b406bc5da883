package io.github.jpopen.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bytes at the front of an output that any thread takes without the lock of the conversation.
 *
 * <p>Each take moves the cursor by compare-and-set, so no byte is taken twice. Closing ends that at
 * the byte where the cursor stands; the output counts then what was taken. A closed window stays
 * closed. Text is taken only as long as no rule for malformed bytes matters. Thread-safe.
 */
public final class Window {
  private static final int CLOSED = -1;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final @Nullable Charset text;
  private final AtomicInteger next;

  /**
   * Opens a window.
   *
   * @param bytes never changed between start and end
   * @param start where the first byte is
   * @param end where the bytes end that have come
   * @param text UTF-8, ISO-8859-1 or US-ASCII; null if text must not be taken
   */
  Window(byte[] bytes, int start, int end, @Nullable Charset text) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.text = text;
    this.next = new AtomicInteger(start);
  }

  /**
   * Ends the window.
   *
   * @return how many bytes were taken from it
   */
  int close() {
    return next.getAndSet(CLOSED) - start;
  }

  /** How many bytes were taken so far. The window is open: the caller is the one that closes it. */
  int taken() {
    return next.get() - start;
  }

  /**
   * Takes one byte.
   *
   * @return 0 to 255; -1 if there is none
   */
  public int take() {
    while (true) {
      int at = next.get();
      if (at == CLOSED || at == end) {
        return -1;
      }
      if (next.compareAndSet(at, at + 1)) {
        return bytes[at] & 0xFF;
      }
    }
  }

  /**
   * Takes exactly that many bytes, or none.
   *
   * @param into where to
   * @param offset where in it to begin
   * @param length how many
   * @return false if there are fewer
   */
  public boolean take(byte[] into, int offset, int length) {
    while (true) {
      int at = next.get();
      if (at == CLOSED || end - at < length) {
        return false;
      }
      if (next.compareAndSet(at, at + length)) {
        System.arraycopy(bytes, at, into, offset, length);
        return true;
      }
    }
  }

  /**
   * Whether {@link #takeCharacter} would take something.
   *
   * @return at this moment
   */
  public boolean hasCharacter() {
    int at = next.get();
    return text != null && at != CLOSED && length(at) > 0;
  }

  /**
   * Takes one character.
   *
   * @return a UTF-16 unit, a newline for {@code "\r\n"} and {@code "\r"} as well; -1 if the next
   *     bytes are not a whole character of one unit
   */
  public int takeCharacter() {
    while (text != null) {
      int at = next.get();
      int length = at == CLOSED ? 0 : length(at);
      if (length == 0) {
        break;
      }
      if (next.compareAndSet(at, at + length)) {
        return character(at, length);
      }
    }
    return -1;
  }

  private int character(int at, int length) {
    byte first = bytes[at];
    if (first == '\r') {
      return '\n';
    }
    return switch (length) {
      case 2 -> ((first & 0x1F) << 6) | (bytes[at + 1] & 0x3F);
      case 3 -> ((first & 0x0F) << 12) | ((bytes[at + 1] & 0x3F) << 6) | (bytes[at + 2] & 0x3F);
      default -> first & 0xFF;
    };
  }

  /** How many bytes the character has; 0 if it is malformed, has two units, or may go on. */
  private int length(int at) {
    if (at == end) {
      return 0;
    }
    if (bytes[at] < 0) {
      return ISO_8859_1.equals(text) ? 1 : UTF_8.equals(text) ? sequence(at) : 0;
    }
    if (bytes[at] != '\r') {
      return 1;
    }
    if (at + 1 == end || bytes[at + 1] < 0) {
      return 0; // a newline may follow, perhaps after bytes that are ignored
    }
    return bytes[at + 1] == '\n' ? 2 : 1;
  }

  /** The length of a well-formed sequence of two or three bytes; 0 if there is none. */
  private int sequence(int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0xC2 || first > 0xEF) {
      return 0; // overlong, not a first byte, or four bytes
    }
    int length = first < 0xE0 ? 2 : 3;
    if (end - at < length || !follows(at + 1) || !follows(at + length - 1)) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    boolean overlong = first == 0xE0 && second < 0xA0;
    boolean surrogate = first == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : length;
  }

  private boolean follows(int at) {
    return (bytes[at] & 0xC0) == 0x80;
  }

  /**
   * Takes a line with its end.
   *
   * @return without the end; null if there is none, or not all of it, or it is not well-formed
   */
  public @Nullable String takeLine() {
    Charset charset = text;
    while (charset != null) {
      int at = next.get();
      int stop = at == CLOSED ? end : endOfLine(at);
      int length = stop == end ? 0 : length(stop);
      if (length == 0) {
        break;
      }
      String line = new String(bytes, at, stop - at, charset);
      if (line.indexOf('\uFFFD') >= 0) { // perhaps in place of malformed bytes
        break;
      }
      if (next.compareAndSet(at, stop + length)) {
        return line;
      }
    }
    return null;
  }

  private int endOfLine(int from) {
    int at = from;
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }
}
