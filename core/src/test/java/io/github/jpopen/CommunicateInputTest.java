package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which bytes are sent to the child, when, and until when the caller may change them. */
class CommunicateInputTest extends ScriptedTest {
  private static final Command<byte[]> INPUT_ONLY = Command.of("fake").stdin(PIPE);

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void stdinIsClosedWithTheLastByte() throws Exception {
    ScriptedChild child = child().accepts(2).accepts(2);
    Popen<byte[]> p = start(PIPES);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(utf8("abcde")));
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    child.accepts(1);
    child.awaitStepWanting(STDOUT, STDERR);
    assertThat(child.isClosedByCore(STDIN)).isTrue();
    child.endsOutputs().exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("abcde");
  }

  @Test
  void emptyInputClosesStdinAtOnce() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(Input.empty(), NONE));
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void firstCallFixesTheInput() throws Exception {
    ScriptedChild child = child().accepts(1);
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(utf8("abc"), NONE));
    for (byte[] another : new byte[][] {utf8("abc"), utf8("x"), {}}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> p.communicate(another))
          .withMessage(
              "communicate was called before, which fixed the input: call it without input");
    }
    child.readsInput().endsOutputs().exits(0);
    p.communicate();
    assertThat(child.inputText()).isEqualTo("abc");
  }

  @Test
  void firstCallWithoutInputFixesTheInput() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(NONE));
    assertThatIllegalStateException().isThrownBy(() -> p.communicate(utf8("late")));
    child.endsOutputs().exits(0);
    p.communicate();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void inputWithoutPipeIsRefusedFirst() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(Command.of("fake").captureOutput());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> p.communicate(utf8("x")))
        .withMessage("there is input, but stdin is not a pipe: use stdin(PIPE)");
    assertThat(child.steps()).isEmpty();
    p.stdout(); // not sealed
    p.communicate();
  }

  @Test
  void unreadInputIsNotAnError() throws Exception {
    ScriptedChild child = child().accepts(2).refusesInput().stdout("out").endsOutputs().exits(1);
    Popen<byte[]> p = start(PIPES);
    assertThat(p.communicate(utf8("input")).stdout()).asString().isEqualTo("out");
    assertThat(child.inputText()).isEqualTo("in");
    assertThat(p.returncode()).isEqualTo(1);
  }

  @Test
  void unreadInputWithoutOutputsIsNotAnError() throws Exception {
    child().exits(0).refusesInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    assertThat(p.communicate(utf8("input")).hasStdout()).isFalse();
    assertThat(p.returncode()).isZero();
  }

  @Test
  void refusedInputStaysRefusedAfterTimeout() throws Exception {
    ScriptedChild child = child().refusesInput();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(utf8("input"), NONE));
    child.endsOutputs().exits(0);
    p.communicate();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void bytesAreCopiedUnlessWrapped() throws Exception {
    byte[] bytes = utf8("abc");
    ScriptedChild copied = child();
    Popen<byte[]> p1 = start(INPUT_ONLY);
    timedOut(() -> p1.communicate(bytes, NONE));
    ScriptedChild wrapped = child();
    Popen<byte[]> p2 = start(INPUT_ONLY);
    timedOut(() -> p2.communicate(Input.wrap(bytes), NONE));
    bytes[1] = 'X';
    copied.readsInput().exits(0);
    p1.communicate();
    wrapped.readsInput().exits(0);
    p2.communicate();
    assertThat(copied.inputText()).isEqualTo("abc");
    assertThat(wrapped.inputText()).isEqualTo("aXc");
  }

  @Test
  void bufferIsSentAndItsPositionStays() throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(utf8("..abcdef.."), 2, 6);
    ScriptedChild child = child().accepts(1).accepts(4).accepts(9).exits(0);
    start(INPUT_ONLY).communicate(Input.wrap(buffer));
    assertThat(child.inputText()).isEqualTo("abcdef");
    assertThat(buffer.position()).isEqualTo(2);
  }

  @Test
  void directBufferIsSentUnchanged() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8).putLong(0x6162636465666768L).flip();
    ScriptedChild child = child().accepts(3).accepts(9).exits(0);
    start(INPUT_ONLY).communicate(Input.wrap(buffer));
    assertThat(child.inputText()).isEqualTo("abcdefgh");
  }

  @Test
  void inputCanBeUsedForManyChildren() throws Exception {
    Input input = Input.of("twice");
    for (int i = 0; i < 2; i++) {
      ScriptedChild child = child().readsInput().exits(0);
      start(INPUT_ONLY).communicate(input);
      assertThat(child.inputText()).isEqualTo("twice");
    }
  }

  @Test
  void textIsSentInTheCharsetOfTheCommand() throws Exception {
    ScriptedChild child = child().readsInput().exits(0);
    start(INPUT_ONLY.text(StandardCharsets.UTF_16BE)).communicate("ä");
    assertThat(child.input()).containsExactly(0, 0xE4);
    ScriptedChild other = child().readsInput().exits(0);
    start(INPUT_ONLY.text(StandardCharsets.UTF_16BE))
        .communicate(Input.of("ä", StandardCharsets.ISO_8859_1));
    assertThat(other.input()).containsExactly(0xE4);
  }

  @Test
  void unencodableTextChangesNothing() throws Exception {
    ScriptedChild child = child().readsInput().exits(0);
    Popen<String> p = start(INPUT_ONLY.text(StandardCharsets.US_ASCII));
    p.stdin().write('1');
    assertThatIllegalArgumentException().isThrownBy(() -> p.communicate("ä"));
    assertThat(child.steps()).isEmpty();
    p.communicate("2");
    assertThat(child.inputText()).isEqualTo("12");
  }

  @Test
  void unopenableInputChangesNothing(@TempDir Path directory) throws Exception {
    ScriptedChild child = child().readsInput().exits(0);
    Popen<byte[]> p = start(INPUT_ONLY);
    p.stdin().write(utf8("unflushed"));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> p.communicate(Input.file(directory.resolve("missing"))));
    p.communicate();
    assertThat(child.inputText()).isEqualTo("unflushed");
  }

  @Test
  void unflushedBytesGoBeforeTheInput() throws Exception {
    ScriptedChild child = child().accepts(4);
    Popen<byte[]> p = start(PIPES);
    p.stdin().write(utf8("written "));
    timedOut(() -> p.communicate(utf8("given"), NONE));
    child.accepts(6).accepts(9).endsOutputs().exits(0);
    p.communicate();
    assertThat(child.inputText()).isEqualTo("written given");
  }

  @Test
  void unflushedBytesAreSentWithoutInput() throws Exception {
    ScriptedChild child = child().readsInput().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.stdin().write(utf8("written"));
    p.communicate();
    assertThat(child.inputText()).isEqualTo("written");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void restOfInterruptedWriteGoesBeforeTheInput() throws Exception {
    ScriptedChild child = child().accepts(3);
    Popen<byte[]> p = start(PIPES);
    Call<Void> writer =
        Call.of(
            () -> {
              p.stdin().write(utf8("flushed "));
              p.stdin().flush();
              return null;
            });
    child.awaitStepWanting(STDIN, STDOUT, STDERR);
    writer.interrupt();
    assertThat(writer.failure()).isInstanceOf(InterruptedIOException.class);
    p.stdin().write(utf8("kept "));
    child.readsInput().endsOutputs().exits(0);
    p.communicate(utf8("given"));
    assertThat(child.inputText()).isEqualTo("flushed kept given");
  }

  @Test
  void closedStdinRefusesOnlyNonEmptyInput() throws Exception {
    ScriptedChild child = child().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.stdin().close();
    assertThatIllegalStateException()
        .isThrownBy(() -> p.communicate(utf8("x")))
        .withMessage("there is input, but stdin was closed");
    p.communicate(Input.empty());
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void inputAfterBrokenPipeIsDroppedSilently() throws Exception {
    child().refusesInput().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.stdin().write('x');
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> p.stdin().flush());
    p.communicate(utf8("more"), Duration.ofSeconds(10));
    assertThat(p.returncode()).isZero();
  }
}
