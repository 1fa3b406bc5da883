package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file as input, even if it changes while it is sent. */
class FileInputTest extends ScriptedTest {
  private static final Command<byte[]> INPUT_ONLY = Command.of("fake").stdin(PIPE);

  @TempDir private Path directory;

  private Path file(byte[] content) throws Exception {
    return Files.write(directory.resolve("input"), content);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void contentIsSent() throws Exception {
    byte[] content = random(123_457);
    ScriptedChild child = child().accepts(1).accepts(100_000).accepts(1_000_000).exits(0);
    start(INPUT_ONLY).communicate(Input.file(file(content)));
    assertThat(child.input()).isEqualTo(content);
  }

  @Test
  void emptyFileClosesStdinAtOnce() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    Input input = Input.file(file(new byte[0]));
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void fileIsReopenedForEachChild() throws Exception {
    Path file = file(random(10));
    Input input = Input.file(file);
    for (int size : new int[] {10, 20}) {
      Files.write(file, random(size));
      ScriptedChild child = child().readsInput().exits(0);
      start(INPUT_ONLY).communicate(input);
      assertThat(child.input()).isEqualTo(random(size));
    }
  }

  @Test
  void shrinkingFileFailsTheInputOnce() throws Exception {
    Path file = file(random(100_000));
    ScriptedChild child = child().accepts(1000).stdout("a");
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(Input.file(file), NONE));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(10);
    }
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e)
        .hasMessage(
            "the input of \"fake\" failed: the input file became shorter while it was being sent")
        .hasCauseInstanceOf(EOFException.class);
    child.stdout("b").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("ab");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    assertThat(child.input()).hasSize(1000);
  }

  @Test
  void growingFileIsSentAtItsFirstLength() throws Exception {
    byte[] content = random(1000);
    Path file = file(content);
    ScriptedChild child = child().accepts(10);
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.file(file), NONE));
    Files.write(file, random(50), StandardOpenOption.APPEND);
    child.readsInput().exits(0);
    p.communicate();
    assertThat(child.input()).isEqualTo(content);
  }

  @Test
  void interruptedFirstCallKeepsTheFileAsInput() throws Exception {
    byte[] content = random(1000);
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    Input input = Input.file(file(content));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> p.communicate(input));
    child.readsInput().exits(0);
    p.communicate();
    assertThat(child.input()).isEqualTo(content);
  }

  @Test
  void interruptDuringSendingKeepsTheFileOpen() throws Exception {
    byte[] content = random(1000);
    ScriptedChild child = child().accepts(10);
    Popen<byte[]> p = start(INPUT_ONLY);
    Input input = Input.file(file(content));
    timedOut(() -> p.communicate(input, NONE));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(p::communicate);
    child.readsInput().exits(0);
    p.communicate();
    assertThat(child.input()).isEqualTo(content);
  }

  @Test
  void directoryAsInputIsReported() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.communicate(Input.file(directory)));
    assertThat(child.isClosedByCore(STDIN)).isFalse();
  }
}
