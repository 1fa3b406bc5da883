package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TextErrors;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text: decoded once over all bytes, with universal newlines, and errors only after the child was
 * waited for.
 */
public abstract class CommunicateTextContract extends ContractTest {

  private String decoded(byte[] bytes, Charset charset, TextErrors errors) throws Exception {
    Popen<String> p = start(child(out(bytes)).text(charset, errors).stdout(PIPE));
    return p.communicate().stdout();
  }

  @Test
  @Covers({"test_universal_newlines_communicate", "rule 21"})
  void everyLineEndBecomesALineFeed() throws Exception {
    Popen<String> p =
        start(
            child(
                    out("line2\n"),
                    out("line4\n"),
                    out("line5\r\n"),
                    out("line6\r"),
                    out("\nline7"),
                    out("\nline8\r"),
                    err("a\r\rb\r\n\nc\r"))
                .text()
                .captureOutput());
    Output<String> output = p.communicate();
    assertThat(output.stdout()).isEqualTo("line2\nline4\nline5\nline6\nline7\nline8\n");
    assertThat(output.stderr()).isEqualTo("a\n\nb\n\nc\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r", "\r\n", "\r\r\n", "x", "x\r", "\rx", "x\r\n", "\n\r\n"})
  @Covers("rule 21")
  void lineEndsAtTheEdgesAreTranslated(String text) throws Exception {
    assertThat(decoded(utf8(text), UTF_8, TextErrors.STRICT))
        .isEqualTo(text.replace("\r\n", "\n").replace('\r', '\n'));
  }

  @Test
  @PosixOnly("Windows translates the line ends of the input")
  @Covers({"test_universal_newlines_communicate_stdin", "rule 13"})
  void textInputIsSentUnchanged() throws Exception {
    String text = "line1\nline3\r\nline4\r";
    Popen<String> p = start(child(expect(utf8(text))).text().stdin(PIPE));
    p.communicate(text);
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers("test_universal_newlines_communicate_input_none")
  void textModeClosesStdinWithoutInput() throws Exception {
    Popen<String> p = start(child(awaitEof()).text().stdin(PIPE).stdout(PIPE));
    p.communicate();
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers("test_universal_newlines_communicate_stdin_stdout_stderr")
  void allThreeStreamsAreText() throws Exception {
    Popen<String> p =
        start(
            child(out("eline1\r\n"), err("eline2\r"), err("\r\neline4\n"), cat())
                .text()
                .stdin(PIPE)
                .captureOutput());
    Output<String> output = p.communicate("line1\nline3\n");
    assertThat(output.stdout()).isEqualTo("eline1\nline1\nline3\n");
    assertThat(output.stderr()).isEqualTo("eline2\n\neline4\n");
  }

  static Stream<Charset> wideCharsets() {
    return Stream.of(
        UTF_16, UTF_16LE, UTF_16BE, StandardCharsets.UTF_32BE, StandardCharsets.UTF_32);
  }

  @ParameterizedTest
  @MethodSource("wideCharsets")
  @Covers({"test_universal_newlines_communicate_encodings", "rule 21"})
  void wideCharsetsAreDecodedWhole(Charset charset) throws Exception {
    byte[] bytes = "1\r\n2\r3\n4\ud83d\ude00".getBytes(charset);
    Step[] oneByOne = new Step[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      oneByOne[i] = out(new byte[] {bytes[i]});
    }
    Popen<String> p = start(child(oneByOne).text(charset).stdout(PIPE));
    assertThat(p.communicate().stdout()).isEqualTo("1\n2\n3\n4\ud83d\ude00");
  }

  static Stream<Arguments> errorHandlers() {
    return Stream.of(
        Arguments.of(TextErrors.IGNORE, ""),
        Arguments.of(TextErrors.REPLACE, "\ufffd\ufffd"),
        Arguments.of(TextErrors.SURROGATE_ESCAPE, "\udc80\udc80"),
        Arguments.of(TextErrors.BACKSLASH_REPLACE, "\\x80\\x80"));
  }

  @ParameterizedTest
  @MethodSource("errorHandlers")
  @Covers("test_communicate_errors")
  void policyHandlesMalformedBytes(TextErrors errors, String expected) throws Exception {
    byte[] bytes = {'a', (byte) 0x80, (byte) 0x80, 'z'};
    for (Charset charset : new Charset[] {UTF_8, US_ASCII}) {
      assertThat(decoded(bytes, charset, errors)).isEqualTo("a" + expected + "z");
    }
  }

  @Test
  @Covers("test_communicate_errors")
  void policyHandlesIncompleteLastCharacter() throws Exception {
    byte[] cut = {'a', (byte) 0xe2, (byte) 0x98};
    assertThat(decoded(cut, UTF_8, TextErrors.IGNORE)).isEqualTo("a");
    assertThat(decoded(cut, UTF_8, TextErrors.SURROGATE_ESCAPE)).isEqualTo("a\udce2\udc98");
    assertThat(decoded(cut, UTF_8, TextErrors.BACKSLASH_REPLACE)).isEqualTo("a\\xe2\\x98");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Covers("rule 20")
  void strictErrorComesAfterTheWaitWithAllBytes(boolean bothOutputs) throws Exception {
    byte[] bytes = {'o', 'k', (byte) 0xff};
    Set<String> pipes = Resources.pipes();
    Command<String> command = child(out(bytes), err("fine"), exit(7)).text();
    Popen<String> p =
        start(bothOutputs ? command.captureOutput() : command.stdout(PIPE).stderr(DEVNULL));
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e).hasCauseInstanceOf(CharacterCodingException.class);
    assertThat(e.stdout().bytes()).isEqualTo(bytes);
    assertThat(e.stdout().text(ISO_8859_1)).isEqualTo("ok\u00ff");
    if (bothOutputs) {
      assertThat(e.stderr().text()).isEqualTo("fine");
    }
    assertThat(p.returncode()).isEqualTo(7);
    assertThat(Resources.pipes()).isSubsetOf(pipes);
    SubprocessException again = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(again.stdout().bytes()).as("the bytes are not lost").isEqualTo(bytes);
  }

  @Test
  @Covers("rule 20")
  void textIsStrictUtf8ByDefault() throws Exception {
    Popen<String> good = start(child(out("\u00e9\u2603")).text().stdout(PIPE));
    assertThat(good.communicate().stdout()).isEqualTo("\u00e9\u2603");
    Popen<String> bad = start(child(out(new byte[] {(byte) 0xe9})).text().stdout(PIPE));
    assertThat(catchThrowableOfType(SubprocessException.class, bad::communicate))
        .hasCauseInstanceOf(CharacterCodingException.class);
  }

  @Test
  void surrogateEscapesAreSentAsTheirBytes() throws Exception {
    byte[] bytes = {'x', (byte) 0x80, (byte) 0xff, 'y'};
    String text = decoded(bytes, UTF_8, TextErrors.SURROGATE_ESCAPE);
    Popen<String> p =
        start(child(expect(bytes)).text(UTF_8, TextErrors.SURROGATE_ESCAPE).stdin(PIPE));
    p.communicate(text);
    assertThat(p.returncode()).isZero();
  }

  @Test
  @Covers("rule 17")
  void unencodableTextIsRefused() throws Exception {
    Popen<String> p = start(child(cat()).text(ISO_8859_1).stdin(PIPE).stdout(PIPE));
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate("\u2603"));
    assertThat(p.communicate("\u00e9").stdout()).isEqualTo("\u00e9");
  }

  @Test
  void bytesUndoesText() throws Exception {
    Popen<byte[]> p = start(child(out("a\r\n")).text().bytes().stdout(PIPE));
    assertThat(p.communicate().stdout()).isEqualTo(utf8("a\r\n"));
  }

  @Test
  @Covers("promise 8")
  void specialCharactersAreKept() throws Exception {
    String odd = "a\u0000b\ufeff\u001a\u0085\u2028c";
    assertThat(decoded(utf8(odd), UTF_8, TextErrors.STRICT)).isEqualTo(odd);
  }

  @Test
  @Covers("rule 21")
  void longTextIsDecodedWhole() throws Exception {
    String text = "\u2603\ud83d\ude00e\r\n".repeat(30_000);
    Popen<String> p = start(child(cat()).text().stdin(PIPE).stdout(PIPE));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(utf8(text));
    assertThat(p.communicate(io.github.jpopen.Input.wrap(bytes.toByteArray())).stdout())
        .isEqualTo(text.replace("\r\n", "\n"));
  }
}
