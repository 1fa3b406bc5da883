package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream to the child: its buffer, and what a failed write reports. */
class StdinStreamTest extends ScriptedTest {
  /**
   * A flush waits in a step when another thread calls communicate. The bytes of the flush were
   * accepted first, so they must be sent first.
   */
  @Test
  void blockedWriteGoesBeforeCommunicate() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Void> writing =
        Call.of(
            () -> {
              p.stdin().write(new byte[] {'1', '2', '3'});
              p.stdin().flush();
              return null;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    Call<Output<byte[]>> talking = Call.of(() -> p.communicate("45"));
    talking.awaitParked();
    child.accepts(2).accepts(2).accepts(2).endsOutputs().exits(0);
    writing.result();
    talking.result();
    assertThat(child.inputText()).isEqualTo("12345");
  }

  /**
   * A thread writes while communicate begins. Each write is either accepted, and then sent before
   * the input and in order, or refused; a write that is lost or sent twice shows in the bytes.
   */
  @Test
  void writesDuringCommunicateStartAreSentInOrder() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 3000; round++) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(PIPES);
      int size = 1 + random.nextInt(3000);
      AtomicInteger accepted = new AtomicInteger();
      Call<Void> writing =
          Call.of(
              () -> {
                try {
                  for (int i = 0; ; i++) {
                    byte[] bytes = new byte[size];
                    Arrays.fill(bytes, (byte) i);
                    p.stdin().write(bytes);
                    accepted.addAndGet(size);
                  }
                } catch (IllegalStateException e) {
                  return null; // communicate has begun
                }
              });
      for (int spins = random.nextInt(200); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      child.endsOutputs().exits(0);
      p.communicate();
      writing.result();
      byte[] expected = new byte[accepted.get()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (byte) (i / size);
      }
      assertThat(child.input()).as("round %s", round).isEqualTo(expected);
    }
  }

  @Test
  void writesAreBufferedUntilFlushed() throws Exception {
    ScriptedChild child = child().readsInput();
    OutputStream out = start(PIPES).stdin();
    out.write("some".getBytes(UTF_8));
    out.write('!');
    assertThat(child.steps()).isEmpty();
    out.flush();
    assertThat(child.inputText()).isEqualTo("some!");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    out.write(new byte[8192]);
    assertThat(child.input()).hasSize(5);
    out.write(1);
    assertThat(child.input()).hasSize(5 + 8192);
    out.write(new byte[200_000]);
    assertThat(child.input()).hasSizeGreaterThan(5 + 8192 + 200_000 - 8192);
    out.close();
    assertThat(child.input()).hasSize(5 + 8192 + 1 + 200_000);
    assertThat(child.isClosedByCore(STDIN)).isTrue();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> out.write(1))
        .withMessage("this stream is closed");
    out.close();
  }

  @Test
  void largeWriteKeepsTheOrder() throws Exception {
    ScriptedChild child = child().readsInput();
    OutputStream out = start(PIPES).stdin();
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    out.write(bytes, 0, 7);
    out.write(bytes, 7, 250_000);
    out.write(bytes, 250_007, 49_993);
    out.flush();
    assertThat(child.input()).isEqualTo(bytes);
  }

  @Test
  void unreadWriteFails() throws Exception {
    child().refusesInput();
    OutputStream out = start(PIPES).stdin();
    out.write(1);
    String brokenPipe = "broken pipe: the child's stdin has no reader";
    assertThatExceptionOfType(IOException.class).isThrownBy(out::flush).withMessage(brokenPipe);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> out.write(1))
        .withMessage(brokenPipe);
  }

  @Test
  void closeOfTheChildClosesTheStream() throws Exception {
    child().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.stdin().write(1))
        .withMessage("this stream is closed");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.stdin().flush())
        .withMessage("this stream is closed");
  }

  @Test
  void brokenStdinFailsTheFlush() throws Exception {
    IOException error = new IOException("EIO");
    child().breaks(STDIN, error);
    OutputStream out = start(PIPES).stdin();
    out.write(1);
    assertThatExceptionOfType(IOException.class).isThrownBy(out::flush).isSameAs(error);
  }

  @Test
  void closeOfTheChildFailsABlockedWriter() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    OutputStream out = p.stdin();
    out.write(1);
    Call<Void> writing =
        Call.of(
            () -> {
              out.flush();
              return null;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    Call<Void> closing =
        Call.of(
            () -> {
              p.close();
              return null;
            });
    assertThat(writing.failure())
        .isInstanceOf(IOException.class)
        .hasMessage("this stream is closed");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> out.write(1))
        .withMessage("this stream is closed");
    child.exits(0);
    closing.result();
    assertThat(child.input()).isEmpty();
  }

  /** A flush of one byte that the child does not take, interrupted. */
  private static void interruptAFlush(Popen<byte[]> p, ScriptedChild child) throws Exception {
    p.stdin().write('x');
    Call<Boolean> flushing = Call.of(() -> flush(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    flushing.interrupt();
    assertThat(flushing.failure()).isInstanceOf(InterruptedIOException.class);
  }

  private static boolean flush(Popen<byte[]> p) throws IOException {
    p.stdin().flush();
    return true;
  }

  private static boolean closeStdin(Popen<byte[]> p) throws IOException {
    p.stdin().close();
    return true;
  }

  @Test
  void flushAfterInterruptWaitsForTheSameBytes() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    interruptAFlush(p, child);
    Call<Boolean> flushing = Call.of(() -> flush(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    flushing.interrupt();
    assertThat(flushing.failure()).isInstanceOf(InterruptedIOException.class);
    Call<Boolean> last = Call.of(() -> flush(p));
    child.accepts(1);
    last.result();
    assertThat(child.inputText()).isEqualTo("x");
    assertThat(flush(p)).isTrue();
  }

  /** The wait of a flush may end because a consumer of an output throws. */
  @Test
  void flushAfterAFailureWaitsForTheSameBytes() throws Exception {
    ScriptedChild child = child().stdout("line");
    Popen<byte[]> p =
        start(
            Command.of("fake")
                .stdin(Redirect.PIPE)
                .onChunk(
                    (_, _) -> {
                      throw new IllegalStateException("no");
                    }));
    p.stdin().write('x');
    assertThat(Call.of(() -> flush(p)).failure())
        .isInstanceOf(IOException.class)
        .hasMessage("a consumer of stdout failed");
    Call<Boolean> flushing = Call.of(() -> flush(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    child.accepts(1);
    flushing.result();
    assertThat(child.inputText()).isEqualTo("x");
  }

  /** A thread waits for another one that writes, perhaps for ever. */
  @Test
  void interruptEndsTheWaitForAnotherWriter() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    byte[] large = new byte[100_000];
    Call<Boolean> first = Call.of(() -> write(p, large));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    for (Callable<Boolean> next :
        List.<Callable<Boolean>>of(() -> write(p, new byte[] {1}), () -> flush(p))) {
      Call<Boolean> second = Call.of(next).awaitParked();
      second.interrupt();
      assertThat(second.failure())
          .isInstanceOfSatisfying(
              InterruptedIOException.class, e -> assertThat(e.bytesTransferred).isZero());
    }
    child.readsInput().accepts(1);
    first.result();
    assertThat(child.input()).isEqualTo(large);
  }

  private static boolean write(Popen<byte[]> p, byte[] bytes) throws IOException {
    p.stdin().write(bytes);
    return true;
  }

  @Test
  void flushAfterInterruptReportsBrokenPipe() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    interruptAFlush(p, child);
    Call<Boolean> flushing = Call.of(() -> flush(p));
    child.refusesInput();
    assertThat(flushing.failure()).isInstanceOf(IOException.class).hasMessageContaining("broken");
  }

  @Test
  void closeAfterInterruptedFlushSendsFirst() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    interruptAFlush(p, child);
    Call<Boolean> closing = Call.of(() -> closeStdin(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    child.accepts(1);
    closing.result();
    assertThat(child.inputText()).isEqualTo("x");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void nextStepFinishesAnInterruptedClose() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write('x');
    Call<Boolean> closing = Call.of(() -> closeStdin(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    closing.interrupt();
    assertThat(closing.failure()).isInstanceOf(InterruptedIOException.class);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.stdin().write('y'))
        .withMessage("this stream is closed");
    Call<Integer> reading = Call.of(() -> p.stdout().read());
    child.accepts(1);
    child.awaitClosedByCore(STDIN);
    child.stdout("z");
    assertThat(reading.result()).isEqualTo('z');
    assertThat(child.inputText()).isEqualTo("x");
    assertThat(closeStdin(p)).isTrue();
  }

  @Test
  void closeCanBeRepeatedAfterInterrupt() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write('x');
    Call<Boolean> closing = Call.of(() -> closeStdin(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    closing.interrupt();
    assertThat(closing.failure()).isInstanceOf(InterruptedIOException.class);
    Call<Boolean> again = Call.of(() -> closeStdin(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    child.accepts(1);
    again.result();
    assertThat(child.inputText()).isEqualTo("x");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void interruptedFlushAndCloseSendEverything() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    interruptAFlush(p, child);
    p.stdin().write('y');
    Call<Boolean> closing = Call.of(() -> closeStdin(p));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    closing.interrupt();
    assertThat(closing.failure()).isInstanceOf(InterruptedIOException.class);
    Call<Integer> reading = Call.of(() -> p.stdout().read());
    child.accepts(1).accepts(1);
    child.awaitClosedByCore(STDIN);
    child.stdout("z");
    assertThat(reading.result()).isEqualTo('z');
    assertThat(child.inputText()).isEqualTo("xy");
  }

  /** Text that the child does not take, behind bytes that leave no room for it in the buffer. */
  private static void interruptAWriter(
      Popen<byte[]> p, ScriptedChild child, int buffered, String text) throws Exception {
    p.stdin().write(new byte[buffered]);
    Call<Boolean> writing =
        Call.of(
            () -> {
              p.stdinWriter().write(text);
              return true;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    writing.interrupt();
    assertThat(writing.failure())
        .isInstanceOfSatisfying(
            InterruptedIOException.class,
            e -> assertThat(e.bytesTransferred).isEqualTo(text.length()));
  }

  @ParameterizedTest
  @ValueSource(ints = {8188, 8190, 8192})
  void textOfInterruptedWriteIsSent(int buffered) throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    interruptAWriter(p, child, buffered, "LINE\n");
    p.stdinWriter().write("more");
    child.readsInput().endsOutputs().exits(0);
    p.communicate("!");
    assertThat(child.inputText()).isEqualTo("\0".repeat(buffered) + "LINE\nmore!");
  }

  @Test
  void longTextOfInterruptedWriteIsSent() throws Exception {
    String text = "0123456789".repeat(30_000);
    ScriptedChild child = child().accepts(3);
    Popen<byte[]> p = start(PIPES);
    interruptAWriter(p, child, 10, text);
    Call<Boolean> flushing = Call.of(() -> flush(p));
    child.readsInput().stdout("wake"); // ends the step that runs, which would not read the input
    flushing.result();
    assertThat(child.inputText()).isEqualTo("\0".repeat(10) + text);
  }

  @Test
  void unreadTextFailsTheWriter() throws Exception {
    child().refusesInput();
    Popen<byte[]> p = start(PIPES);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              p.stdinWriter().write("LINE\n");
              p.stdinWriter().flush();
            })
        .withMessage("broken pipe: the child's stdin has no reader");
  }

  @Test
  void interruptedWriterCloseSendsEndOfText() throws Exception {
    ScriptedChild child = child();
    Charset japanese = Charset.forName("ISO-2022-JP");
    Popen<String> p = start(PIPES.text(japanese));
    p.stdinWriter().write("\u65e5");
    p.stdin().write(new byte[8192 - 5]); // no room for the escape sequence that ends the text
    Call<Boolean> closing =
        Call.of(
            () -> {
              p.stdinWriter().close();
              return true;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    closing.interrupt();
    assertThat(closing.failure()).isInstanceOf(InterruptedIOException.class);
    child.readsInput().endsOutputs().exits(0);
    p.communicate();
    assertThat(child.input()).endsWith("\u001b(B".getBytes(UTF_8));
  }

  /** A write of one byte. */
  interface SmallWrite {
    /** Writes to the stdin of a child. */
    void to(Popen<byte[]> child) throws IOException;
  }

  static List<Arguments> smallWrites() {
    return List.of(
        argumentSet("a byte", (SmallWrite) p -> p.stdin().write('b')),
        argumentSet("bytes", (SmallWrite) p -> p.stdin().write(new byte[] {'b'})),
        argumentSet("a character", (SmallWrite) p -> p.stdinWriter().write('b')),
        argumentSet("text", (SmallWrite) p -> p.stdinWriter().write("b")));
  }

  /** A large write is sent in parts, and what other threads write comes after all of them. */
  @ParameterizedTest
  @MethodSource("smallWrites")
  void smallWriteDoesNotSplitALargeOne(SmallWrite small) throws Exception {
    byte[] large = new byte[200_000];
    Arrays.fill(large, (byte) 'a');
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    p.stdin().write('1');
    Call<Void> writing =
        Call.of(
            () -> {
              p.stdin().write(large);
              return null;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    Call<Void> other =
        Call.of(
            () -> {
              small.to(p);
              return null;
            });
    other.awaitParked();
    child.readsInput().accepts(1); // ends the step
    writing.result();
    other.result();
    p.stdin().close();
    assertThat(child.inputText()).isEqualTo("1" + "a".repeat(large.length) + "b");
  }

  /** Writes of every size, past the end of the buffer and up to it, keep their order. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void writesOfEverySizeKeepTheOrder(int seed) throws Exception {
    Random random = new Random(seed);
    ScriptedChild child = child().readsInput();
    OutputStream out = start(PIPES).stdin();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(100) == 0 ? random.nextInt(20_000) : 1];
      random.nextBytes(bytes);
      if (bytes.length == 1) {
        out.write(bytes[0]);
      } else {
        out.write(bytes);
      }
      expected.writeBytes(bytes);
      int left = expected.size() - child.input().length;
      if (random.nextInt(20) == 0 && left < 8192) { // exactly full
        out.write(new byte[8192 - left]);
        expected.writeBytes(new byte[8192 - left]);
      }
    }
    out.close();
    assertThat(child.input()).isEqualTo(expected.toByteArray());
  }

  static List<Charset> charsets() {
    return List.of(UTF_8, ISO_8859_1, US_ASCII, UTF_16, Charset.forName("ISO-2022-JP"));
  }

  @ParameterizedTest
  @MethodSource("charsets")
  void charactersOneByOneAreTheTextOfThem(Charset charset) throws Exception {
    String text =
        "a\n\u00e9\uD83D\uDE00?b\u20ac\r\n\u65e5\u672c \u007f\u0080\0\uD83D\uDE00x".repeat(50);
    Command<String> command = PIPES.text(charset, TextErrors.REPLACE);
    ScriptedChild whole = child().readsInput().endsOutputs().exits(0);
    start(command).communicate(text);
    Random random = new Random(1);
    ScriptedChild child = child().readsInput();
    Writer writer = start(command).stdinWriter();
    for (int i = 0; i < text.length(); i++) {
      if (random.nextInt(4) == 0) {
        writer.write(text.substring(i, i + 1));
      } else {
        writer.write(text.charAt(i));
      }
    }
    writer.close();
    assertThat(child.input()).isEqualTo(whole.input());
  }
}
