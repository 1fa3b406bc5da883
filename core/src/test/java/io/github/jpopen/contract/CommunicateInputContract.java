package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bytes are sent, and when stdin closes. Streams as input: {@link StreamInputContract}. */
public abstract class CommunicateInputContract extends ContractTest {
  private Popen<byte[]> echo() throws IOException {
    return start(child(cat()).stdin(PIPE).stdout(PIPE));
  }

  private byte[] echoed(Input input) throws Exception {
    return echo().communicate(input).stdout();
  }

  @Test
  void everyKindOfInputIsSent() throws Exception {
    assertThat(echoed(Input.empty())).isEmpty();
    assertThat(echoed(Input.of(utf8("bytes")))).asString().isEqualTo("bytes");
    assertThat(echoed(Input.of("tüxt"))).isEqualTo(utf8("tüxt"));
    assertThat(echoed(Input.of("tüxt", ISO_8859_1))).isEqualTo("tüxt".getBytes(ISO_8859_1));
    assertThat(echoed(Input.wrap(utf8("wrapped")))).asString().isEqualTo("wrapped");
    assertThat(echoed(Input.file(file("in", "a file")))).asString().isEqualTo("a file");
    assertThat(echoed(Input.file(file("nothing", "")))).isEmpty();
    assertThat(echo().communicate("tüxt").stdout()).isEqualTo(utf8("tüxt"));
  }

  @Test
  @Covers("test_communicate_memoryview_input")
  void bufferIsSentFromPositionToLimit() throws Exception {
    ByteBuffer heap = ByteBuffer.wrap(utf8("0123456789")).position(2).limit(5);
    assertThat(echoed(Input.wrap(heap))).asString().isEqualTo("234");
    assertThat(heap.position()).as("the caller's buffer is not moved").isEqualTo(2);
    ByteBuffer direct = ByteBuffer.allocateDirect(10).put(utf8("0123456789")).flip();
    assertThat(echoed(Input.wrap(direct.slice(3, 4)))).asString().isEqualTo("3456");
    assertThat(echoed(Input.wrap(direct.asReadOnlyBuffer()))).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Covers({"test_communicate_memoryview_input_nonbyte", "rule 11"})
  void intsAreCountedInBytes(boolean bothOutputs) throws Exception {
    int[] ints = new int[200_000];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = i * 0x01030507;
    }
    ByteBuffer expected = ByteBuffer.allocate(4 * ints.length).order(ByteOrder.nativeOrder());
    expected.asIntBuffer().put(ints);
    var command = child(cat()).stdin(PIPE).stdout(PIPE);
    var p = start(bothOutputs ? command.stderr(PIPE) : command);
    byte[] received = p.communicate(Input.wrap(MemorySegment.ofArray(ints))).stdout();
    assertThat(received).hasSize(800_000);
    assertThat(Pattern.sha256(received)).isEqualTo(Pattern.sha256(expected.array()));
  }

  @Test
  @Covers("rule 11")
  void nativeMemoryIsSent() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, utf8("native"));
      assertThat(echoed(Input.wrap(memory))).asString().isEqualTo("native");
    }
  }

  @Test
  @Covers({"rule 9", "rule 28"})
  void stdinIsClosedAtOnceWithoutInput() throws Exception {
    Path seen = file("seen");
    Path gate = gate("end");
    var p =
        start(child(awaitEof(), touch(seen), awaitFile(gate), exit(7)).stdin(PIPE).captureOutput());
    timedOut(() -> p.communicate(Duration.ZERO));
    await(seen);
    open(gate);
    assertThat(p.waitFor(LONG)).isEqualTo(7);
  }

  @Test
  @Covers("rule 18")
  void stdinIsClosedAfterTheLastByte() throws Exception {
    var p = start(child(awaitEof(), out("saw the end")).stdin(PIPE).stdout(PIPE));
    assertThat(p.communicate(new byte[200_000]).stdout()).asString().isEqualTo("saw the end");
  }

  @Test
  @Covers("rule 12")
  void bytesAreCopiedWhenGiven() throws Exception {
    byte[] bytes = utf8("original");
    Input input = Input.of(bytes);
    bytes[0] = 'X';
    assertThat(echoed(input)).asString().isEqualTo("original");
  }

  @Test
  @Covers("rule 12")
  void laterChangesToTheBytesAreNotSent() throws Exception {
    Path gate = gate("read");
    byte[] bytes = Pattern.bytes(1_000_000, 3);
    String sent = Pattern.sha256(bytes);
    var p = start(child(awaitFile(gate), digest()).stdin(PIPE).stdout(PIPE));
    timedOut(() -> p.communicate(bytes, SHORT));
    Arrays.fill(bytes, (byte) 'X');
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("1000000 " + sent);
  }

  @Test
  @Covers("rule 13")
  void textHasOneByteOrderMark() throws Exception {
    Path raw = file("raw");
    Popen<String> p = start(child(cat()).text(UTF_16).stdin(PIPE).stdout(Redirect.to(raw)));
    p.communicate("ab");
    assertThat(Files.readAllBytes(raw)).isEqualTo("ab".getBytes(UTF_16));
  }

  @Test
  @Covers("rule 13")
  void textAfterWrittenTextHasNoSecondMark() throws Exception {
    Path raw = file("raw");
    Popen<String> p = start(child(cat()).text(UTF_16).stdin(PIPE).stdout(Redirect.to(raw)));
    p.stdinWriter().write("a");
    p.stdinWriter().flush();
    p.communicate("b");
    assertThat(Files.readAllBytes(raw)).isEqualTo("ab".getBytes(UTF_16));
  }
}
