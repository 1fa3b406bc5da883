package io.github.jpopen.text;

import static io.github.jpopen.text.PythonVectors.ERROR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncoderTest {

  @ParameterizedTest
  @MethodSource("io.github.jpopen.text.PythonVectors#encoding")
  void encodesLikePython(
      Charset charset,
      String text,
      int failsAt,
      String strict,
      String replaced,
      String ignored,
      String escaped,
      String backslashed) {
    assertEncoded(charset, ErrorPolicy.STRICT, text, strict);
    assertEncoded(charset, ErrorPolicy.REPLACE, text, replaced);
    assertEncoded(charset, ErrorPolicy.IGNORE, text, ignored);
    assertEncoded(charset, ErrorPolicy.SURROGATE_ESCAPE, text, escaped);
    assertEncoded(charset, ErrorPolicy.BACKSLASH_REPLACE, text, backslashed);
    if (failsAt >= 0) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encoder(charset, ErrorPolicy.STRICT).encode(text))
          .withMessage("input cannot be encoded in %s at index %d", charset.name(), failsAt);
    }
  }

  @Test
  void questionMarkOfTheTextIsNoReplacement() {
    TextEncoder encoder = encoder(US_ASCII, ErrorPolicy.STRICT);
    assertThat(encoder.encode("?a??")).asString(US_ASCII).isEqualTo("?a??");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode("?a?é?"))
        .withMessage("input cannot be encoded in US-ASCII at index 3");
    assertThat(encoder(US_ASCII, ErrorPolicy.IGNORE).encode("?é?"))
        .asString(US_ASCII)
        .isEqualTo("??");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-JISAutoDetect", "ISO-2022-CN"})
  void decodeOnlyCharsetRefusesText(Charset charset) {
    TextEncoder encoder = encoder(charset, ErrorPolicy.REPLACE);
    assertThat(encoder.encode("")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encodePart("a"))
        .withMessage("input cannot be encoded in %s, which only decodes", charset.name());
    assertThat(encoder.encodePart("")).isEmpty();
  }

  /** Every character, at the beginning and behind the first half of another one. */
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void aCharacterIsAByteOnlyIfItIsEncodedSo(String lineSeparator) {
    List<Charset> ascii = List.of(UTF_8, ISO_8859_1, US_ASCII);
    for (String name : List.of("UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "IBM037")) {
      Charset charset = Charset.forName(name);
      TextMode mode = new TextMode(charset, ErrorPolicy.REPLACE);
      for (char c = 0; c < 0x200; c++) {
        TextEncoder encoder = new TextEncoder(mode, lineSeparator);
        boolean isByte = encoder.isByte(c);
        byte[] encoded = encoder.encodePart(String.valueOf(c));
        boolean isSame = encoded.length == 1 && encoded[0] == c;
        assertThat(isByte).isEqualTo(ascii.contains(charset) && isSame);
        TextEncoder halfway = new TextEncoder(mode, lineSeparator);
        halfway.encodePart("\uD83D");
        assertThat(halfway.isByte(c)).isFalse();
      }
    }
  }

  @Test
  void unpairedSurrogateAtTheEndIsReportedOnce() {
    TextEncoder encoder = encoder(UTF_8, ErrorPolicy.STRICT);
    assertThat(encoder.encodePart("a\ud83d")).containsExactly('a');
    assertThatIllegalArgumentException()
        .isThrownBy(encoder::end)
        .withMessage("input cannot be encoded in UTF-8 at index 0");
    assertThat(encoder.end()).isEmpty();
    assertThat(encoder.encode("b")).containsExactly('b');
  }

  private static void assertEncoded(
      Charset charset, ErrorPolicy errors, String text, String python) {
    TextEncoder encoder = encoder(charset, errors);
    if (python.equals(ERROR)) {
      assertThatIllegalArgumentException().isThrownBy(() -> encoder.encode(text));
    } else {
      assertThat(encoder.encode(text)).asHexString().isEqualToIgnoringCase(python);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16", "UTF-16LE", "UTF-32", "Shift_JIS"})
  void encodesLikeTheJdk(Charset charset) {
    String text = "What? a\nb\r\nc".repeat(5_000);

    assertThat(encoder(charset, ErrorPolicy.STRICT).encode(text)).isEqualTo(text.getBytes(charset));
    assertThat(encoder(charset, ErrorPolicy.STRICT).encode("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "X-UTF-32BE-BOM", "x-UTF-16LE-BOM", "UTF-8"})
  void writesOneByteOrderMark(Charset charset) {
    TextEncoder encoder = encoder(charset, ErrorPolicy.STRICT);
    var bytes = new ByteArrayOutputStream();

    bytes.writeBytes(encoder.encode(""));
    bytes.writeBytes(encoder.encodePart("a"));
    bytes.writeBytes(encoder.encode("b"));
    bytes.writeBytes(encoder.encode("c"));

    assertThat(bytes.toByteArray()).isEqualTo("abc".getBytes(charset));
  }

  @Test
  void refusedTextLeavesNoTrace() {
    TextEncoder encoder = encoder(UTF_16, ErrorPolicy.STRICT);

    assertThatIllegalArgumentException().isThrownBy(() -> encoder.encode("x\uDC00"));
    assertThat(encoder.encodePart("a\uD83D")).isEqualTo("a".getBytes(UTF_16));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode("x"))
        .withMessageEndingWith("at index 0");
    assertThat(encoder.encode("\uDE00")).isEqualTo("😀".getBytes(UTF_16BE));
  }

  @Test
  void returnsToTheInitialShiftStateAtTheEnd() {
    Charset charset = Charset.forName("ISO-2022-JP");
    TextEncoder encoder = encoder(charset, ErrorPolicy.STRICT);
    var bytes = new ByteArrayOutputStream();

    bytes.writeBytes(encoder.encodePart("あ"));
    bytes.writeBytes(encoder.encodePart("い"));
    bytes.writeBytes(encoder.encode(""));

    assertThat(bytes.toByteArray()).isEqualTo("あい".getBytes(charset));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "GB18030"})
  void encodesSplitSurrogatePairs(Charset charset) {
    String text = "a😀😀b?\n😀";
    TextEncoder encoder = encoder(charset, ErrorPolicy.STRICT);
    var bytes = new ByteArrayOutputStream();

    for (int i = 0; i < text.length(); i++) {
      bytes.writeBytes(encoder.encodePart(text.substring(i, i + 1)));
    }
    bytes.writeBytes(encoder.encode(""));

    assertThat(bytes.toByteArray()).isEqualTo(text.getBytes(charset));
  }

  @ParameterizedTest
  @CsvSource({"REPLACE, 613f", "IGNORE, 61", "BACKSLASH_REPLACE, 615c7564383364"})
  void policyHandlesUnpairedSurrogateAtTheEnd(ErrorPolicy errors, String hex) {
    TextEncoder encoder = encoder(UTF_8, errors);
    var bytes = new ByteArrayOutputStream();

    bytes.writeBytes(encoder.encodePart("a\uD83D"));
    bytes.writeBytes(encoder.encode(""));

    assertThat(bytes.toByteArray()).isEqualTo(HexFormat.of().parseHex(hex));
  }

  @Test
  void writesTheLineSeparatorForLineFeeds() {
    TextMode mode = new TextMode(UTF_8, ErrorPolicy.STRICT);
    TextEncoder windows = new TextEncoder(mode, "\r\n");

    assertThat(windows.encode("a\nb\r\n")).isEqualTo("a\r\nb\r\r\n".getBytes(UTF_8)); // as Python
    assertThat(TextEncoder.of(mode).encode("\n")).isEqualTo(System.lineSeparator().getBytes(UTF_8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> windows.encode("a\nb\n\uD800"))
        .withMessage("input cannot be encoded in UTF-8 at index 4");
  }

  @Test
  void bytesSurviveDecodingAndEncoding() throws Exception {
    TextMode mode = new TextMode(UTF_8, ErrorPolicy.SURROGATE_ESCAPE);
    byte[] all = new byte[256 * 256 * 2];
    for (int i = 0; i < all.length; i += 2) {
      all[i] = (byte) (i >> 9);
      all[i + 1] = (byte) (i >> 1);
    }
    String text = new TextMode(UTF_8, ErrorPolicy.SURROGATE_ESCAPE).decode(all, all.length);

    byte[] again = new TextEncoder(mode, "\n").encode(text);

    assertThat(text).doesNotContain("\r");
    assertThat(mode.decode(again, again.length)).isEqualTo(text);
    assertThat(new String(again, UTF_8).replace("\r\n", "\n").replace('\r', '\n'))
        .isEqualTo(new String(all, UTF_8).replace("\r\n", "\n").replace('\r', '\n'));
  }

  private static TextEncoder encoder(Charset charset, ErrorPolicy errors) {
    return new TextEncoder(new TextMode(charset, errors), "\n");
  }
}
