package io.github.jpopen;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.scripted.ScriptedTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream and the reader or writer over it are closed together, whichever of the two was closed.
 * What the reader had decoded ahead is dropped with the unread bytes.
 */
class ClosedStreamTest extends ScriptedTest {
  private static final String CLOSED = "this stream is closed";

  interface Use {
    Object of(BufferedReader reader) throws IOException;
  }

  private static Named<Use> use(String name, Use use) {
    return Named.of(name, use);
  }

  /** What lets the reader know more of the text than it has handed out. */
  private static List<Named<Use>> firstUses() {
    return List.of(
        use("nothing", _ -> 0),
        use("read", BufferedReader::read),
        use("read twice", r -> r.read() + r.read()),
        use("read(char[1])", r -> r.read(new char[1])),
        use("ready", BufferedReader::ready),
        use("readLine", BufferedReader::readLine),
        use("skip", r -> r.skip(1)));
  }

  private static List<Named<Use>> lastUses() {
    return List.of(
        use("read", BufferedReader::read),
        use("read(char[])", r -> r.read(new char[8])),
        use("read(char[0])", r -> r.read(new char[0])),
        use("read(CharBuffer)", r -> r.read(CharBuffer.allocate(4))),
        use("readLine", BufferedReader::readLine),
        use("ready", BufferedReader::ready),
        use("skip", r -> r.skip(1)),
        use("lines", r -> r.lines().count()),
        use("readAllLines", BufferedReader::readAllLines),
        use("readAllAsString", BufferedReader::readAllAsString),
        use("transferTo", r -> r.transferTo(Writer.nullWriter())));
  }

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (String text :
        new String[] {
          "ab\ncd", "\r\nab\r\n", "\uD83D\uDE00\uD83D\uDE00x\n", "\u00E9\u00E9\n\u00E9"
        }) {
      for (Charset charset : new Charset[] {UTF_8, UTF_16LE}) {
        for (Named<Use> first : firstUses()) {
          cases.add(Arguments.of(text, charset, first));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{1}, {2}")
  @MethodSource("cases")
  void readerThrowsOnceTheStreamIsClosed(String text, Charset charset, Use first)
      throws IOException {
    for (Named<Use> last : lastUses()) {
      for (boolean errors : new boolean[] {false, true}) {
        byte[] bytes = text.getBytes(charset);
        child().stdout(bytes).stderr(bytes);
        Popen<String> p = start(PIPES.text(charset));
        BufferedReader reader = errors ? p.stderrReader() : p.stdoutReader();
        InputStream stream = errors ? p.stderr() : p.stdout();
        Object _ = first.of(reader);
        stream.close();
        assertThatThrownBy(() -> last.getPayload().of(reader))
            .as(last.getName())
            .isInstanceOfAny(IOException.class, UncheckedIOException.class)
            .hasMessageContaining(CLOSED);
      }
    }
  }

  @ParameterizedTest(name = "{1}, {2}")
  @MethodSource("cases")
  void streamThrowsOnceTheReaderIsClosed(String text, Charset charset, Use first)
      throws IOException {
    child().stdout(text.getBytes(charset));
    Popen<String> p = start(PIPES.text(charset));
    Object _ = first.of(p.stdoutReader());
    p.stdoutReader().close();
    assertThatIOException().isThrownBy(p.stdout()::read).withMessage(CLOSED);
    assertThatIOException().isThrownBy(() -> p.stdout().read(new byte[4])).withMessage(CLOSED);
    assertThatIOException().isThrownBy(p.stdoutReader()::read).withMessage(CLOSED);
  }

  @Test
  void writerThrowsOnceStdinIsClosed() throws IOException {
    for (String first : new String[] {"", "a"}) {
      child().readsInput();
      Popen<String> p = start(PIPES.text());
      Writer writer = p.stdinWriter();
      writer.write(first);
      p.stdin().close();
      assertThatIOException().isThrownBy(() -> writer.write("more"));
      assertThatIOException().isThrownBy(() -> writer.append('c'));
    }
  }
}
