package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Communicate in text mode: when output is decoded, and what remains if it cannot be. */
class CommunicateTextTest extends ScriptedTest {
  private static final String TEXT = "ä€😀\n";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void splitCharactersAreDecodedWhole(int piece) throws Exception {
    child().writes(STDOUT, TEXT.getBytes(UTF_8), piece).endsOutputs().exits(0);
    assertThat(start(PIPES.text()).communicate().stdout()).isEqualTo(TEXT);
  }

  @Test
  void characterSplitByTimeoutIsWholeAfterwards() throws Exception {
    ScriptedChild child = child();
    Popen<String> p = start(PIPES.text());
    byte[] bytes = (TEXT + "\r\nend").getBytes(UTF_8);
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      child.stdout(new byte[] {bytes[i]});
      TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
      seen.setLength(0);
      seen.append(e.stdout().text());
      assertThat(TEXT + "\nend").startsWith(seen);
    }
    assertThat(seen).hasToString(TEXT + "\nend");
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo(TEXT + "\nend");
  }

  @Test
  void undecodableOutputIsReportedWithAllBytes() throws Exception {
    ScriptedChild child = child().stdout("fine").stderr("not \uD83D");
    child.writes(STDOUT, new byte[] {(byte) 0xC3}, 1).endsOutputs().exits(7);
    Popen<String> p = start(PIPES.text());
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e)
        .hasMessage(
            "stdout of \"fake\" cannot be text: byte 0xc3 at position 4 cannot be decoded as UTF-8")
        .hasCauseInstanceOf(CharacterCodingException.class);
    assertThat(e.stdout().bytes()).containsExactly('f', 'i', 'n', 'e', 0xC3);
    assertThat(e.stderr().text()).isEqualTo("not ?");
    assertThat(p.returncode()).isEqualTo(7);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void everyCallReportsUndecodableOutput() throws Exception {
    child().stdout("o").writes(STDERR, new byte[] {-1}, 1).endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    for (int i = 0; i < 3; i++) {
      SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
      assertThat(e).hasMessageStartingWith("stderr of \"fake\" cannot be text: byte 0xff");
      assertThat(e.stdout().bytes()).asString().isEqualTo("o");
      assertThat(e.stderr().bytes()).containsExactly(-1);
      assertThat(e.stderr().text()).isEqualTo("\uFFFD");
    }
  }

  @Test
  void everyLineEndBecomesALineFeed() throws Exception {
    child().stdout("a\r").stdout("\nb\rc\n\r\n").endsOutputs().exits(0);
    assertThat(start(PIPES.text()).communicate().stdout()).isEqualTo("a\nb\nc\n\n");
  }

  @Test
  void communicateReturnsWhatTheReaderLeft() throws Exception {
    child().stdout("first\r\nsec").stdout("ond ä\n").endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    assertThat(p.stdoutReader().readLine()).isEqualTo("first");
    assertThat(p.stdoutReader().read()).isEqualTo('s');
    assertThat(p.communicate().stdout()).isEqualTo("econd ä\n");
  }

  @Test
  void writerAndInputShareOneByteOrderMark() throws Exception {
    ScriptedChild child = child().readsInput().endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text(UTF_16));
    p.stdinWriter().write("a");
    p.communicate("b");
    assertThat(child.input()).isEqualTo("ab".getBytes(UTF_16));
  }

  @Test
  void unpairedSurrogateAtTheEndIsReportedOnce() throws Exception {
    for (boolean closed : new boolean[] {false, true}) {
      child().readsInput().stdout("out").endsOutputs().exits(0);
      Popen<String> p = start(PIPES.text());
      Writer writer = p.stdinWriter();
      writer.write("a\ud83d");
      assertThatIllegalArgumentException()
          .isThrownBy(closed ? writer::close : p::communicate)
          .withMessage("input cannot be encoded in UTF-8 at index 0");
      assertThat(p.communicate().stdout()).isEqualTo("out");
    }
  }

  @ParameterizedTest
  @CsvSource({"REPLACE, a?", "IGNORE, a", "BACKSLASH_REPLACE, a\\ud83d"})
  void everyEndOfTheTextAppliesThePolicyToHalfACharacter(TextErrors errors, String sent)
      throws Exception {
    String half = "a\ud83d";
    List<TextEnd> ends =
        List.of(
            p -> p.communicate(half),
            p -> p.communicate(Input.of(half)),
            p -> {
              p.stdinWriter().write(half);
              p.stdinWriter().close();
            },
            p -> {
              p.stdinWriter().write(half);
              p.close();
            },
            p -> {
              p.stdinWriter().write(half);
              p.communicate();
            });
    for (TextEnd end : ends) {
      ScriptedChild child = child().readsInput().endsOutputs().exits(0);
      end.end(start(PIPES.text(UTF_8, errors)));
      assertThat(child.inputText()).isEqualTo(sent);
    }
  }

  /** A way to end what is written to a child. */
  private interface TextEnd {
    void end(Popen<String> p) throws Exception;
  }

  @Test
  void closeEndsTheWrittenText() throws Exception {
    Charset japanese = Charset.forName("ISO-2022-JP");
    ScriptedChild child = child().readsInput().exits(0);
    Popen<String> p = start(PIPES.text(japanese));
    p.stdinWriter().write("\u65e5\u672c");
    p.close();
    assertThat(child.input()).isEqualTo("\u65e5\u672c".getBytes(japanese));
  }

  @Test
  void closeReportsUnpairedSurrogate() throws Exception {
    ScriptedChild child = child().readsInput().exits(3);
    Popen<String> p = start(PIPES.text());
    p.stdinWriter().write("a\ud83d");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(p::close)
        .withMessage("input cannot be encoded in UTF-8 at index 0");
    assertThat(child.inputText()).isEqualTo("a");
    assertThat(p.returncode()).isEqualTo(3);
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void writerGathersLines() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<String> p = start(PIPES.text());
    p.stdinWriter().write("line");
    p.stdinWriter().write(" 1\nline");
    assertThat(child.input()).isEmpty();
    p.stdinWriter().close();
    assertThat(child.inputText()).isEqualTo("line 1\nline");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }
}
