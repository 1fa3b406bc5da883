package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputWriterTest {
  private final RecordingStream stream = new RecordingStream();
  private final InputWriter writer = writer(UTF_8, ErrorPolicy.STRICT);

  @Test
  void doesNotFlushLines() throws IOException {
    writer.write("one");
    writer.write(" two\nthree");
    writer.append("\r").append('x');
    writer.write(new char[] {'-', 'a', '\n', '-'}, 1, 2);
    writer.write("-b-", 1, 1);
    writer.write('\n');

    assertThat(stream.events).containsExactly("one", " two\nthree", "\r", "x", "a\n", "b", "\n");
  }

  @Test
  void flushesOnDemandAndClosesTheStream() throws IOException {
    writer.write("a");
    writer.flush();
    writer.close();
    writer.close();

    assertThat(stream.events).containsExactly("a", "flush", "close", "close");
  }

  @Test
  void writesSplitSurrogatePairs() throws IOException {
    String text = "😀😀";
    for (int i = 0; i < text.length(); i++) {
      writer.write(text.charAt(i));
    }
    writer.close();

    assertThat(stream.events).containsExactly("", "😀", "", "😀", "close");
  }

  @Test
  void writesNothingOfUnencodableText() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write("abc\uDC00"))
        .withMessage("input cannot be encoded in UTF-8 at index 3");
    writer.write("d");

    assertThat(stream.events).containsExactly("d");
  }

  @Test
  void closesTheStreamAfterIncompleteCharacter() throws IOException {
    writer.write('\uD83D');

    assertThatIllegalArgumentException().isThrownBy(writer::close);
    assertThat(stream.events).containsExactly("", "close");
  }

  @Test
  void endsStatefulCharsets() throws IOException {
    Charset charset = Charset.forName("ISO-2022-JP");
    try (var japanese = new PrintWriter(writer(charset, ErrorPolicy.STRICT))) {
      japanese.print("あ");
    }

    assertThat(stream.bytes.toByteArray()).isEqualTo("あ".getBytes(charset));
  }

  @Test
  void throwsWhatTheStreamThrows() {
    var broken =
        new InputWriter(
            new ClosableSink(), TextEncoder.of(new TextMode(UTF_8, ErrorPolicy.STRICT)));

    assertThatIOException()
        .isThrownBy(
            () -> {
              try (broken) {
                broken.write("a");
              }
              broken.write("b");
            });
  }

  private InputWriter writer(Charset charset, ErrorPolicy errors) {
    return new InputWriter(stream, new TextEncoder(new TextMode(charset, errors), "\n"));
  }

  private static final class ClosableSink implements StdinSink {
    private boolean closed;

    @Override
    public void writeWhole(byte[] bytes) throws IOException {
      flush();
    }

    @Override
    public void flush() throws IOException {
      if (closed) {
        throw new IOException("this stream is closed");
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class RecordingStream implements StdinSink {
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void writeWhole(byte[] taken) {
      bytes.writeBytes(taken);
      events.add(new String(taken, UTF_8));
    }

    @Override
    public void flush() {
      events.add("flush");
    }

    @Override
    public void close() {
      events.add("close");
    }
  }
}
