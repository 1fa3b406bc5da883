package io.github.jpopen.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that come in pieces, against the whole text split at once. */
class LineSplitterTest {
  private static final int ROUNDS = 100_000;
  private static final String[] PARTS = {
    "\n", "\r", "\r\n", "a", "line", "\u00e9", "\u20ac", "\ud83d\ude00", "", "\n\r", "\r\r\n"
  };
  private static final Charset[] CHARSETS = {
    StandardCharsets.UTF_8,
    StandardCharsets.ISO_8859_1,
    StandardCharsets.UTF_16,
    StandardCharsets.UTF_16LE,
    Charset.forName("UTF-32BE"),
    Charset.forName("Shift_JIS"),
    Charset.forName("ISO-2022-JP"),
    Charset.forName("GB18030")
  };

  private static List<String> split(LineSplitter splitter, byte[] bytes, Random random)
      throws CharacterCodingException {
    List<String> lines = new ArrayList<>();
    for (int done = 0; done < bytes.length; ) {
      int n = Math.min(bytes.length - done, 1 + random.nextInt(random.nextInt(1, 20)));
      byte[] piece =
          Arrays.copyOfRange(bytes, done, done + n + random.nextInt(3)); // more behind it
      splitter.add(piece, n);
      take(splitter, lines);
      done += n;
    }
    splitter.end(false);
    take(splitter, lines);
    return lines;
  }

  private static void take(LineSplitter splitter, List<String> lines) {
    String line;
    while ((line = splitter.next()) != null) {
      lines.add(line);
    }
  }

  /** Universal newlines, by replacing and splitting. */
  private static List<String> expected(String text) {
    String plain = text.replace("\r\n", "\n").replace('\r', '\n');
    List<String> lines = new ArrayList<>(List.of(plain.split("\n", -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  @Test
  void piecesMakeNoDifference() throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Charset charset = CHARSETS[random.nextInt(CHARSETS.length)];
      StringBuilder text = new StringBuilder();
      for (int parts = random.nextInt(12); parts > 0; parts--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      byte[] bytes = text.toString().getBytes(charset); // what it cannot encode is "?"
      TextMode mode = new TextMode(charset, ErrorPolicy.STRICT);
      assertThat(split(mode.newSplitter(), bytes, random))
          .as("seed %d, %s", seed, charset)
          .isEqualTo(expected(new String(bytes, charset)));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STRICT")
  void malformedBytesFollowThePolicy(ErrorPolicy policy) throws Exception {
    TextMode mode = new TextMode(StandardCharsets.UTF_8, policy);
    for (int seed = 0; seed < ROUNDS / 10; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(24)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(4) == 0 ? '\n' : 0x60 + random.nextInt(0xA0));
      }
      String whole = mode.newDecoder().finish(bytes, bytes.length);
      assertThat(split(mode.newSplitter(), bytes, random))
          .as("seed %d", seed)
          .isEqualTo(expected(whole));
    }
  }

  @Test
  void linesBeforeMalformedBytesAreThere() throws Exception {
    LineSplitter splitter = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT).newSplitter();
    byte[] bytes = {'a', '\n', 'b', '\n', (byte) 0xff};
    assertThatThrownBy(() -> splitter.add(bytes, bytes.length))
        .isInstanceOf(CharacterCodingException.class)
        .hasMessageContaining("4");
    List<String> lines = new ArrayList<>();
    take(splitter, lines);
    assertThat(lines).containsExactly("a", "b");
  }

  @Test
  void carriageReturnIsNotDelayed() throws Exception {
    LineSplitter splitter = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT).newSplitter();
    splitter.add(new byte[] {'5', '0', '%', '\r'}, 4);
    assertThat(splitter.next()).isEqualTo("50%");
    splitter.add(new byte[] {'\n'}, 1);
    assertThat(splitter.next()).isNull();
    splitter.end(false);
    assertThat(splitter.next()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void endlessLineComesInParts(int offset) throws Exception {
    LineSplitter splitter = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT).newSplitter();
    int length = 2 * LineSplitter.LONGEST_LINE + 10;
    String line = "x".repeat(offset) + "\ud83d\ude00".repeat((length - offset) / 2);
    List<String> parts =
        split(
            splitter,
            line.getBytes(StandardCharsets.UTF_8),
            new Random(1) {
              @Override
              public int nextInt(int bound) {
                return bound - 1;
              }

              @Override
              public int nextInt(int origin, int bound) {
                return 60_000;
              }
            });
    assertThat(parts.size()).isEqualTo(3);
    assertThat(String.join("", parts).equals(line)).isTrue(); // no message with all of it
    for (String part : parts) {
      assertThat(part.length()).isLessThan(1_048_578);
      assertThat(Character.isHighSurrogate(part.charAt(part.length() - 1))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1})
  void longestLineHasNoEmptyPartBehindIt(int more) throws Exception {
    LineSplitter splitter = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT).newSplitter();
    String line = "x".repeat(LineSplitter.LONGEST_LINE + more);
    byte[] bytes = (line + "\nnext\n").getBytes(StandardCharsets.UTF_8);
    splitter.add(bytes, bytes.length);
    List<Integer> lengths = new ArrayList<>();
    String part;
    while ((part = splitter.next()) != null) {
      lengths.add(part.length());
    }
    assertThat(lengths)
        .isEqualTo(
            more <= 0 ? List.of(line.length(), 4) : List.of(LineSplitter.LONGEST_LINE, 1, 4));
  }

  @Test
  void afterMalformedBytesNothingIsKept() throws Exception {
    LineSplitter splitter = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT).newSplitter();
    byte[] bad = {(byte) 0xff};
    assertThatThrownBy(() -> splitter.add(bad, 1)).isInstanceOf(CharacterCodingException.class);
    byte[] more = new byte[1000];
    assertThatThrownBy(() -> splitter.add(more, 1000)).hasMessageContaining("0xff");
    assertThatThrownBy(() -> splitter.end(false)).hasMessageContaining("0xff");
    assertThat(splitter.next()).isNull();
  }
}
