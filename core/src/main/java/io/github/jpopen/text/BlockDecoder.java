package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes text of many well-formed bytes in UTF-8, US-ASCII or ISO-8859-1, with universal newlines.
 *
 * <p>It looks at eight bytes at once, and copies once if all of them are ASCII without a {@code
 * "\r"}. {@code String} looks at one after the other if its caller is not compiled, which is so for
 * a few large outputs.
 *
 * <p>Other text is decoded in blocks, so that what was looked at is still in the cache. This gains
 * nothing where most blocks have many characters that are not ASCII, and no {@code "\r"}.
 */
final class BlockDecoder {
  /** So small that G1 gives no string of a block a region of its own. */
  static final int BLOCK = 64 * 1024;

  /** A text of fewer bytes costs nothing that matters, and a look at a block of it would. */
  static final int LEAST = 16 * BLOCK;

  private static final int CONTINUATIONS = 3; // the most that a character of UTF-8 has
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long RETURNS = ONES * '\r';

  /** Text with more bytes than one of so many that are not ASCII has many. */
  private static final int MANY = 128;

  /** A block that gains nothing counts as much as so many that do. */
  private static final int LOSS = 4;

  /** Of so many blocks, one may gain nothing without one that does. */
  private static final int BLOCKS_PER_LOSS = 256;

  private final Charset charset;
  private final boolean byteIsCharacter; // even if it is not ASCII
  private final byte[] bytes;
  private final int to;
  private final ByteBuffer in;
  private final byte[] block;
  private final ByteBuffer out;

  private int losses; // LOSS for each block that gains nothing, less 1 for each other one
  private boolean returns; // in the last block

  private BlockDecoder(Charset charset, byte[] bytes, int to) {
    this.charset = charset;
    this.byteIsCharacter = charset.equals(ISO_8859_1);
    this.bytes = bytes;
    this.to = to;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.block = new byte[BLOCK + 1 + Long.BYTES];
    this.out = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The text; null if the bytes are not well-formed, have a U+FFFD, or are decoded as fast by
   * {@code String}.
   */
  static @Nullable String decode(Charset charset, byte[] bytes, int length) {
    return new BlockDecoder(charset, bytes, length).decode();
  }

  private @Nullable String decode() {
    if (byteIsCharacter) { // String copies at once; only newlines take longer
      return isPlain(0, blockEnd(0)) ? null : decodeBlocks(0);
    }
    int start = 0;
    while (start < to && isPlain(start, blockEnd(start))) {
      start = blockEnd(start);
    }
    return start == to ? new String(bytes, 0, to, ISO_8859_1) : decodeBlocks(start);
  }

  private @Nullable String decodeBlocks(int plain) {
    if (isDense(plain, blockEnd(plain))) {
      return null;
    }
    List<String> texts = new ArrayList<>((to - plain) / (BLOCK - CONTINUATIONS) + 2);
    texts.add(""); // for what is plain, which is copied only if the rest is decoded here
    for (int start = plain; start < to; start = blockEnd(start)) {
      String text = decodeBlock(start, blockEnd(start));
      if (text == null) {
        return null;
      }
      texts.add(text);
    }
    texts.set(0, new String(bytes, 0, plain, ISO_8859_1));
    return String.join("", texts); // copies each once, into memory of the right size
  }

  /** Neither a character nor a newline goes across the end of a block. */
  private int blockEnd(int start) {
    if (to - start <= BLOCK) {
      return to;
    }
    int end = start + BLOCK;
    while (end > start + BLOCK - CONTINUATIONS && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return bytes[end] == '\n' ? end + 1 : end;
  }

  private @Nullable String decodeBlock(int start, int end) {
    returns = false;
    int length = copy(start, end, byteIsCharacter);
    Charset how = ISO_8859_1;
    if (length < 0) {
      if (!charset.equals(UTF_8)) {
        return null;
      }
      length = copy(start, end, true);
      how = UTF_8;
    }
    boolean gains = returns || how.equals(ISO_8859_1);
    losses = gains ? Math.max(0, losses - 1) : losses + LOSS;
    if (losses > to / BLOCK / BLOCKS_PER_LOSS * LOSS) {
      return null;
    }
    String text = new String(block, 0, length, how);
    return text.indexOf('\uFFFD') < 0 ? text : null; // known at once if it is Latin-1 inside
  }

  /** Whether all bytes are characters with the same numbers, and none is a "\r". */
  private boolean isPlain(int start, int end) {
    long found = 0;
    int i = start;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      found |= special(in.getLong(i), byteIsCharacter);
    }
    for (; i < end; i++) {
      found |= bytes[i] == '\r' || (bytes[i] < 0 && !byteIsCharacter) ? 1 : 0;
    }
    return found == 0;
  }

  /** Whether many bytes are not ASCII, and none is a "\r". */
  private boolean isDense(int start, int end) {
    int found = 0;
    long returned = 0;
    for (int i = start; i <= end - Long.BYTES; i += Long.BYTES) {
      long eight = in.getLong(i);
      found += Long.bitCount(eight & HIGH_BITS);
      returned |= special(eight, true);
    }
    return returned == 0 && found > (end - start) / MANY && !byteIsCharacter;
  }

  /**
   * The high bit of each byte that is a "\r", or not ASCII if that matters; 0 if there is none. Of
   * a byte above such a byte the bit may be there as well.
   */
  private static long special(long eight, boolean anyIsPlain) {
    long returns = eight ^ RETURNS; // a byte of 0 for each "\r", and only such a byte borrows
    return ((returns - ONES) & ~returns & HIGH_BITS) | (anyIsPlain ? 0 : eight & HIGH_BITS);
  }

  /**
   * Copies bytes to the block with the newlines of text.
   *
   * @param asTheyAre whether bytes that are not ASCII are copied. If not, characters of UTF-8 up to
   *     U+00FF become one byte
   * @return how many bytes the block has; -1 at any other character
   */
  private int copy(int start, int end, boolean asTheyAre) {
    int n = 0;
    int i = start;
    while (i < end) {
      if (i <= end - Long.BYTES) {
        long eight = in.getLong(i);
        long special = special(eight, asTheyAre);
        out.putLong(n, eight);
        if (special == 0) {
          n += Long.BYTES;
          i += Long.BYTES;
          continue;
        }
        int plain = Long.numberOfTrailingZeros(special) / Byte.SIZE;
        n += plain;
        i += plain;
      }
      byte next = bytes[i++];
      if (next == '\r') {
        i += i < end && bytes[i] == '\n' ? 1 : 0;
        next = '\n';
        returns = true;
      } else if (next < 0 && !asTheyAre) {
        boolean small = (next & 0xFE) == 0xC2 && i < end && (bytes[i] & 0xC0) == 0x80;
        if (!small || !charset.equals(UTF_8)) {
          return -1;
        }
        next = (byte) (next << 6 | (bytes[i++] & 0x3F));
      }
      block[n++] = next;
    }
    return n;
  }
}
