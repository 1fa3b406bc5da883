package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.conversation.Deliveries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that is decoded in blocks is what a {@link CharsetDecoder} makes of all bytes at once. */
class LargeTextTest {
  private static final int BLOCK = BlockDecoder.BLOCK;

  /** What may come, each for a charset in which it is well-formed, and bytes of any kind. */
  private static final List<String> WORDS =
      List.of(
          "a",
          "The quick brown fox\n",
          "\r",
          "\r\n",
          "\n\r",
          "é",
          "\u0080ÿ",
          "ä€漢",
          "😀",
          "\uFFFD");

  private static final byte[][] MALFORMED = {
    {-1},
    {(byte) 0xC3},
    {(byte) 0xC0, (byte) 0x80},
    {(byte) 0xE2, (byte) 0x82},
    {(byte) 0x80},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {(byte) 0xF0, (byte) 0x9F, (byte) 0x98},
    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
  };

  static Stream<Arguments> modes() {
    return Stream.of(UTF_8, ISO_8859_1, US_ASCII)
        .flatMap(c -> Arrays.stream(ErrorPolicy.values()).map(errors -> Arguments.of(c, errors)));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void isWhatADecoderMakesOfAllBytes(Charset charset, ErrorPolicy errors) throws IOException {
    for (int seed = 0; seed < 60; seed++) {
      byte[] bytes = bytes(charset, new SplittableRandom(seed), BLOCK);
      TextMode mode = new TextMode(charset, errors);
      String wanted = oracle(mode, bytes);

      String text = textOrMessage(mode, bytes);

      assertThat(text.equals(wanted)).as("seed %s", seed).isTrue(); // too long to be printed
    }
  }

  /** The rest is decoded in blocks after a reader has handed out a part. */
  @ParameterizedTest
  @MethodSource("modes")
  void whatAReaderLeavesIsTheRest(Charset charset, ErrorPolicy errors) throws IOException {
    for (int seed = 0; seed < 8; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = bytes(charset, random, BlockDecoder.LEAST);
      TextMode mode = new TextMode(charset, errors);
      String wanted = oracle(mode, bytes);
      if (errors == ErrorPolicy.STRICT && wanted.startsWith("byte ")) {
        continue;
      }

      Deliveries source = Deliveries.of(pieces(bytes, random));
      TextDecoder decoder = mode.newDecoder();
      OutputReader reader = new OutputReader(source, decoder);
      var text = new StringBuilder();
      for (int count = random.nextInt(100); count > 0; count--) {
        char[] some = new char[1 + random.nextInt(300)];
        int n = reader.read(some);
        text.append(some, 0, Math.max(0, n));
      }
      int position = (int) source.position();
      decoder.sync(position);
      text.append(
          decoder.finish(
              Arrays.copyOfRange(bytes, position, bytes.length), bytes.length - position));

      assertThat(text.compareTo(new StringBuilder(wanted))).as("seed %s", seed).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyEndOfABlockSplitsNothing(ErrorPolicy errors) throws IOException {
    TextMode mode = new TextMode(UTF_8, errors);
    for (String word : List.of("\r\n", "\r", "é", "é\r\n", "€", "😀", "\r\r\n", "\uFFFD")) {
      for (int before = BLOCK - 12; before <= BLOCK + 2; before++) {
        for (String filler : List.of("a", "\r\n", "é", "€")) {
          byte[] rest = filler.getBytes(UTF_8);
          byte[] bytes = new byte[2 * BLOCK + 7];
          Arrays.fill(bytes, (byte) 'x');
          System.arraycopy(rest, 0, bytes, 3, rest.length);
          byte[] split = word.getBytes(UTF_8);
          System.arraycopy(split, 0, bytes, before, split.length);

          String text = textOrMessage(mode, bytes);

          String wanted = newlines(new String(bytes, UTF_8));
          assertThat(text.equals(wanted)).as("%s at %s", word, before).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void theVeryLastByteCounts(Charset charset, ErrorPolicy errors) throws IOException {
    TextMode mode = new TextMode(charset, errors);
    for (int more = 1; more <= 17; more++) {
      for (byte last : new byte[] {'\r', (byte) 0xC3}) {
        byte[] bytes = new byte[BLOCK + more];
        Arrays.fill(bytes, (byte) 'x');
        bytes[bytes.length - 1] = last;

        assertThat(textOrMessage(mode, bytes).equals(oracle(mode, bytes))).as("%s", more).isTrue();
      }
    }
  }

  /** As {@link TextMode#decode}, even if it is fewer bytes than are decoded in blocks there. */
  private static String textOrMessage(TextMode mode, byte[] bytes) throws CharacterCodingException {
    String text = BlockDecoder.decode(mode.charset(), bytes, bytes.length);
    if (text != null) {
      return text;
    }
    try {
      return mode.decode(bytes, bytes.length);
    } catch (DecodingException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Up to five blocks more than asked for, of some of the words, often changing near the end of a
   * block.
   */
  private static byte[] bytes(Charset charset, SplittableRandom random, int least) {
    var out = new ByteArrayOutputStream();
    int size = least + random.nextInt(random.nextBoolean() ? 8 : 4 * BLOCK);
    int often = random.nextInt(1 << WORDS.size());
    int kinds = (often & random.nextInt(1 << WORDS.size())) | 1;
    boolean malformed = random.nextInt(4) == 0;
    while (out.size() < size) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      if ((kinds >> WORDS.indexOf(word) & 1) == 0) {
        continue;
      }
      byte[] piece = word.getBytes(charset);
      if (malformed && random.nextInt(20) == 0) {
        piece = MALFORMED[random.nextInt(MALFORMED.length)];
      }
      int end = (out.size() / BLOCK + 1) * BLOCK - random.nextInt(5);
      int until = random.nextInt(5) == 0 ? end : out.size() + random.nextInt(2_000);
      do {
        out.writeBytes(piece);
      } while (out.size() < Math.min(until, size));
    }
    return out.toByteArray();
  }

  private static byte[][] pieces(byte[] bytes, SplittableRandom random) {
    int most = 1 << random.nextInt(4, 18);
    Stream.Builder<byte[]> pieces = Stream.builder();
    for (int from = 0; from < bytes.length; ) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
      pieces.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return pieces.build().toArray(byte[][]::new);
  }

  /** The text with newlines, or the message of the exception. */
  private static String oracle(TextMode mode, byte[] bytes) throws CharacterCodingException {
    CharsetDecoder decoder = mode.charset().newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(4 * bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isUnderflow()) {
        return newlines(out.flip().toString());
      }
      int first = in.get(in.position()) & 0xff;
      // A surrogate in UTF-8 counts as three bytes here, and as one for Python.
      int length = first == 0xED && result.length() == 3 ? 1 : result.length();
      byte[] bad = new byte[length];
      int position = in.position();
      in.get(bad);
      switch (mode.errors()) {
        case STRICT -> {
          return "byte 0x%02x at position %d cannot be decoded as %s"
              .formatted(first, position, mode.charset().name());
        }
        case REPLACE -> out.put('\uFFFD');
        case IGNORE -> {}
        case SURROGATE_ESCAPE -> {
          for (byte b : bad) {
            out.put((char) (0xDC00 + (b & 0xff)));
          }
        }
        case BACKSLASH_REPLACE -> {
          for (byte b : bad) {
            out.put("\\x" + HexFormat.of().toHexDigits(b));
          }
        }
      }
      decoder.reset();
    }
  }

  private static String newlines(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }
}
