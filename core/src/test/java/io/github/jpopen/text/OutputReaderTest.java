package io.github.jpopen.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.conversation.Deliveries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputReaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "US-ASCII", "ISO-8859-1", "UTF-16", "UTF-32", "Shift_JIS"})
  void readsLinesAndLeavesTheRest(Charset charset) throws IOException {
    var text = new Opened(charset, "one\ntwo\r\n\rfour\nrest\r\nof it".getBytes(charset));

    assertThat(text.reader.readLine()).isEqualTo("one");
    assertThat(text.reader.readLine()).isEqualTo("two");
    assertThat(text.reader.readLine()).isEmpty();
    assertThat(text.reader.readLine()).isEqualTo("four");
    assertThat(text.finish()).isEqualTo("rest\nof it");
  }

  @Test
  void takesOnlyTheBytesOfTheLine() throws IOException {
    var text = new Opened(UTF_8, "é\n€\r\nrest".getBytes(UTF_8));

    text.reader.readLine();
    assertThat(text.source.consumed()).isEqualTo(3);
    text.reader.readLine();
    assertThat(text.source.consumed()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16BE", "UTF-32"})
  void returnsALineAsSoonAsItArrives(Charset charset) throws IOException {
    var source = Deliveries.ofInteractive("a".getBytes(charset), "b\rc\n".getBytes(charset));
    var reader = new OutputReader(source, new TextMode(charset, ErrorPolicy.STRICT).newDecoder());

    assertThat(reader.readLine()).isEqualTo("ab");
    assertThat(reader.readLine()).isEqualTo("c");
    assertThat(reader.ready()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE"})
  void carriageReturnDoesNotWaitForALineFeed(Charset charset) throws IOException {
    byte[][] pieces = {
      "a\r".getBytes(charset), "\n".getBytes(charset), "b\r".getBytes(charset),
      "\nc\r".getBytes(charset), "\r".getBytes(charset), "\n\nd".getBytes(charset)
    };
    var text = new Opened(charset, pieces);

    assertThat(text.reader.readLine()).isEqualTo("a");
    assertThat(text.source.rest().length).isEqualTo("b\r\nc\r\r\n\nd".getBytes(charset).length);
    assertThat(text.reader.readLine()).isEqualTo("b");
    assertThat(text.reader.read()).isEqualTo('c');
    assertThat(text.reader.read()).isEqualTo('\n');
    assertThat(text.reader.readLine()).isEmpty();
    assertThat(text.finish()).isEqualTo("\nd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE"})
  void lateLineFeedIsIgnored(Charset charset) throws IOException {
    var line = new Opened(charset, "a\r".getBytes(charset), "\n".getBytes(charset));
    assertThat(line.reader.readLine()).isEqualTo("a");
    assertThat(line.reader.readLine()).isNull();

    var rest = new Opened(charset, "a\r".getBytes(charset), "\n\nb".getBytes(charset));
    assertThat(rest.reader.readLine()).isEqualTo("a");
    assertThat(rest.finish()).isEqualTo("\nb");

    var single = new Opened(charset, "\r".getBytes(charset), "\nx".getBytes(charset));
    assertThat(single.reader.read()).isEqualTo('\n');
    single.source.deliver();
    assertThat(single.reader.ready()).isTrue();
    assertThat(single.reader.readLine()).isEqualTo("x");
    assertThat(single.reader.readLine()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-32"})
  void readsLinesLongerThanItLooksAhead(Charset charset) throws IOException {
    String line = "aé😀".repeat(20_000);
    byte[] bytes = (line + "\r\n" + line + "\nx").getBytes(charset);
    var text = new Opened(charset, bytes);

    assertThat(text.reader.readLine()).isEqualTo(line);
    assertThat(text.reader.readLine()).isEqualTo(line);
    assertThat(text.finish()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "X-UTF-32LE-BOM", "UTF-32"})
  void restIsReadInTheByteOrderOfTheMark(Charset charset) throws IOException {
    boolean wide = charset.name().contains("32");
    Charset little = Charset.forName(wide ? "UTF-32LE" : "UTF-16LE");
    byte[] bytes = "\uFEFFa\nb\nc".getBytes(little);
    for (int cut = 0; cut <= bytes.length; cut++) {
      var text = new Opened(charset, head(bytes, cut), tail(bytes, cut));
      assertThat(text.reader.readLine()).isEqualTo("a");
      assertThat(text.reader.read()).isEqualTo('b');
      assertThat(text.finish()).isEqualTo("\nc");
    }
  }

  @Test
  void returnsBothSurrogatesOfACharacter() throws IOException {
    byte[] bytes = "😀x".getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      var both = new Opened(UTF_8, head(bytes, cut), tail(bytes, cut));
      assertThat(both.reader.read()).isEqualTo("😀".charAt(0));
      assertThat(both.reader.read()).isEqualTo("😀".charAt(1));
      assertThat(both.finish()).isEqualTo("x");

      var one = new Opened(UTF_8, head(bytes, cut), tail(bytes, cut));
      assertThat(one.reader.read()).isEqualTo("😀".charAt(0));
      assertThat(one.reader.ready()).isTrue();
      assertThat(one.finish()).isEqualTo("\uDE00x");

      var line = new Opened(UTF_8, head(bytes, cut), tail(bytes, cut));
      assertThat(line.reader.read()).isEqualTo("😀".charAt(0));
      assertThat(line.reader.readLine()).isEqualTo("\uDE00x");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE"})
  void strictErrorConsumesNothingOfTheLine(Charset charset) throws IOException {
    byte[] malformed =
        charset.equals(UTF_8) ? new byte[] {(byte) 0xFF} : new byte[] {(byte) 0xDC, 0};
    byte[] bytes = concat("a\nb".getBytes(charset), malformed, "c\nd".getBytes(charset));
    var text = new Opened(charset, bytes);
    int line = "a\n".getBytes(charset).length;

    assertThat(text.reader.readLine()).isEqualTo("a");
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(CharacterCodingException.class)
          .isThrownBy(text.reader::readLine)
          .withMessageContaining("position " + "a\nb".getBytes(charset).length);
      assertThat(text.source.consumed()).isEqualTo(line);
    }
    assertThat(text.reader.read()).isEqualTo('b');
    assertThatExceptionOfType(CharacterCodingException.class).isThrownBy(text.reader::read);
    assertThat(text.reader.ready()).isTrue();
    assertThat(text.source.rest()).isEqualTo(concat(malformed, "c\nd".getBytes(charset)));
    assertThatExceptionOfType(CharacterCodingException.class).isThrownBy(text::finish);
  }

  @Test
  void policyHandlesIncompleteLastCharacter() throws IOException {
    byte[] bytes = {'a', (byte) 0xE2, (byte) 0x82};

    var strict = new Opened(UTF_8, bytes);
    assertThat(strict.reader.read(new char[9], 0, 9)).isEqualTo(1);
    assertThatExceptionOfType(CharacterCodingException.class).isThrownBy(strict.reader::read);
    var replaced = new Opened(new TextMode(UTF_8, ErrorPolicy.REPLACE), bytes);
    assertThat(replaced.reader.readLine()).isEqualTo("a\uFFFD");
    var escaped = new Opened(new TextMode(UTF_8, ErrorPolicy.BACKSLASH_REPLACE), bytes);
    assertThat(escaped.reader.skip(2)).isEqualTo(2);
    assertThat(escaped.reader.ready()).isTrue();
    assertThat(escaped.reader.readLine()).isEqualTo("xe2\\x82");
    var ignored = new Opened(new TextMode(UTF_8, ErrorPolicy.IGNORE), bytes);
    assertThat(ignored.reader.read()).isEqualTo('a');
    assertThat(ignored.reader.read()).isEqualTo(-1);
    assertThat(ignored.finish()).isEmpty();
  }

  /** This charset keeps a character back, because the next byte may change it. */
  @Test
  void endReturnsWhatTheCharsetHeldBack() throws IOException {
    TextMode mode = new TextMode(Charset.forName("x-ISCII91"), ErrorPolicy.STRICT);
    byte[] bytes = {(byte) 0xA6, '$'};
    String whole = mode.decode(bytes, bytes.length);
    assertThat(whole).hasSize(2);

    var line = new Opened(mode, bytes);
    assertThat(line.reader.readLine()).isEqualTo(whole);
    assertThat(line.reader.readLine()).isNull();
    assertThat(line.finish()).isEmpty();
    var characters = new Opened(mode, bytes);
    assertThat(characters.reader.read()).isEqualTo(whole.charAt(0));
    assertThat(characters.reader.ready()).isTrue();
    assertThat(characters.reader.read()).isEqualTo('$');
    assertThat(characters.reader.ready()).isFalse();
    assertThat(characters.reader.read()).isEqualTo(-1);
    var all = new Opened(mode, bytes);
    assertThat(all.reader.readAllAsString()).isEqualTo(whole);
    var rest = new Opened(mode, bytes);
    assertThat(rest.reader.read()).isEqualTo(whole.charAt(0));
    assertThat(rest.finish()).isEqualTo("$");
  }

  @Test
  void isReadyOnlyForWholeCharacters() throws IOException {
    var source = Deliveries.ofInteractive(new byte[] {(byte) 0xC3}, new byte[] {(byte) 0xA9, '\n'});
    var reader = new OutputReader(source, new TextMode(UTF_8, ErrorPolicy.STRICT).newDecoder());

    assertThat(reader.ready()).isFalse();
    source.deliver();
    assertThat(reader.ready()).isFalse();
    source.deliver();
    assertThat(reader.ready()).isTrue();
    assertThat(source.consumed()).isZero();
    assertThat(reader.readLine()).isEqualTo("é");
    assertThat(reader.ready()).isFalse();
  }

  @Test
  void everyMethodOfAReaderWorks() throws IOException {
    var text = new Opened(ISO_8859_1, "ab\r\ncdef\r\nghi\r\njk\rl".getBytes(ISO_8859_1));
    var reader = text.reader;

    assertThat(reader.read(new char[0])).isZero();
    assertThat(reader.skip(0)).isZero();
    assertThat(reader.skip(4)).isEqualTo(4);
    char[] two = new char[2];
    assertThat(reader.read(two)).isEqualTo(2);
    assertThat(two).containsExactly('d', 'e');
    CharBuffer buffer = CharBuffer.allocate(3);
    assertThat(reader.read(buffer)).isEqualTo(2); // the "\r\n" at the window's end is one
    assertThat(buffer.flip().toString()).isEqualTo("f\n");
    assertThat(reader.lines().limit(1)).containsExactly("ghi");
    var rest = new StringWriter();
    assertThat(reader.transferTo(rest)).isEqualTo(4);
    assertThat(rest).hasToString("jk\nl");
    assertThat(reader.read()).isEqualTo(-1);
    assertThat(reader.readLine()).isNull();
    assertThat(reader.skip(1)).isZero();
    assertThat(reader.ready()).isFalse();
  }

  @Test
  void cannotGoBack() {
    var text = new Opened(UTF_8, new byte[] {'a'});

    assertThat(text.reader.markSupported()).isFalse();
    assertThatIOException().isThrownBy(() -> text.reader.mark(1));
    assertThatIOException().isThrownBy(text.reader::reset);
    assertThatIllegalArgumentException().isThrownBy(() -> text.reader.skip(-1));
  }

  @Test
  void closesTheOutput() throws IOException {
    var text = new Opened(UTF_16, new byte[] {0, 'a'});

    text.reader.close();

    assertThat(text.source.isClosed()).isTrue();
    assertThatIOException().isThrownBy(text.reader::read).withMessage("this stream is closed");
    assertThatIOException().isThrownBy(text.reader::readLine);
    assertThatIOException().isThrownBy(text.reader::ready);
    assertThatIOException().isThrownBy(() -> text.reader.skip(1));
  }

  /** In the middle of a line, which is longer than what was looked at first. */
  @Test
  void communicateMayTakeTheBytesOfALine() {
    var reader = new OutputReader(taken(), new TextMode(UTF_8, ErrorPolicy.STRICT).newDecoder());

    assertThatIllegalStateException().isThrownBy(reader::readLine).withMessage("communicate");
  }

  /** All bytes are taken after the end of a line was found. */
  private static UnreadBytes taken() {
    Deliveries source = Deliveries.ofInteractive(new byte[] {'a'}, new byte[] {'b', '\n'});
    AtomicBoolean found = new AtomicBoolean();
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (found.get() && method.getName().equals("consume")) {
            throw new IllegalStateException("communicate");
          }
          if (!method.getName().equals("peek")) {
            return method.invoke(source, arguments);
          }
          int copied = found.get() ? 0 : (int) method.invoke(source, arguments);
          found.compareAndSet(false, copied == 2);
          return copied;
        };
    Class<?>[] types = {UnreadBytes.class};
    return (UnreadBytes) Proxy.newProxyInstance(UnreadBytes.class.getClassLoader(), types, handler);
  }

  private static byte[] head(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] concat(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A reader over pieces, and the decoder of the rest. */
  private static final class Opened {
    private final Deliveries source;
    private final TextDecoder decoder;
    private final OutputReader reader;

    Opened(Charset charset, byte[]... pieces) {
      this(new TextMode(charset, ErrorPolicy.STRICT), pieces);
    }

    Opened(TextMode mode, byte[]... pieces) {
      source = Deliveries.of(pieces);
      decoder = mode.newDecoder();
      reader = new OutputReader(source, decoder);
    }

    String finish() throws CharacterCodingException {
      byte[] rest = source.rest();
      decoder.sync(source.position());
      return decoder.finish(rest, rest.length);
    }
  }
}
