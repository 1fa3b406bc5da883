package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Popen;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The child's streams as ordinary Java streams over the same bytes that {@code communicate} would
 * return.
 */
public abstract class StreamsContract extends ContractTest {
  @Test
  @Covers("test_stdin_pipe")
  void writtenBytesReachTheChild() throws Exception {
    var p = start(child(expect(utf8("pear"))).stdin(PIPE));
    p.stdin().write(utf8("pear"));
    p.stdin().close();
    assertThat(p.waitFor()).isZero();
  }

  @Test
  @Covers("test_stdout_pipe")
  void stdoutCanBeReadToItsEnd() throws Exception {
    var p = start(child(out("orange")).stdout(PIPE));
    assertThat(p.stdout().readAllBytes()).asString().isEqualTo("orange");
    assertThat(p.stdout().read()).isEqualTo(-1);
  }

  @Test
  @Covers("test_stderr_pipe")
  void stderrCanBeReadToItsEnd() throws Exception {
    var p = start(child(err("strawberry")).stderr(PIPE));
    assertThat(p.stderr().readAllBytes()).asString().isEqualTo("strawberry");
  }

  @Test
  @Covers({"test_stdin_none", "test_stdout_none", "test_stderr_none"})
  void streamWithoutPipeIsRefusedWithAdvice() throws Exception {
    var p = start(child());
    assertThatIllegalStateException().isThrownBy(p::stdin).withMessageContaining("stdin(PIPE)");
    assertThatIllegalStateException().isThrownBy(p::stdinWriter).withMessageContaining("stdin");
    assertThatIllegalStateException().isThrownBy(p::stdout).withMessageContaining("stdout");
    assertThatIllegalStateException().isThrownBy(p::stdoutReader).withMessageContaining("stdout");
    assertThatIllegalStateException().isThrownBy(p::stderr).withMessageContaining("stderr");
    assertThatIllegalStateException().isThrownBy(p::stderrReader).withMessageContaining("stderr");
    assertThat(p.waitFor()).isZero();
  }

  @Test
  @Covers({"test_universal_newlines_and_text", "test_bufsize_equal_one_text_mode"})
  void linesGoBackAndForth() throws Exception {
    Popen<String> p =
        start(child(answer(), answer(), out("end\r\n")).text().stdin(PIPE).stdout(PIPE));
    Writer writer = p.stdinWriter();
    BufferedReader reader = p.stdoutReader();
    writer.write("one\n"); // no flush: the read does it
    assertThat(reader.readLine()).isEqualTo("got one");
    writer.write("two\n");
    assertThat(reader.readLine()).isEqualTo("got two");
    assertThat(reader.readLine()).isEqualTo("end");
    assertThat(reader.readLine()).isNull();
  }

  @Test
  @Covers({"test_io_buffered_by_default", "test_bufsize_equal_one_binary_mode"})
  void flushSendsTheBytes() throws Exception {
    var p = start(child(answer()).stdin(PIPE).stdout(PIPE));
    p.stdin().write('a');
    p.stdin().write(utf8("b\n"), 0, 2);
    p.stdin().flush();
    assertThat(p.stdout().readNBytes(7)).asString().isEqualTo("got ab\n");
  }

  @Test
  @Covers({"test_io_unbuffered_works", "Posix.test_select_unbuffered"})
  void readReturnsWhatIsAvailable() throws Exception {
    Path gate = gate("more");
    var p = start(child(out("apple"), awaitFile(gate), out("pear")).stdout(PIPE));
    byte[] buffer = new byte[100];
    InputStream stdout = p.stdout();
    int first = stdout.read(buffer);
    assertThat(first).isBetween(1, 5);
    assertThat(stdout.readNBytes(5 - first)).hasSize(5 - first);
    assertThat(stdout.read(buffer, 0, 0)).isZero();
    open(gate);
    assertThat(stdout.readAllBytes()).asString().isEqualTo("pear");
  }

  @Test
  @Covers("promise 2")
  void availableReportsAllBytes() throws Exception {
    int size = 1 << 20; // more than a pipe holds
    var p = start(child(flood(size)).captureOutput());
    InputStream stdout = p.stdout();
    var read = new ByteArrayOutputStream();
    while (p.poll(Duration.ofMillis(1)).isEmpty()) {
      read.write(stdout.readNBytes(stdout.available()));
    }
    read.write(stdout.readAllBytes());
    assertThat(Pattern.sha256(read.toByteArray()))
        .isEqualTo(Pattern.sha256(Pattern.bytes(size, 1)));
  }

  @Test
  void readerIsReadyForBytesInThePipe() throws Exception {
    Path gate = gate("end");
    var p = start(child(out("pear"), awaitFile(gate)).stdout(PIPE));
    BufferedReader reader = p.stdoutReader();
    while (!reader.ready()) {
      Thread.onSpinWait();
    }
    assertThat(reader.read()).isEqualTo('p');
    open(gate);
    assertThat(reader.readLine()).isEqualTo("ear");
    assertThat(reader.ready()).isFalse();
  }

  @Test
  @Covers("promise 2")
  void readingOneStreamKeepsTheOther() throws Exception {
    int size = 1 << 20;
    var p = start(child(flood(size), out("done\n")).captureOutput());
    assertThat(Pattern.sha256(p.stdout().readNBytes(size)))
        .isEqualTo(Pattern.sha256(Pattern.bytes(size, 1)));
    assertThat(p.stdoutReader().readLine()).isEqualTo("done");
    assertThat(Pattern.sha256(p.stderr().readAllBytes()))
        .isEqualTo(Pattern.sha256(Pattern.bytes(size, 2)));
  }

  @Test
  @Covers("promise 2")
  void writingKeepsTheOutput() throws Exception {
    byte[] bytes = Pattern.bytes(1 << 20, 4);
    var p = start(child(catBoth()).stdin(PIPE).captureOutput());
    p.stdin().write(bytes);
    p.stdin().close();
    assertThat(Pattern.sha256(p.stderr().readAllBytes())).isEqualTo(Pattern.sha256(bytes));
    assertThat(Pattern.sha256(p.stdout().readAllBytes())).isEqualTo(Pattern.sha256(bytes));
  }

  @ParameterizedTest
  @EnumSource
  @Covers("promise 13")
  void interruptedReadLosesNothing(Background.Kind kind) throws Exception {
    Path gate = gate("go on");
    var p = start(child(awaitFile(gate), out("later")).stdout(PIPE));
    InputStream stdout = p.stdout();
    var reading =
        Background.start(
            kind,
            () -> {
              try {
                return "read " + stdout.read();
              } catch (InterruptedIOException e) {
                return "interrupted, flag " + Thread.currentThread().isInterrupted();
              }
            });
    reading.interrupt();
    assertThat(reading.result()).isEqualTo("interrupted, flag true");
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(stdout.readAllBytes()).asString().isEqualTo("later");
  }

  @Test
  void timedOutReadLosesNothing() throws Exception {
    Path gate = gate("more");
    Popen<String> p =
        start(
            child(answer(), out("12"), awaitFile(gate), out("34\n"))
                .text()
                .stdin(PIPE)
                .stdout(PIPE));
    p.stdinWriter().write("hello\n");
    String line = p.within(LONG, () -> p.stdoutReader().readLine());
    assertThat(line).isEqualTo("got hello");
    timedOut(() -> p.within(SHORT, () -> p.stdout().readNBytes(4)));
    timedOut(() -> p.within(Duration.ZERO, () -> p.stdoutReader().readLine()));
    open(gate);
    assertThat(p.<byte[], IOException>within(LONG, () -> p.stdout().readNBytes(3)))
        .asString()
        .isEqualTo("123");
    assertThat(p.communicate().stdout()).isEqualTo("4\n");
  }

  @Test
  @Covers("promise 13")
  void interruptedWriteLosesNothing() throws Exception {
    Path gate = gate("read");
    byte[] bytes = Pattern.bytes(1 << 20, 3);
    var p = start(child(awaitFile(gate), digest()).stdin(PIPE).stdout(PIPE));
    OutputStream stdin = p.stdin();
    var writing =
        Background.start(
            () -> {
              stdin.write(bytes);
              stdin.flush();
              return "written";
            });
    writing.interrupt();
    assertThat(writing.failure()).isInstanceOf(InterruptedIOException.class);
    open(gate);
    int sent = ((InterruptedIOException) writing.failure()).bytesTransferred;
    stdin.write(bytes, sent, bytes.length - sent);
    stdin.close();
    assertThat(p.stdout().readAllBytes())
        .asString()
        .isEqualTo(bytes.length + " " + Pattern.sha256(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"line\n", "word "})
  @Covers("promise 13")
  void textOfInterruptedWriterIsSent(String text) throws Exception {
    Path gate = gate("read");
    String piece = text.repeat(100);
    var p = start(child(awaitFile(gate), digest()).stdin(PIPE).stdout(PIPE));
    Writer writer = p.stdinWriter();
    AtomicInteger pieces = new AtomicInteger();
    var writing =
        Background.start(
            () -> {
              while (true) {
                pieces.incrementAndGet();
                writer.write(piece);
              }
            });
    Eventually.await("some of it is written", () -> pieces.get() > 10);
    writing.interrupt();
    assertThat(writing.failure()).isInstanceOf(InterruptedIOException.class);
    open(gate);
    writer.close();
    byte[] sent = utf8(piece.replace("\n", System.lineSeparator()).repeat(pieces.get()));
    assertThat(p.stdout().readAllBytes())
        .asString()
        .isEqualTo(sent.length + " " + Pattern.sha256(sent));
  }

  @Test
  @Covers("rule 36")
  void writingToAnExitedChildIsAnError() throws Exception {
    var p = start(child(exit(0)).stdin(PIPE));
    awaitDeath(p.pid());
    OutputStream stdin = p.stdin();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              stdin.write(utf8("hello"));
              stdin.flush();
            });
    stdin.close();
    assertThat(p.waitFor()).isZero();
  }

  @Test
  void closingTwiceIsNotAnError() throws Exception {
    var p = start(child(awaitEof(), out("x")).stdin(PIPE).stdout(PIPE));
    p.stdin().close();
    p.stdin().close();
    assertThat(p.stdout().readAllBytes()).hasSize(1);
    p.stdout().close();
    p.stdout().close();
    assertThat(p.waitFor(LONG)).isZero();
  }

  @Test
  void readersDecodeInTheCharsetOfTheCommand() throws Exception {
    Popen<String> p =
        start(
            child(out(new byte[] {(byte) 0xe9, '\n'}), err(new byte[] {(byte) 0xe8, '\n'}))
                .text(StandardCharsets.ISO_8859_1)
                .captureOutput());
    assertThat(p.stdoutReader().readLine()).isEqualTo("\u00e9");
    assertThat(p.stderrReader().readLine()).isEqualTo("\u00e8");
  }
}
