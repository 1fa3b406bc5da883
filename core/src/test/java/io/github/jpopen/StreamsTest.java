package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.stream.ChildReadStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams, and that they and communicate share one owner of the bytes. */
class StreamsTest extends ScriptedTest {
  private static final String SEALED = "communicate was called: the streams can no longer be used";

  @Test
  void communicateReturnsUnreadBytes() throws Exception {
    child().stdout("abcdef").stderr("err").stdout("ghi").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().readNBytes(2)).asString().isEqualTo("ab");
    assertThat(p.stdout().read()).isEqualTo('c');
    Output<byte[]> output = p.communicate();
    assertThat(output.stdout()).asString().isEqualTo("defghi");
    assertThat(output.stderr()).asString().isEqualTo("err");
  }

  @Test
  void communicateReturnsUnreadText() throws Exception {
    child().stdout("1\n2\n3\n").endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    assertThat(p.stdoutReader().readLine()).isEqualTo("1");
    assertThat(p.communicate().stdout()).isEqualTo("2\n3\n");
  }

  @Test
  void usingOneStreamKeepsBytesOfTheOther() throws Exception {
    ScriptedChild child = child().stderr("kept").stdout("a").ends(STDOUT);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().readAllBytes()).asString().isEqualTo("a");
    int steps = child.steps().size();
    assertThat(p.stderr().available()).isEqualTo(4);
    assertThat(p.stderr().readNBytes(4)).asString().isEqualTo("kept");
    assertThat(child.steps()).hasSize(steps);
  }

  /** As {@link BufferedReader} specifies: it reads until no more is ready. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-32"})
  void readTakesAllAvailableText(String name) throws Exception {
    Charset charset = Charset.forName(name);
    ScriptedChild child = child().stdout("Password: ".getBytes(charset));
    Popen<String> p = start(PIPES.text(charset));
    char[] text = new char[64];
    assertThat(p.stdoutReader().read(text)).isEqualTo(10);
    child.stdout("again".getBytes(charset));
    assertThat(p.stdoutReader().ready()).isTrue();
    assertThat(p.stdoutReader().read(text, 0, 3)).isEqualTo(3);
    assertThat(p.stdoutReader().read(text)).isEqualTo(2);
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEmpty();
  }

  /**
   * Another thread may close the stream after a reader has seen bytes and before it consumes them.
   * The close has dropped them, so there is nothing left to consume.
   */
  @Test
  void droppedBytesCannotBeConsumed() throws Exception {
    ScriptedChild child = child().stdout("ab");
    Popen<byte[]> p = start(PIPES);
    ChildReadStream stream = (ChildReadStream) p.stdout();
    assertThat(stream.await(1)).isTrue();
    stream.close();
    stream.consume(1, new byte[0]);
    assertThat(timedOut(() -> p.waitFor(NONE)).stdout().size()).isZero();
    child.exits(0);
  }

  @Test
  void readBlocksUntilBytesArrive() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    byte[] buffer = new byte[10];
    Call<Integer> reading = Call.of(() -> p.stdout().read(buffer));
    child.awaitStepWanting(STDOUT, STDERR);
    child.stderr("not this");
    child.awaitStepWanting(STDOUT, STDERR);
    assertThat(reading.isDone()).isFalse();
    child.stdout("this");
    assertThat(reading.result()).isEqualTo(4);
    assertThat(new String(buffer, 0, 4, UTF_8)).isEqualTo("this");
  }

  @Test
  void closeDuringReadIsNotEndOfFile() throws Exception {
    for (boolean everything : new boolean[] {false, true}) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(PIPES);
      InputStream stdout = p.stdout();
      Call<Integer> reading = Call.of(stdout::read);
      child.awaitStepWanting(STDOUT, STDERR);
      child.exits(0);
      if (everything) {
        p.close();
      } else {
        stdout.close();
      }
      assertThat(reading.failure())
          .isInstanceOf(IOException.class)
          .hasMessage("this stream is closed");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(stdout::read)
          .withMessage("this stream is closed");
      p.close();
    }
  }

  @Test
  void endSeenBeforeCloseStaysTheEnd() throws Exception {
    child().stdout("1\n2\n3\n").endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    BufferedReader reader = p.stdoutReader();
    assertThat(reader.readLine()).isEqualTo("1");
    assertThat(p.stderr().read()).as("the end was seen").isEqualTo(-1);
    p.close();
    assertThat(p.stderr().read()).isEqualTo(-1);
  }

  @Test
  void droppedLinesAreNotEndOfFile() throws Exception {
    child().stdout("1\n2\n").exits(0);
    Popen<String> p = start(PIPES.text());
    BufferedReader reader = p.stdoutReader();
    assertThat(reader.readLine()).isEqualTo("1");
    p.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(reader::readLine)
        .withMessage("this stream is closed");
  }

  @Test
  void availableLooksOnceAndDoesNotWait() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().available()).isZero();
    child.stdout("abc").stderr("kept");
    assertThat(p.stdout().available()).isEqualTo(3);
    int steps = child.steps().size();
    assertThat(p.stdout().available()).isEqualTo(3);
    assertThat(child.steps()).hasSize(steps);
    assertThat(p.stdout().readNBytes(3)).asString().isEqualTo("abc");
    child.ends(STDOUT);
    assertThat(p.stdout().available()).isZero();
    child.ends(STDERR).exits(0);
    assertThat(p.communicate().stderr()).asString().isEqualTo("kept");
  }

  @Test
  void availableOfAClosedStreamThrows() throws Exception {
    child().stdout("abc").stderr("abc").ends(STDERR).exits(0);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().available()).isEqualTo(3);
    assertThat(p.stderr().readAllBytes()).hasSize(3);
    p.stdout().close();
    assertThatIOException().isThrownBy(p.stdout()::available).withMessage("this stream is closed");
    assertThat(p.stderr().available()).as("the end was seen").isZero();
  }

  @Test
  void availableAndReadyThrowOnceTheChildIsClosed() throws Exception {
    child().stdout("abc").stderr("abc").ends(STDERR).exits(0);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stderr().readAllBytes()).hasSize(3);
    p.close();
    assertThatIOException().isThrownBy(p.stdout()::available).withMessage("this stream is closed");
    assertThatIOException()
        .isThrownBy(p.stdoutReader()::ready)
        .withMessage("this stream is closed");
    assertThat(p.stderr().available()).as("the end was seen").isZero();
    assertThat(p.stderrReader().ready()).as("the end was seen").isFalse();
  }

  @Test
  void readyWaitsForAWholeCharacter() throws Exception {
    ScriptedChild child = child();
    BufferedReader reader = start(PIPES.text()).stdoutReader();
    assertThat(reader.ready()).isFalse();
    child.stdout(new byte[] {(byte) 0xC3});
    assertThat(reader.ready()).isFalse();
    child.stdout(new byte[] {(byte) 0xA9});
    assertThat(reader.ready()).isTrue();
    assertThat(reader.read()).isEqualTo('é');
    assertThat(reader.ready()).isFalse();
    child.ends(STDOUT);
    assertThat(reader.ready()).isFalse();
  }

  @Test
  void readerAndStreamTakeEveryByteOnce() throws Exception {
    child().stdout("abc\u00e9d\u00e9f").endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    BufferedReader reader = p.stdoutReader();
    assertThat(reader.ready()).isTrue();
    assertThat(p.stdout().read()).isEqualTo('a');
    assertThat(reader.read()).isEqualTo('b');
    assertThat(reader.ready()).isTrue();
    assertThat(p.stdout().available()).isEqualTo(7);
    assertThat(p.stdout().read()).isEqualTo('c');
    assertThat(reader.ready()).isTrue();
    assertThat(p.stdout().readNBytes(3)).isEqualTo("\u00e9d".getBytes(UTF_8));
    assertThat(reader.ready()).isTrue();
    assertThat(p.stdout().readNBytes(2)).isEqualTo("\u00e9".getBytes(UTF_8));
    assertThat(p.communicate().stdout()).isEqualTo("f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "Shift_JIS"})
  void interruptedReadLineKeepsItsBytes(Charset charset) throws Exception {
    byte[] line = "ab\u3042\n".getBytes(charset);
    for (int taken = 1; taken < line.length; taken++) {
      ScriptedChild child = child().stdout(Arrays.copyOf(line, line.length - 1));
      Popen<String> p = start(PIPES.text(charset));
      interruptALine(p, child);
      assertThat(p.stdout().readNBytes(taken)).isEqualTo(Arrays.copyOf(line, taken));
      child.stdout(Arrays.copyOfRange(line, line.length - 1, line.length)).ends(STDOUT);
      assertThat(p.stdout().readAllBytes()).isEqualTo(Arrays.copyOfRange(line, taken, line.length));
    }
  }

  private static void interruptALine(Popen<?> p, ScriptedChild child) throws Exception {
    Call<String> reading = Call.of(() -> p.stdoutReader().readLine());
    child.awaitStepWanting(STDOUT, STDERR);
    reading.interrupt();
    assertThat(reading.failure()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void readerKeepsItsByteOrderAfterTheStream() throws Exception {
    byte[] bytes = "\uFEFFab\ncd\ne".getBytes(UTF_16LE);
    ScriptedChild child = child().stdout(Arrays.copyOf(bytes, 6));
    Popen<String> p = start(PIPES.text(UTF_16));
    interruptALine(p, child);
    assertThat(p.stdout().readNBytes(4)).isEqualTo(Arrays.copyOf(bytes, 4)); // the mark and "a"
    child.stdout(Arrays.copyOfRange(bytes, 6, bytes.length)).endsOutputs().exits(0);
    assertThat(p.stdoutReader().readLine()).isEqualTo("b");
    assertThat(p.stdout().readNBytes(2)).containsExactly('c', 0);
    assertThat(p.communicate().stdout()).isEqualTo("d\ne");
  }

  @Test
  void readyConsumesNoByteOrderMark() throws Exception {
    child().stdout(new byte[] {(byte) 0xFE, (byte) 0xFF}).ends(STDOUT);
    Popen<String> p = start(PIPES.text(UTF_16));
    assertThat(p.stdoutReader().ready()).isFalse();
    assertThat(p.stdout().readAllBytes()).containsExactly(0xFE, 0xFF);
  }

  @Test
  void undecodableBytesCanBeReadAsBytes() throws Exception {
    child().stdout(new byte[] {'a', (byte) 0xFF, 'b', '\n'}).endsOutputs().exits(0);
    Popen<String> p = start(PIPES.text());
    BufferedReader reader = p.stdoutReader();
    assertThatExceptionOfType(CharacterCodingException.class).isThrownBy(reader::readLine);
    assertThat(p.stdout().readNBytes(2)).containsExactly('a', 0xFF);
    assertThat(reader.readLine()).isEqualTo("b");
  }

  @Test
  void streamWaitsWhileAReaderReads() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<String> line = Call.of(() -> p.stdoutReader().readLine());
    child.awaitStepWanting(STDOUT, STDERR);
    Call<Integer> given = Call.of(() -> p.stdout().read()).awaitParked();
    given.interrupt();
    assertThat(given.failure()).isInstanceOf(InterruptedIOException.class);
    Call<Integer> next = Call.of(() -> p.stdout().read()).awaitParked();
    child.stdout("li");
    child.stdout("ne\nx");
    assertThat(line.result()).isEqualTo("line");
    assertThat(next.result()).isEqualTo('x');
  }

  @Test
  void incompleteCharacterAtTheEndIsReady() throws Exception {
    child().stdout(new byte[] {'a', (byte) 0xC3}).ends(STDOUT);
    BufferedReader reader = start(PIPES.text(UTF_8, TextErrors.REPLACE)).stdoutReader();
    assertThat(reader.read()).isEqualTo('a');
    boolean _ = reader.ready(); // sees the end
    assertThat(reader.ready()).isTrue();
    assertThat(reader.read()).isEqualTo('\uFFFD');
    assertThat(reader.ready()).isFalse();
    assertThat(reader.read()).isEqualTo(-1);
  }

  /** As in any BufferedReader, except that readLine does not wait for the line feed. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "Shift_JIS", "UTF-16", "UTF-16LE", "UTF-32LE", "IBM1047"})
  void lineFeedAfterCarriageReturnIsConsumed(Charset charset) throws Exception {
    byte[] head = "HEAD\r".getBytes(charset);
    byte[] all = "HEAD\r\nBODY".getBytes(charset);
    byte[] body = Arrays.copyOfRange(all, "HEAD\r\n".getBytes(charset).length, all.length);
    for (int cut = head.length; cut <= all.length; cut++) {
      ScriptedChild child = child().stdout(Arrays.copyOf(all, cut));
      Popen<String> p = start(PIPES.text(charset));
      assertThat(p.stdoutReader().readLine()).isEqualTo("HEAD");
      if (cut == head.length) {
        assertThat(p.stdout().available()).isZero();
      }
      child.stdout(Arrays.copyOfRange(all, cut, all.length)).ends(STDOUT);
      if (cut < all.length - body.length) { // look until it has come
        p.stdoutReader().ready();
      }
      assertThat(p.stdout().readAllBytes()).as("cut at %s", cut).isEqualTo(body);
    }
  }

  @Test
  void lateLineFeedIsInNoResult() throws Exception {
    ScriptedChild child = child().stdout("HEAD\r").stderr("c\rd\r");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdoutReader().readLine()).isEqualTo("HEAD");
    assertThat(p.stderrReader().readLine()).isEqualTo("c");
    assertThat(p.stderrReader().skip(2)).isEqualTo(2);
    child.stdout("\n").stderr("\n");
    TimeoutExpiredException e = timedOut(() -> p.communicate(Duration.ofMillis(1)));
    assertThat(e.stdout().bytes()).isEmpty();
    assertThat(e.stdout().text()).isEmpty();
    child.stdout("\nBODY").endsOutputs().exits(0);
    Output<byte[]> output = p.communicate();
    assertThat(output.stdout()).asString().isEqualTo("\nBODY");
    assertThat(output.stderr()).isEmpty();
  }

  @Test
  void lateLineFeedIsNotAvailable() throws Exception {
    ScriptedChild child = child().stdout("HEAD\r");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdoutReader().readLine()).isEqualTo("HEAD");
    child.stdout("\n");
    assertThat(p.stdout().available()).isZero();
    Call<Integer> reading = Call.of(() -> p.stdout().read());
    child.awaitStepWanting(STDOUT, STDERR);
    child.stdout("\n");
    assertThat(reading.result()).isEqualTo('\n');
  }

  @Test
  void otherByteAfterCarriageReturnIsKept() throws Exception {
    child().stdout("a\r").stdout("b\n").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdoutReader().readLine()).isEqualTo("a");
    assertThat(p.stdout().read()).isEqualTo('b');
    assertThat(p.communicate().stdout()).asString().isEqualTo("\n");
  }

  @Test
  void lateLineFeedIsDroppedOffTheHeap() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      ScriptedChild child = child().stdout("HEAD\r");
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      assertThat(p.stdoutReader().readLine()).isEqualTo("HEAD");
      child.stdout("\nBODY").endsOutputs().exits(0);
      assertThat(p.communicate().stdout().toArray(ValueLayout.JAVA_BYTE))
          .asString()
          .isEqualTo("BODY");
    }
  }

  @Test
  void availableKeepsAnInterruptPending() throws Exception {
    child().stdout("abc");
    Popen<byte[]> p = start(PIPES);
    Thread.currentThread().interrupt();
    assertThat(p.stdout().available()).isEqualTo(3);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void endOfFileIsPermanent() throws Exception {
    child().stdout("x").ends(STDOUT);
    InputStream in = start(PIPES).stdout();
    assertThat(in.readAllBytes()).hasSize(1);
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(new byte[5])).isEqualTo(-1);
    assertThat(in.available()).isZero();
  }

  @Test
  void readOfZeroBytesDoesNotWait() throws Exception {
    ScriptedChild child = child();
    InputStream in = start(PIPES).stdout();
    assertThat(in.read(new byte[0])).isZero();
    assertThat(child.steps()).isEmpty();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> in.read(new byte[2], 1, 2));
  }

  @Test
  void firstCommunicateSealsTheStreams() throws Exception {
    ScriptedChild child = child().stdout("mine");
    Popen<byte[]> p = start(PIPES);
    InputStream in = p.stdout();
    OutputStream out = p.stdin();
    BufferedReader reader = p.stderrReader();
    timedOut(() -> p.communicate(NONE));
    assertThatIllegalStateException().isThrownBy(in::read).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(() -> in.read(new byte[0])).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(in::available).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(() -> out.write(1)).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(out::flush).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(reader::readLine).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(p::stdout).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(p::stderrReader).withMessage(SEALED);
    assertThatIllegalStateException().isThrownBy(p::stdinWriter).withMessage(SEALED);
    in.close();
    out.close();
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("mine");
  }

  @Test
  void communicateEndsBlockedReads() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> bytes = Call.of(() -> p.stdout().read());
    Call<String> text = Call.virtual(() -> p.stderrReader().readLine());
    child.awaitStepWanting(STDOUT, STDERR);
    bytes.awaitParked();
    text.awaitParked();
    Call<Output<byte[]>> talking = Call.of(p::communicate);
    assertThat(bytes.failure()).isInstanceOf(IllegalStateException.class).hasMessage(SEALED);
    assertThat(text.failure()).isInstanceOf(IllegalStateException.class).hasMessage(SEALED);
    child.stdout("all").stderr("all\n").endsOutputs().exits(0);
    assertThat(talking.result().stdout()).asString().isEqualTo("all");
    assertThat(talking.result().stderr()).asString().isEqualTo("all\n");
  }

  /**
   * Another thread may call communicate after a reader has seen bytes and before it consumes them.
   * communicate owns the bytes then, so the reader must not get them.
   */
  @Test
  void bytesSeenBeforeTheSealCannotBeConsumed() throws Exception {
    child().stdout("ab").endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    ChildReadStream in = (ChildReadStream) p.stdout();
    assertThat(in.await(0)).isTrue();
    Output<byte[]> output = p.communicate();
    assertThatIllegalStateException()
        .isThrownBy(() -> in.consume(1, new byte[0]))
        .withMessage(SEALED);
    assertThat(output.stdout()).asString().isEqualTo("ab");
  }

  @Test
  void interruptedReadLosesNothing() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Boolean> reading =
        Call.of(
            () -> {
              assertThatExceptionOfType(InterruptedIOException.class)
                  .isThrownBy(() -> p.stdout().read());
              return Thread.currentThread().isInterrupted();
            });
    child.awaitStepWanting(STDOUT, STDERR);
    reading.interrupt();
    assertThat(reading.result()).as("the flag stays").isTrue();
    child.stdout("x");
    assertThat(p.stdout().read()).isEqualTo('x');
  }

  @Test
  void closingAStreamDropsItsBytes() throws Exception {
    ScriptedChild child = child().stdout("dropped").stderr("!");
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stderr().read()).isEqualTo('!');
    p.stdout().close();
    p.stdout().close();
    assertThat(child.closedByCore()).containsExactly(STDOUT);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> p.stdout().read());
    child.ends(STDERR).exits(0);
    assertThat(p.communicate().stdout()).isEmpty();
  }

  /**
   * The stream is closed while a step of another thread reads bytes for it. They arrive after the
   * close, and must not appear in the result.
   */
  @Test
  void bytesReadDuringCloseAreDropped() throws Exception {
    AtomicReference<Call<?>> closing = new AtomicReference<>();
    Popen<byte[]> p = startWithClosing(closing);
    assertThat(p.stderr().read()).isEqualTo('e');
    Call<?> call = closing.get();
    assertThat(call).isNotNull();
    call.result();
    assertThat(p.communicate().stdout()).isEmpty();
  }

  private Popen<byte[]> startWithClosing(AtomicReference<Call<?>> closing) throws IOException {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    InputStream stdout = p.stdout();
    child.writesMeanwhile(STDOUT, () -> closing.set(Call.of(() -> closed(stdout)).awaitParked()));
    child.stderr("e").ends(STDERR).exits(0);
    return p;
  }

  private static boolean closed(InputStream stream) throws IOException {
    stream.close();
    return true;
  }

  @Test
  void closingAStreamWakesItsReader() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Call<Integer> reading = Call.of(() -> p.stdout().read());
    child.awaitStepWanting(STDOUT, STDERR);
    p.stdout().close();
    assertThat(reading.failure())
        .isInstanceOf(IOException.class)
        .hasMessage("this stream is closed");
    assertThat(child.isClosedByCore(STDOUT)).isTrue();
  }

  @Test
  void brokenStreamFailsItsOwnReaderOnly() throws Exception {
    IOException error = new IOException("EIO");
    ScriptedChild child = child().breaks(STDERR, error).stdout("fine").ends(STDOUT);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.stdout().readAllBytes()).asString().isEqualTo("fine");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.stderr().read())
        .isSameAs(error);
    child.exits(0);
  }

  @Test
  void endAndExitReleaseTheResources() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.stdin().close();
    assertThat(p.stdout().read()).isEqualTo(-1);
    assertThat(p.stderr().read()).isEqualTo(-1);
    assertThat(p.waitFor()).isZero();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void streamsWithoutPipeAreRefusedWithAdvice() throws Exception {
    child().exits(0);
    Popen<byte[]> p = start(Command.of("fake").stdout(PIPE));
    assertThatIllegalStateException()
        .isThrownBy(p::stdin)
        .withMessage("stdin is not a pipe: use stdin(PIPE)");
    assertThatIllegalStateException()
        .isThrownBy(p::stderrReader)
        .withMessage("stderr is not a pipe: use stderr(PIPE)");
    assertThat(p.stdout()).isSameAs(p.stdout());
    assertThat(p.stdoutReader()).isSameAs(p.stdoutReader());
  }
}
