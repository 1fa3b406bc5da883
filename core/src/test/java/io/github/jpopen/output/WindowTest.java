package io.github.jpopen.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken through a window, against the same without one. */
class WindowTest {
  private static final int ROUNDS = 2000;
  private static final List<String> ALPHABET =
      List.of(
          "a", "b", "\r", "\n", "\r\n", "\u00c3\u00a9", "\u00e2\u0082\u00ac", "\u00ff", "\u00e9");
  private static final List<Charset> CHARSETS = List.of(UTF_8, ISO_8859_1, US_ASCII);

  private static void receive(OutputBuffer buffer, byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      MemorySegment room = buffer.room();
      int n = (int) Math.min(room.byteSize(), bytes.length - done);
      MemorySegment.copy(bytes, done, room, ValueLayout.JAVA_BYTE, 0, n);
      buffer.received(n);
      done += n;
    }
  }

  /** Whole characters, broken ones, and every end of a line. */
  private static byte[] text(Random random, int size) {
    StringBuilder bytes = new StringBuilder();
    while (bytes.length() < size) {
      bytes.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
    }
    return bytes.substring(0, size).getBytes(ISO_8859_1);
  }

  /** The text of the first bytes; null if they are malformed or incomplete. */
  private static @Nullable String decoded(byte[] bytes, int length, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The bytes that are there, taken in every way in any order. */
  private static final class Model {
    private final Random random;
    private final OutputBuffer buffer = new ChunkedOutput();
    private byte[] bytes = {};
    private long position;
    private boolean open;
    private Charset charset = UTF_8;

    Model(int seed) {
      this.random = new Random(seed);
    }

    private void act() throws IOException {
      switch (random.nextInt(10)) {
        case 0 -> {
          byte[] more = text(random, random.nextInt(random.nextInt(10) == 0 ? 9000 : 40));
          receive(buffer, more);
          int before = bytes.length;
          bytes = Arrays.copyOf(bytes, before + more.length);
          System.arraycopy(more, 0, bytes, before, more.length);
        }
        case 1 -> {
          charset = CHARSETS.get(random.nextInt(CHARSETS.size()));
          boolean text = random.nextInt(4) > 0;
          buffer.openWindow(text ? charset : null);
          open = bytes.length > 0;
        }
        case 2 -> look();
        default -> take();
      }
      assertThat(buffer.sizeNow()).isEqualTo(bytes.length);
    }

    private void look() throws IOException {
      open = false;
      switch (random.nextInt(6)) {
        case 0 -> assertThat(buffer.size()).isEqualTo(bytes.length);
        case 1 -> assertThat(buffer.position()).isEqualTo(position);
        case 2 -> {
          byte[] front = new byte[random.nextInt(20)];
          int n = buffer.peek(0, front, 0, front.length);
          assertThat(Arrays.copyOf(front, n))
              .isEqualTo(Arrays.copyOf(bytes, Math.min(front.length, bytes.length)));
        }
        case 3 -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          buffer.snapshot().writeTo(out);
          assertThat(out.toByteArray()).isEqualTo(bytes);
        }
        case 4 -> assertThat(buffer.join()).isEqualTo(bytes);
        default -> {
          int n = random.nextInt(Math.min(50, bytes.length) + 1);
          buffer.consume(n);
          drop(n);
        }
      }
      assertThat(buffer.window()).isNull();
    }

    private void take() {
      Window window = buffer.window();
      if (window == null) {
        assertThat(open).isFalse();
        return;
      }
      int before = window.taken();
      switch (random.nextInt(4)) {
        case 0 -> {
          int taken = window.take();
          assertThat(taken).isEqualTo(window.taken() == before ? -1 : bytes[0] & 0xFF);
        }
        case 1 -> {
          byte[] into = new byte[1 + random.nextInt(8)];
          if (window.take(into, 0, into.length)) {
            assertThat(into).isEqualTo(Arrays.copyOf(bytes, into.length));
          }
        }
        case 2 -> {
          boolean had = window.hasCharacter();
          int taken = window.takeCharacter();
          assertThat(taken >= 0).isEqualTo(had);
          if (taken >= 0) {
            int length = window.taken() - before;
            String expected = bytes[0] == '\r' ? "\n" : decoded(bytes, length, charset);
            assertThat(Character.toString(taken)).isEqualTo(expected);
            assertThat(length).isEqualTo(bytes[0] == '\r' ? endLength(0) : length);
          }
        }
        default -> {
          String line = window.takeLine();
          if (line != null) {
            int length = line.getBytes(charset).length;
            assertThat(line).isEqualTo(decoded(bytes, length, charset)).doesNotContain("\n", "\r");
            assertThat(window.taken() - before).isEqualTo(length + endLength(length));
          }
        }
      }
      drop(window.taken() - before);
    }

    private int endLength(int at) {
      return bytes[at] == '\r' && bytes[at + 1] == '\n' ? 2 : 1;
    }

    private void drop(int count) {
      bytes = Arrays.copyOfRange(bytes, count, bytes.length);
      position += count;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void takingIsConsuming(int seed) throws IOException {
    Model model = new Model(seed);
    for (int i = 0; i < ROUNDS; i++) {
      model.act();
    }
  }

  private static Window window(byte[] bytes, @Nullable Charset text) {
    return new Window(bytes, 0, bytes.length, text);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "'', -1, -",
        "a, 97, -",
        "'a\n', 97, a",
        "'\nb', 10, ''",
        "'\r', -1, -",
        "'\r\n', 10, ''",
        "'\ra', 10, ''",
        "'ab\r', 97, -",
        "'ab\r\nc', 97, ab",
        "'ab\rc', 97, ab",
        "'\r\u00e9\n', -1, -",
      })
  void charactersAndLinesAreWhole(String text, int character, @Nullable String line) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    for (Charset charset : CHARSETS) {
      assertThat(window(bytes, charset).takeCharacter()).isEqualTo(character);
      assertThat(window(bytes, charset).hasCharacter()).isEqualTo(character >= 0);
      assertThat(window(bytes, charset).takeLine()).isEqualTo(line);
    }
    assertThat(window(bytes, null).hasCharacter()).isFalse();
    assertThat(window(bytes, null).takeCharacter()).isEqualTo(-1);
    assertThat(window(bytes, null).takeLine()).isNull();
  }

  @Test
  void everyCharacterOfOneUnitIsTakenWhole() {
    for (Charset charset : CHARSETS) {
      CharsetEncoder encoder = charset.newEncoder();
      for (char c = 0; c < Character.MAX_VALUE; c++) {
        if (c != '\r' && encoder.canEncode(c)) {
          byte[] bytes = (c + "a\n").getBytes(charset);
          Window window = window(bytes, charset);
          assertThat(window.takeCharacter()).isEqualTo(c);
          assertThat(window.take()).isEqualTo('a');
          assertThat(window(bytes, charset).takeLine())
              .isEqualTo(c == '\n' ? "" : c == '\uFFFD' ? null : c + "a");
        }
      }
    }
  }

  /** Each pair of first bytes, with third ones around the borders. */
  @Test
  void whatIsNotWellFormedIsLeft() {
    byte[] last = {0, 0x7F, (byte) 0x80, (byte) 0xBF, (byte) 0xC0, (byte) 0xFF};
    for (int first = 0x80; first <= 0xFF; first++) {
      for (int second = 0; second <= 0xFF; second++) {
        for (byte third : last) {
          byte[] bytes = {(byte) first, (byte) second, third};
          String two = decoded(bytes, 2, UTF_8);
          String three = two == null ? decoded(bytes, 3, UTF_8) : two.substring(0, 1);
          int expected = three == null ? -1 : three.charAt(0);
          assertThat(window(bytes, UTF_8).takeCharacter())
              .as("%x %x %x", first, second, third)
              .isEqualTo(expected);
        }
      }
      byte[] cutOff = {(byte) first, (byte) 0x80};
      String two = decoded(cutOff, 2, UTF_8);
      assertThat(window(cutOff, UTF_8).takeCharacter()).isEqualTo(two == null ? -1 : two.charAt(0));
      assertThat(window(new byte[] {(byte) first}, UTF_8).takeCharacter()).isEqualTo(-1);
      byte[] line = {'a', (byte) first, '\n'};
      assertThat(window(line, UTF_8).takeLine()).isNull();
      assertThat(window(line, US_ASCII).takeLine()).isNull();
    }
  }

  @Test
  void nothingIsTakenFromAClosedWindow() {
    Window window = new Window("ab\n".getBytes(ISO_8859_1), 0, 3, UTF_8);
    assertThat(window.take()).isEqualTo('a');
    assertThat(window.close()).isEqualTo(1);
    assertThat(window.take()).isEqualTo(-1);
    assertThat(window.take(new byte[1], 0, 1)).isFalse();
    assertThat(window.hasCharacter()).isFalse();
    assertThat(window.takeCharacter()).isEqualTo(-1);
    assertThat(window.takeLine()).isNull();
  }

  /** Bytes on the heap, without memory for a window. */
  private static final class PoorOutput extends OutputBuffer {
    private final ChunkedOutput bytes = new ChunkedOutput();

    @Override
    public MemorySegment room() {
      return bytes.room();
    }

    @Override
    void added(long count) {
      bytes.added(count);
    }

    @Override
    Window front(@Nullable Charset text) {
      throw new OutOfMemoryError("refused by the test");
    }

    @Override
    long unconsumed() {
      return bytes.unconsumed();
    }

    @Override
    int copy(long from, byte[] into, int offset, int length) {
      return bytes.copy(from, into, offset, length);
    }

    @Override
    void drop(long count) {
      bytes.drop(count);
    }

    @Override
    Snapshot kept() {
      return bytes.kept();
    }

    @Override
    byte[] joined() {
      return bytes.joined();
    }
  }

  @Test
  void noMemoryIsNoWindow() {
    OutputBuffer buffer = new PoorOutput();
    receive(buffer, new byte[] {1, 2, 3});
    buffer.consume(1);
    assertThatCode(() -> buffer.openWindow(UTF_8)).doesNotThrowAnyException();
    assertThat(buffer.window()).isNull();
    assertThat(buffer.join()).containsExactly(2, 3);
  }

  /** A reader has handed out a carriage return of UTF-16. */
  @Test
  void halfALineFeedIsNotOffered() {
    OutputBuffer buffer = new ChunkedOutput();
    receive(buffer, new byte[] {'\r', 0});
    buffer.consume(2, new byte[] {'\n', 0});
    receive(buffer, new byte[] {'\n'});
    buffer.openWindow(null);
    assertThat(buffer.window()).isNull();
    receive(buffer, new byte[] {0, 'a'});
    buffer.openWindow(null);
    assertThat(buffer.window()).isNotNull();
    assertThat(buffer.join()).containsExactly('a');
  }

  /** A window closes in the middle of takes: each byte is on one side or on the other. */
  @Test
  void closingCountsEveryTake() throws Exception {
    byte[] bytes = text(new Random(1), 4000);
    for (int i = 0; i < 200; i++) {
      Window window = new Window(bytes, 0, bytes.length, null);
      FutureTask<Integer> taker = new FutureTask<>(() -> takeAll(window, bytes));
      Thread thread = Thread.ofPlatform().start(taker);
      int taken = 0;
      while (taken < i * 10) {
        taken = window.taken();
      }
      int closed = window.close();
      assertThat(taker.get()).isEqualTo(closed);
      thread.join();
    }
  }

  private static int takeAll(Window window, byte[] expected) {
    int count = 0;
    int one = window.take();
    while (one >= 0) {
      assertThat((byte) one).isEqualTo(expected[count++]);
      one = window.take();
    }
    return count;
  }
}
