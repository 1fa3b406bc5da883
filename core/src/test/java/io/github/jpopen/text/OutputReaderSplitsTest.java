package io.github.jpopen.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.conversation.Deliveries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any pieces and any mix of reads: the text is that of decoding all bytes at once. */
class OutputReaderSplitsTest {
  private static final List<String> CHARSETS =
      List.of(
          "UTF-8",
          "US-ASCII",
          "ISO-8859-1",
          "UTF-16",
          "UTF-16LE",
          "UTF-32",
          "Shift_JIS",
          "EUC-JP",
          "GB18030",
          "Big5",
          "x-ISCII91");

  static Stream<Arguments> modes() {
    return CHARSETS.stream()
        .flatMap(
            charset ->
                Arrays.stream(ErrorPolicy.values())
                    .filter(errors -> errors != ErrorPolicy.STRICT)
                    .filter(
                        // Elsewhere malformed bytes can be ASCII, which is an error.
                        errors -> errors != ErrorPolicy.SURROGATE_ESCAPE || charset.equals("UTF-8"))
                    .map(errors -> Arguments.of(charset, errors)));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void anyMixOfReadsGivesTheWholeText(String charset, ErrorPolicy errors) throws IOException {
    TextMode mode = new TextMode(Charset.forName(charset), errors);
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      new Run(mode, garbled(mode.charset(), random), random).check("seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-32", "ISO-2022-JP", "GB18030", "x-SJIS_0213"})
  void wellFormedTextSurvivesEverySplit(Charset charset) throws IOException {
    TextMode mode = new TextMode(charset, ErrorPolicy.STRICT);
    String text = "aあ\r\nいb\r\r\n漢字\n字x";
    byte[] bytes = text.getBytes(charset);
    for (int cut = 0; cut <= bytes.length; cut++) {
      for (int seed = 0; seed < 20; seed++) {
        byte[][] pieces = {Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length)};
        new Run(mode, bytes, List.of(pieces), new SplittableRandom(seed))
            .check("cut at " + cut + ", seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void finishDecodesEverythingAtOnce(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    for (String charset : CHARSETS) {
      TextMode mode = new TextMode(Charset.forName(charset), ErrorPolicy.REPLACE);
      byte[] bytes = garbled(mode.charset(), random);
      assertThat(mode.newDecoder().finish(bytes, bytes.length))
          .isEqualTo(mode.decode(bytes, bytes.length));
      for (int length = 0; length <= bytes.length; length++) {
        assertThat(mode.decode(bytes, bytes.length)).startsWith(mode.decodePrefix(bytes, length));
      }
    }
  }

  /** Every letter is read once; a "\n" is never read after a "\r" that a reader has read. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16LE", "UTF-32BE", "EUC-JP"})
  void readersAndBytesShareOnePosition(Charset charset) throws IOException {
    TextMode mode = new TextMode(charset, ErrorPolicy.STRICT);
    for (int seed = 0; seed < 500; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = "ab\r\nc\rd\r\n\re\r\r\n\r\nfg\r\n".getBytes(charset);
      Deliveries source = Deliveries.of(Run.cut(bytes, random).toArray(new byte[0][]));
      OutputReader reader = new OutputReader(source, mode.newDecoder());
      var got = new StringBuilder();
      while (got.indexOf("end") < 0) {
        boolean _ = reader.ready(); // leaves a character that is decoded already
        got.append(
            switch (random.nextInt(4)) {
              case 0 -> reader.ready() ? character(reader.read()) : "";
              case 1 -> character(reader.read());
              case 2 -> line(reader.readLine());
              default -> raw(source, charset);
            });
      }
      assertThat(source.position()).as("seed %s: %s", seed, got).isEqualTo(bytes.length);
      assertThat(got.toString().replaceAll("[|<>]", ""))
          .as("seed %s", seed)
          .isEqualTo("abcdefgend");
      assertThat(got.toString().replace("<>", "")).as("seed %s", seed).doesNotContain(">");
    }
  }

  private static String character(int c) {
    return c < 0 ? "end" : c == '\n' ? "|" : String.valueOf((char) c);
  }

  private static String line(@Nullable String line) {
    return line == null ? "end" : line + "|";
  }

  private static String raw(Deliveries source, Charset charset) {
    byte[] raw = new byte["a".getBytes(charset).length];
    if (!source.await(raw.length - 1)) {
      return "end";
    }
    source.peek(0, raw, raw.length);
    source.consume(raw.length, new byte[0]);
    return new String(raw, charset).replace('\r', '<').replace('\n', '>');
  }

  private static byte[] garbled(Charset charset, SplittableRandom random) {
    var bytes = new ByteArrayOutputStream();
    String[] words = {"a", "\n", "\r", "\r\n", "é", "あ", "😀", "word ", "\uFFFD", "\n\r"};
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(6) == 0) {
        bytes.write(random.nextInt(256));
      } else {
        bytes.writeBytes(words[random.nextInt(words.length)].getBytes(charset));
      }
    }
    return bytes.toByteArray();
  }

  /** One stream that is read by a random mix of calls and then finished. */
  private static final class Run {
    private final TextMode mode;
    private final byte[] bytes;
    private final SplittableRandom random;
    private final Deliveries source;
    private final TextDecoder decoder;
    private final OutputReader reader;
    private final String expected;
    private final StringBuilder got = new StringBuilder();

    Run(TextMode mode, byte[] bytes, SplittableRandom random) throws IOException {
      this(mode, bytes, cut(bytes, random), random);
    }

    Run(TextMode mode, byte[] bytes, List<byte[]> pieces, SplittableRandom random)
        throws IOException {
      this.mode = mode;
      this.bytes = bytes;
      this.random = random;
      source = Deliveries.of(pieces.toArray(new byte[0][]));
      decoder = mode.newDecoder();
      reader = new OutputReader(source, decoder);
      expected = mode.decode(bytes, bytes.length);
    }

    private static List<byte[]> cut(byte[] bytes, SplittableRandom random) {
      List<byte[]> pieces = new ArrayList<>();
      int from = 0;
      while (from < bytes.length) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(5));
        pieces.add(Arrays.copyOfRange(bytes, from, to));
        from = to;
      }
      return pieces;
    }

    void check(String description) throws IOException {
      int reads = random.nextInt(12);
      boolean more = true;
      for (int i = 0; i < reads && more; i++) {
        more = readSomething();
        assertThat(expected).as(description).startsWith(got);
        if (!more) {
          assertThat(got.toString()).as(description).isEqualTo(expected);
        }
        checkConsumed(description);
      }
      byte[] rest = source.rest();
      decoder.sync(source.position());
      got.append(decoder.finish(rest, rest.length));
      assertThat(got.toString()).as(description).isEqualTo(expected);
    }

    /** Between whole characters, the reader has consumed exactly the bytes of its text. */
    private void checkConsumed(String description) throws IOException {
      boolean half = !got.isEmpty() && Character.isHighSurrogate(got.charAt(got.length() - 1));
      if (mode.errors() == ErrorPolicy.REPLACE && mode.charset().name().equals("UTF-8") && !half) {
        assertThat(mode.decode(bytes, source.consumed())).as(description).isEqualTo(got.toString());
      }
    }

    private boolean readSomething() throws IOException {
      switch (random.nextInt(5)) {
        case 0 -> {
          int c = reader.read();
          if (c < 0) {
            return false;
          }
          got.append((char) c);
        }
        case 1 -> {
          char[] some = new char[1 + random.nextInt(12)];
          int count = reader.read(some, 0, some.length);
          if (count < 0) {
            return false;
          }
          got.append(some, 0, count);
        }
        case 2 -> {
          boolean ready = reader.ready();
          if (ready) {
            got.append((char) reader.read());
          }
        }
        case 3 -> source.deliver();
        default -> {
          String line = reader.readLine();
          if (line == null) {
            return false;
          }
          got.append(line);
          if (got.length() < expected.length()) {
            got.append('\n');
          }
        }
      }
      return true;
    }
  }
}
