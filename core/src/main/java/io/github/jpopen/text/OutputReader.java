package io.github.jpopen.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads text from an output of a child, and consumes only the bytes that it hands out as text.
 *
 * <p>Despite the name of its superclass it has no buffer, so {@code communicate} gets all the rest
 * afterwards. {@code "\r\n"} and {@code "\r"} are read as {@code "\n"}. Bytes that a strict charset
 * refuses throw each time, and are not consumed.
 */
public final class OutputReader extends BufferedReader {
  private static final int LARGEST_WINDOW = 8192;
  private static final int SMALLEST_WINDOW = 256;

  private static final byte[] LINE_FEED = {'\n'};

  private final UnreadBytes source;
  private final TextDecoder decoder;
  private volatile boolean closed;
  private byte[] window = new byte[SMALLEST_WINDOW];
  private int guess =
      SMALLEST_WINDOW; // how much to peek at first, from the length of the last line

  /**
   * Makes the one reader of a stream.
   *
   * @param source of the bytes
   * @param decoder that will also decode what this reader leaves
   */
  public OutputReader(UnreadBytes source, TextDecoder decoder) {
    super(Reader.nullReader(), 1); // every method that would use this reader is overridden
    this.source = source;
    this.decoder = decoder;
  }

  @Override
  public int read() throws IOException {
    int character = closed ? -1 : source.takeCharacter();
    return character >= 0 ? character : readOne();
  }

  private int readOne() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    source.beginReading();
    try {
      int count = readSome(into, offset, length);
      if (length == 1) {
        offer();
      }
      return count;
    } finally {
      source.endReading();
    }
  }

  private void offer() {
    if (decoder.isBetweenCharacters()) {
      source.offerText(decoder.charset());
    }
  }

  private int readSome(char[] into, int offset, int length) throws IOException {
    begin();
    int count = 0;
    while (count == 0 && length > 0) {
      if (!decoder.hasAhead()) {
        // Not more bytes than characters are wanted, but enough for one in any charset.
        ByteBuffer in = fill(decoder.aheadBytes(), Math.clamp(length, 16, LARGEST_WINDOW));
        count = decoder.decode(in, into, offset, length);
        if (count > 0 || in.position() > 0) {
          settle();
          continue;
        }
        // Nothing there, half a character, a malformed one, or room for half a character only.
        if (!decodeAhead(false)) {
          end();
          return -1;
        }
      }
      count = decoder.drain(into, offset, length);
      settle();
      if (count < length && !decoder.hasAhead()) { // what has come as well, like BufferedReader
        ByteBuffer in = fill(decoder.aheadBytes(), Math.clamp(length - count, 16, LARGEST_WINDOW));
        count += decoder.decode(in, into, offset + count, length - count);
        settle();
      }
    }
    return count;
  }

  @Override
  public @Nullable String readLine() throws IOException {
    String taken = closed ? null : source.takeLine();
    if (taken != null) {
      return taken;
    }
    source.beginReading();
    try {
      begin();
      if (decoder.canScanBytes()) {
        String line = scanLine();
        offer();
        return line;
      }
      if (!decoder.hasLineAhead() && !decodeAhead(true) && !decoder.hasAhead()) {
        end();
        return null;
      }
      String line = decoder.takeLine();
      settle();
      return line;
    } finally {
      source.endReading();
    }
  }

  /** Finds the end of the line among the bytes and decodes them at once. */
  private @Nullable String scanLine() throws IOException {
    if (!source.await(0)) {
      return null;
    }
    int scanned = 0;
    int size = guess;
    while (true) {
      ByteBuffer in = fill(scanned, size);
      int count = in.remaining();
      for (int i = 0; i < count; i++) {
        if (window[i] == '\n' || window[i] == '\r') {
          return takeLine(scanned, i, window[i] == '\r');
        }
      }
      scanned += count;
      size = LARGEST_WINDOW;
      if (count == 0 && !source.await(scanned)) {
        return scanned == 0 ? null : takeRest(scanned);
      }
    }
  }

  private String takeLine(int scanned, int end, boolean carriageReturn) throws IOException {
    int length = scanned + end;
    String line = decoder.line(scanned == 0 ? window : front(length), length);
    guess = Math.clamp(4L * Integer.highestOneBit(length), SMALLEST_WINDOW, LARGEST_WINDOW);
    decoder.handedOut(length + 1, carriageReturn);
    settle();
    return line;
  }

  private @Nullable String takeRest(int length) throws IOException {
    String line = decoder.line(front(length), length);
    decoder.handedOut(length, false);
    settle();
    return line.isEmpty() ? null : line; // empty if the policy ignored everything
  }

  /** Decodes one character ahead, or a whole line; false if the output ended first. */
  private boolean decodeAhead(boolean line) throws IOException {
    while (true) {
      ByteBuffer in = fill(decoder.aheadBytes(), line ? LARGEST_WINDOW : 32);
      boolean found = decode(in, line, false);
      if (found) {
        return true;
      }
      if (!source.await(decoder.aheadBytes() + in.remaining())) {
        return decode(fill(decoder.aheadBytes(), in.remaining()), line, true);
      }
    }
  }

  private boolean decode(ByteBuffer in, boolean line, boolean ended)
      throws CharacterCodingException {
    try {
      return decoder.decodeAhead(in, line, ended);
    } finally {
      settle();
    }
  }

  @Override
  public boolean ready() throws IOException {
    if (!closed && source.hasCharacter()) {
      return true;
    }
    if (!source.tryReading()) {
      return false; // a read would wait at least for the thread that is reading
    }
    try {
      begin();
      if (decoder.hasAhead()) {
        return true;
      }
      if (decodesWhatIsThere()) {
        return true;
      }
      // Maybe half a character.
      source.poll(decoder.aheadBytes() + fill(decoder.aheadBytes(), 32).remaining());
      return decodesWhatIsThere();
    } catch (CharacterCodingException e) {
      return true; // a read would not wait for anything before it throws the same
    } finally {
      source.endReading();
    }
  }

  private boolean decodesWhatIsThere() throws CharacterCodingException {
    boolean atEnd = source.atEnd(); // asked first: then no byte can come between
    ByteBuffer in = fill(decoder.aheadBytes(), 32);
    return decode(in, false, false) || (atEnd && decode(in, false, true));
  }

  @Override
  public long skip(long characters) throws IOException {
    if (characters < 0) {
      throw new IllegalArgumentException("cannot skip " + characters + " characters");
    }
    char[] discarded = new char[Math.clamp(characters, 1, LARGEST_WINDOW)];
    long left = characters;
    while (left > 0) {
      int count = read(discarded, 0, (int) Math.min(left, discarded.length));
      if (count < 0) {
        break;
      }
      left -= count;
    }
    return characters - left;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void mark(int readAheadLimit) throws IOException {
    throw new IOException("mark is not supported: this reader keeps no text that it has returned");
  }

  @Override
  public void reset() throws IOException {
    throw new IOException("reset is not supported: this reader keeps no text that it has returned");
  }

  /** Closes the output; does not wait for a thread that is reading. */
  @Override
  public void close() throws IOException {
    closed = true;
    source.close();
  }

  private ByteBuffer fill(int from, int size) {
    if (window.length < size) {
      window = new byte[size];
    }
    int count = source.peek(from, window, size);
    if (decoder.awaitsLineFeed()) {
      decoder.sync(source.position()); // the line feed may have come, and been discarded
    }
    return ByteBuffer.wrap(window, 0, count);
  }

  private byte[] front(int length) throws IOException {
    byte[] bytes = new byte[length];
    if (source.peek(0, bytes, length) < length) {
      source.consume(0, new byte[0]); // throws if communicate has just taken the bytes
      throw UnreadBytes.closed(); // just now, by another thread
    }
    return bytes;
  }

  private void settle() {
    if (decoder.owed() > 0) {
      byte[] lineFeed = decoder.awaitsLineFeed() ? lineFeed(decoder.owed()) : new byte[0];
      source.consume(decoder.settle(), lineFeed);
    }
  }

  /** The bytes of the "\n" that may follow the "\r" at the end of these bytes. */
  private byte[] lineFeed(int bytes) {
    if (decoder.isAsciiBased()) {
      return LINE_FEED;
    }
    byte[] carriageReturn = new byte[Math.min(bytes, decoder.newlineLength())];
    source.peek(bytes - carriageReturn.length, carriageReturn, carriageReturn.length);
    return decoder.lineFeed(carriageReturn);
  }

  private void begin() throws IOException {
    if (closed || source.isClosed()) {
      throw UnreadBytes.closed();
    }
    decoder.sync(source.position());
  }

  private void end() {
    decoder.handedOutEnd();
    settle();
  }
}
