package io.github.jpopen.text;

import static io.github.jpopen.text.PythonVectors.ERROR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextModeTest {
  private static final TextMode STRICT_UTF_8 = new TextMode(UTF_8, ErrorPolicy.STRICT);

  @ParameterizedTest
  @MethodSource("io.github.jpopen.text.PythonVectors#decoding")
  void decodesLikePython(
      Charset charset,
      String hex,
      int failsAt,
      String replaced,
      String ignored,
      String escaped,
      String backslashed)
      throws CharacterCodingException {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertDecoded(charset, ErrorPolicy.REPLACE, bytes, replaced);
    assertDecoded(charset, ErrorPolicy.IGNORE, bytes, ignored);
    assertDecoded(charset, ErrorPolicy.SURROGATE_ESCAPE, bytes, escaped);
    assertDecoded(charset, ErrorPolicy.BACKSLASH_REPLACE, bytes, backslashed);
    if (failsAt < 0) {
      assertDecoded(charset, ErrorPolicy.STRICT, bytes, replaced);
    } else {
      assertThatExceptionOfType(CharacterCodingException.class)
          .isThrownBy(() -> new TextMode(charset, ErrorPolicy.STRICT).decode(bytes, bytes.length))
          .withMessage(
              "byte 0x%02x at position %d cannot be decoded as %s",
              bytes[failsAt], failsAt, charset.name());
    }
  }

  private static void assertDecoded(
      Charset charset, ErrorPolicy errors, byte[] bytes, String python)
      throws CharacterCodingException {
    TextMode mode = new TextMode(charset, errors);
    if (python.equals(ERROR)) {
      assertThatExceptionOfType(CharacterCodingException.class)
          .isThrownBy(() -> mode.decode(bytes, bytes.length));
    } else {
      String text = python.replace("\r\n", "\n").replace("\r", "\n");
      assertThat(mode.decode(bytes, bytes.length)).as("%s", mode).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "US-ASCII", "ISO-8859-1", "UTF-16", "UTF-32", "IBM1047"})
  void readsEveryLineEndAsLineFeed(Charset charset) throws CharacterCodingException {
    byte[] bytes = "\r\na\rb\nc\r\r\nd\n\re\n\n\r".getBytes(charset);

    String text = new TextMode(charset, ErrorPolicy.STRICT).decode(bytes, bytes.length);

    assertThat(text).isEqualTo("\na\nb\nc\n\nd\n\ne\n\n\n");
  }

  @ParameterizedTest
  @EnumSource
  void decodesOnlyTheGivenLength(ErrorPolicy errors) throws CharacterCodingException {
    byte[] bytes = {'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF};

    assertThat(new TextMode(UTF_8, errors).decode(bytes, 3)).isEqualTo("aé");
    assertThat(new TextMode(UTF_8, errors).decode(bytes, 0)).isEmpty();
  }

  @Test
  void keepsReplacementCharactersOfTheChild() throws CharacterCodingException {
    byte[] bytes = "a\uFFFD\r\n😀".getBytes(UTF_8);

    assertThat(STRICT_UTF_8.decode(bytes, bytes.length)).isEqualTo("a\uFFFD\n😀");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-32"})
  void decodesTextLongerThanItsPieces(Charset charset) throws CharacterCodingException {
    String text = "abc\uFFFDé€😀\n".repeat(20_000);
    byte[] bytes = text.getBytes(charset);

    assertThat(new TextMode(charset, ErrorPolicy.STRICT).decode(bytes, bytes.length))
        .isEqualTo(text);
  }

  @Test
  void keepsByteOrderMarkWhereItIsACharacter() throws CharacterCodingException {
    byte[] little = {(byte) 0xFF, (byte) 0xFE, 'A', 0};

    assertThat(new TextMode(UTF_16LE, ErrorPolicy.STRICT).decode(little, 4)).isEqualTo("\uFEFFA");
    assertThat(new TextMode(UTF_16, ErrorPolicy.STRICT).decode(little, 4)).isEqualTo("A");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, 61c3a9e282, aé", // incomplete
    "UTF-8, 61f09f98, a",
    "UTF-8, 61ff62ff, a\uFFFDb\uFFFD", // can never be completed
    "UTF-8, 61eda0, a",
    "UTF-8, 61eda080, a\uFFFD\uFFFD\uFFFD",
    "UTF-8, 6180808080, a\uFFFD\uFFFD\uFFFD\uFFFD",
    "UTF-8, f0, ''",
    "UTF-8, 0d, ''",
    "UTF-8, 610d0a620d, a|b", // half of a CRLF, perhaps
    "UTF-8, 610d0d, a|",
    "US-ASCII, 61ff0d, a\uFFFD",
    "UTF-16, fffe610062, a",
    "UTF-16, fffe61003dd8, a",
    "UTF-16, fffe61000d00, a",
    "UTF-32, 0000fe, ''",
    "Shift_JIS, 82a082, あ"
  })
  void prefixOmitsWhatMayStillChange(Charset charset, String hex, String prefix) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    String text = prefix.replace('|', '\n');

    assertThat(new TextMode(charset, ErrorPolicy.STRICT).decodePrefix(bytes, bytes.length))
        .isEqualTo(text);
    assertThat(new TextMode(charset, ErrorPolicy.REPLACE).decodePrefix(bytes, bytes.length))
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16", "UTF-32", "Shift_JIS", "ISO-2022-JP"})
  void everyPrefixIsAPrefixOfTheWhole(Charset charset) throws CharacterCodingException {
    String text = charset.equals(ISO_8859_1) ? "é\r\nb\rc" : "あ\r\nb\rい";
    TextMode mode = new TextMode(charset, ErrorPolicy.STRICT);
    byte[] bytes = text.getBytes(charset);

    for (int length = 0; length <= bytes.length; length++) {
      assertThat(mode.decode(bytes, bytes.length)).startsWith(mode.decodePrefix(bytes, length));
    }
  }

  @Test
  void prefixNeverThrows() {
    byte[] unescapable = {0, (byte) 0xDC, 'A', 0};
    TextMode mode = new TextMode(UTF_16LE, ErrorPolicy.SURROGATE_ESCAPE);

    assertThat(mode.decodePrefix(unescapable, 4)).isEqualTo("\uFFFDA");
  }

  @Test
  void prefixFollowsTheOtherPolicies() {
    byte[] bytes = {'a', (byte) 0xFF, 'b'};

    assertThat(
            Arrays.stream(ErrorPolicy.values())
                .map(errors -> new TextMode(UTF_8, errors).decodePrefix(bytes, 3)))
        .containsExactly("a\uFFFDb", "a\uFFFDb", "ab", "a\uDCFFb", "a\\xffb");
  }
}
