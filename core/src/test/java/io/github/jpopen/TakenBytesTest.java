package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.text.UnreadBytes;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small reads take bytes without a lock; every other call sees them as consumed, exactly once. */
class TakenBytesTest extends ScriptedTest {
  private static final int PIECE = 1000;
  private static final int PIECES = 100;
  private static final Charset STATEFUL = Charset.forName("ISO-2022-JP");

  /** Lines of any length, with every kind of end. */
  private static byte[] text(Random random) {
    byte[] text = new byte[PIECE * PIECES];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (random.nextInt(20) == 0 ? '\n' : 'a' + random.nextInt(26));
    }
    return text;
  }

  private static Call<Void> writing(ScriptedChild child, byte[] text) {
    return Call.of(
        () -> {
          for (int i = 0; i < PIECES; i++) {
            child.stdout(Arrays.copyOfRange(text, i * PIECE, (i + 1) * PIECE));
          }
          child.endsOutputs().exits(0);
          return null;
        });
  }

  /** Reads small pieces, in any way, until communicate takes the rest. */
  private static final class Reading {
    private final Popen<byte[]> child;
    private final Random random;
    private final AtomicInteger count;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    Reading(Popen<byte[]> child, int seed, AtomicInteger count) {
      this.child = child;
      this.random = new Random(seed);
      this.count = count;
    }

    byte[] untilSealed() throws IOException {
      try {
        InputStream bytes = child.stdout();
        BufferedReader characters = child.stdoutReader();
        while (readSome(bytes, characters)) {
          count.set(read.size());
        }
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageStartingWith("communicate was called");
      }
      return read.toByteArray();
    }

    private boolean readSome(InputStream bytes, BufferedReader characters) throws IOException {
      return switch (random.nextInt(6)) {
        case 0 -> {
          byte[] some = new byte[1 + random.nextInt(30)];
          yield keep(some, bytes.read(some));
        }
        case 1 -> {
          String line = characters.readLine();
          byte[] some = (line + "\n").getBytes(US_ASCII);
          yield line != null && keep(some, some.length);
        }
        case 2 -> bytes.available() + (characters.ready() ? 1 : 0) >= 0;
        case 3, 4 -> keepOne(bytes.read());
        default -> keepOne(characters.read());
      };
    }

    private boolean keepOne(int one) {
      return keep(new byte[] {(byte) one}, one < 0 ? -1 : 1);
    }

    private boolean keep(byte[] some, int length) {
      if (length > 0) {
        read.write(some, 0, length);
      }
      return length >= 0;
    }
  }

  /** The text ends in a newline, so that every line that is read had one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void communicateGetsExactlyTheRest(int seed) throws Exception {
    Random random = new Random(seed);
    byte[] text = text(random);
    text[text.length - 1] = '\n';
    int limit = random.nextInt(text.length);
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Void> writing = writing(child, text);
    AtomicInteger count = new AtomicInteger();
    Reading reading = new Reading(p, seed, count);
    Call<byte[]> reader =
        seed % 2 == 0 ? Call.of(reading::untilSealed) : Call.virtual(reading::untilSealed);
    while (count.get() < limit && !reader.isDone()) {
      Thread.onSpinWait();
    }
    byte[] rest = p.communicate().stdout();
    byte[] front = reader.result();
    writing.result();
    assertThat(front).as("seed %d", seed).isEqualTo(Arrays.copyOf(text, front.length));
    assertThat(rest).isEqualTo(Arrays.copyOfRange(text, front.length, text.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void severalReadersGetEachByteOnce(int seed) throws Exception {
    byte[] text = text(new Random(seed));
    text[text.length - 1] = '\n';
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Void> writing = writing(child, text);
    AtomicInteger count = new AtomicInteger();
    Call<byte[]> first = Call.of(() -> new Reading(p, seed, count).untilSealed());
    Call<byte[]> second = Call.virtual(() -> new Reading(p, -seed, count).untilSealed());
    int[] histogram = new int[128];
    for (byte[] part : List.of(first.result(), second.result())) {
      for (byte b : part) {
        histogram[b]++;
      }
    }
    for (byte b : text) {
      histogram[b]--;
    }
    writing.result();
    assertThat(histogram).containsOnly(0);
    assertThat(p.communicate().stdout()).isEmpty();
  }

  @Test
  void aTimeoutHoldsWhatWasNotTaken() throws Exception {
    child().stdout("abc\ndef");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().read()).isEqualTo('a');
    assertThat(p.stdout().read()).isEqualTo('b');
    assertThat(timedOut(() -> p.waitFor(NONE)).stdout().text()).isEqualTo("c\ndef");
    assertThat(p.stdoutReader().readLine()).isEqualTo("c");
    assertThat(p.stdoutReader().read()).isEqualTo('d');
    assertThat(p.stdoutReader().read()).isEqualTo('e');
    assertThat(timedOut(() -> p.waitFor(NONE)).stdout().text()).isEqualTo("f");
  }

  @Test
  void nothingIsTakenFromAClosedStream() throws Exception {
    child().stdout("abc").ends(STDOUT);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdoutReader().read()).isEqualTo('a');
    assertThat(p.stdoutReader().read()).isEqualTo('b');
    p.stdout().close();
    assertThatIOException().isThrownBy(() -> p.stdout().read());
    assertThatIOException().isThrownBy(() -> p.stdout().read(new byte[1]));
    assertThatIOException().isThrownBy(() -> p.stdoutReader().read());
    assertThatIOException().isThrownBy(() -> p.stdoutReader().readLine());
  }

  /** Communicate has begun, and has not looked at the bytes since. */
  @Test
  void nothingIsTakenDuringCommunicate() throws Exception {
    ScriptedChild child = child().stdout("abc\n");
    Popen<byte[]> p = start(PIPES);
    InputStream stdout = p.stdout();
    BufferedReader reader = p.stdoutReader();
    assertThat(reader.read()).isEqualTo('a');
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThatIllegalStateException().isThrownBy(stdout::read);
    assertThatIllegalStateException().isThrownBy(reader::read);
    assertThatIllegalStateException().isThrownBy(reader::readLine);
    child.endsOutputs().exits(0);
    assertThat(talking.result().stdout()).asString().isEqualTo("bc\n");
  }

  /** A reader was about to offer text when communicate began. */
  @Test
  void nothingIsOfferedDuringCommunicate() throws Exception {
    child().stdout("abc\n");
    Popen<byte[]> p = start(PIPES);
    UnreadBytes stdout = (UnreadBytes) p.stdout();
    assertThat(p.stdoutReader().read()).isEqualTo('a');
    assertThat(stdout.hasCharacter()).isTrue();
    assertThat(timedOut(() -> p.communicate("", NONE)).stdout().text()).isEqualTo("bc\n");
    stdout.offerText(UTF_8);
    assertThat(stdout.hasCharacter()).isFalse();
    assertThat(stdout.takeCharacter()).isEqualTo(-1);
    assertThat(stdout.takeLine()).isNull();
  }

  /** Its end was seen, so closing it drops nothing. */
  @Test
  void nothingIsTakenFromAStreamThatEndedAndWasClosed() throws Exception {
    child().stdout("abc\n").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().read()).isEqualTo('a');
    assertThat(p.stderr().read()).isEqualTo(-1);
    assertThat(p.stdout().read()).isEqualTo('b');
    p.stdout().close();
    assertThatIOException().isThrownBy(() -> p.stdout().read());
    assertThatIOException().isThrownBy(() -> p.stdout().read(new byte[1]));
    assertThat(p.communicate().isComplete()).isTrue();
  }

  @Test
  void aTakenByteAnswersATimeout() throws Exception {
    ScriptedChild child = child().stdout("abc");
    Popen<byte[]> p = start(PIPES);
    assertThat(timedOut(() -> p.waitFor(NONE))).isNotNull();
    assertThat(Call.of(() -> p.stdout().read()).result()).isEqualTo('a');
    assertThat(p.stdout().read()).isEqualTo('b');
    Call<Void> closing =
        Call.of(
            () -> {
              p.close();
              return null;
            });
    closing.awaitParked();
    child.endsOutputs().exits(0);
    closing.result();
    assertThat(child.signals()).isEmpty();
  }

  @Test
  void nothingIsTakenAfterCommunicate() throws Exception {
    child().stdout("abc\n").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    InputStream stdout = p.stdout();
    BufferedReader reader = p.stdoutReader();
    assertThat(reader.read()).isEqualTo('a');
    assertThat(p.communicate().stdout()).asString().isEqualTo("bc\n");
    assertThatIllegalStateException().isThrownBy(stdout::read);
    assertThatIllegalStateException().isThrownBy(stdout::available);
    assertThatIllegalStateException().isThrownBy(reader::read);
    assertThatIllegalStateException().isThrownBy(reader::readLine);
  }

  @Test
  void availableCountsWhatIsLeft() throws Exception {
    child().stdout("abcdef");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().read()).isEqualTo('a');
    assertThat(p.stdout().read()).isEqualTo('b');
    assertThat(p.stdout().available()).isEqualTo(4);
    byte[] some = new byte[3];
    assertThat(p.stdout().read(some, 1, 2)).isEqualTo(2);
    assertThat(some).containsExactly(0, 'c', 'd');
    assertThat(p.stdout().read(new byte[10])).isEqualTo(2);
    assertThat(p.stdout().available()).isZero();
  }

  /** Takes of bytes end between the bytes of a character, or between "\r" and "\n". */
  @Test
  void bytesAndCharactersMix() throws Exception {
    child().stdout("a\u00e9b\r\nc\rd\n\u20ac\n".getBytes(UTF_8));
    Popen<String> p = start(PIPES.text(UTF_8, TextErrors.REPLACE));
    assertThat(p.stdoutReader().read()).isEqualTo('a');
    assertThat(p.stdout().read()).isEqualTo(0xC3);
    assertThat(p.stdoutReader().read()).isEqualTo('\uFFFD');
    assertThat(p.stdout().read()).isEqualTo('b');
    assertThat(p.stdout().read()).isEqualTo('\r');
    assertThat(p.stdoutReader().readLine()).isEmpty();
    assertThat(p.stdoutReader().readLine()).isEqualTo("c");
    assertThat(p.stdoutReader().read()).isEqualTo('d');
    assertThat(p.stdoutReader().read()).isEqualTo('\n');
    assertThat(p.stdoutReader().read()).isEqualTo('\u20ac');
    assertThat(p.stdoutReader().readLine()).isEmpty();
  }

  static List<Arguments> modes() {
    List<Arguments> modes = new ArrayList<>();
    for (Charset charset : List.of(UTF_8, ISO_8859_1, US_ASCII, UTF_16LE, STATEFUL)) {
      modes.add(Arguments.of(charset, TextErrors.REPLACE));
      modes.add(Arguments.of(charset, TextErrors.IGNORE));
    }
    return modes;
  }

  /** In UTF-8 whole and broken characters, in other charsets whatever that is. */
  private static byte[] anyText(Random random) {
    List<String> parts =
        List.of("a", "b", "\r", "\n", "\r\n", "\u00e9", "\u20ac", "\uFFFD", "\uD83D\uDE00");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < 2000; i++) {
      if (random.nextInt(30) == 0) {
        text.write(random.nextInt(256));
      } else {
        text.writeBytes(parts.get(random.nextInt(parts.size())).getBytes(UTF_8));
      }
    }
    return text.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void smallReadsOfTextAddUpToTheWhole(Charset charset, TextErrors errors) throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      byte[] bytes = anyText(random);
      child().stdout(bytes).endsOutputs().exits(0);
      String expected = start(PIPES.text(charset, errors)).communicate().stdout();
      ScriptedChild child = child();
      for (int done = 0; done < bytes.length; ) {
        int n = Math.min(1 + random.nextInt(500), bytes.length - done);
        child.stdout(Arrays.copyOfRange(bytes, done, done + n));
        done += n;
      }
      child.endsOutputs().exits(0);
      BufferedReader reader = start(PIPES.text(charset, errors)).stdoutReader();
      assertThat(ended(smallReads(reader, random))).as("seed %d", seed).isEqualTo(ended(expected));
    }
  }

  /** A line without an end looks like one with it. */
  private static String ended(String text) {
    return text.endsWith("\n") ? text : text + "\n";
  }

  private static String smallReads(BufferedReader reader, Random random) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int before = text.length();
      switch (random.nextInt(8)) {
        case 0 -> {
          char[] some = new char[1 + random.nextInt(10)];
          int n = reader.read(some);
          text.append(some, 0, Math.max(0, n));
        }
        case 1 -> {
          String line = reader.readLine();
          text.append(line == null ? "" : line + "\n");
        }
        case 2 -> {
          if (!reader.ready()) {
            continue;
          }
          text.append((char) reader.read());
        }
        default -> {
          int c = reader.read();
          text.append(c < 0 ? "" : Character.toString(c));
        }
      }
      if (text.length() == before) {
        return text.toString();
      }
    }
  }
}
