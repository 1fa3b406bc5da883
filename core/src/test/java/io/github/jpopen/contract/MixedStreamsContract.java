package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Command;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams and {@code communicate} on one child: the bytes have one owner, and {@code communicate}
 * returns the rest.
 */
public abstract class MixedStreamsContract extends ContractTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Covers({"rule 6", "promise 3"})
  void communicateReturnsWhatTheReaderBuffered(boolean bothOutputs) throws Exception {
    Command<String> command = child(out("1\n2\n3\n"), err("e")).text();
    Popen<String> p =
        start(bothOutputs ? command.captureOutput() : command.stdout(PIPE).stderr(DEVNULL));
    assertThat(p.stdoutReader().readLine()).isEqualTo("1");
    Output<String> output = p.communicate(LONG);
    assertThat(output.stdout()).isEqualTo("2\n3\n");
    if (bothOutputs) {
      assertThat(output.stderr()).isEqualTo("e");
    }
  }

  @Test
  @Covers("rule 6")
  void timeoutHoldsWhatTheReaderBuffered() throws Exception {
    Popen<String> p =
        start(child(out("1\n\u2603\n"), err("x\ny\n"), live()).text().captureOutput());
    assertThat(p.stdoutReader().readLine()).isEqualTo("1");
    assertThat(p.stderrReader().readLine()).isEqualTo("x");
    assertThat(timedOut(() -> p.communicate(SHORT)).stdout().text()).isEqualTo("\u2603\n");
    assertThat(timedOut(() -> p.communicate(SHORT)).stderr().text()).isEqualTo("y\n");
  }

  @Test
  @Covers("promise 3")
  void readerAndStreamTakeEveryByteOnce() throws Exception {
    var p = start(child(out("abcdef")).stdout(PIPE));
    BufferedReader reader = p.stdoutReader();
    while (!reader.ready()) {
      Thread.onSpinWait();
    }
    assertThat(p.stdout().read()).isEqualTo('a');
    assertThat(reader.read()).isEqualTo('b');
    assertThat(p.communicate(LONG).stdout()).asString().isEqualTo("cdef");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Covers("rule 6")
  void lineFeedAfterCarriageReturnIsConsumed(boolean late) throws Exception {
    Path gate = gate("line feed");
    var p = start(child(out("HEAD\r"), awaitFile(gate), out("\nBODY")).stdout(PIPE));
    if (!late) {
      open(gate);
    }
    assertThat(p.stdoutReader().readLine()).isEqualTo("HEAD");
    open(gate);
    assertThat(p.communicate(LONG).stdout()).asString().isEqualTo("BODY");
  }

  @Test
  @Covers({"test_writes_before_communicate", "rule 8"})
  void writtenBytesGoBeforeTheInput() throws Exception {
    var p = start(child(cat()).stdin(PIPE).captureOutput());
    p.stdin().write(utf8("banana")); // not flushed
    Output<byte[]> output = p.communicate(utf8("split"));
    assertThat(output.stdout()).asString().isEqualTo("bananasplit");
    assertThat(output.stderr()).isEmpty();
  }

  @Test
  @Covers("rule 8")
  void timeoutCoversTheWrittenBytes() throws Exception {
    var p = start(child(live()).stdin(PIPE).stdout(PIPE));
    p.stdin().write(utf8("pending"));
    assertKept(SHORT, time(() -> timedOut(() -> p.communicate(new byte[1 << 20], SHORT))));
  }

  @Test
  void communicateSealsTheStreams() throws Exception {
    var p = start(child(cat()).stdin(PIPE).captureOutput());
    OutputStream stdin = p.stdin();
    InputStream stdout = p.stdout();
    InputStream stderr = p.stderr();
    p.communicate(utf8("x"));
    assertThatIllegalStateException().isThrownBy(p::stdin);
    assertThatIllegalStateException().isThrownBy(p::stdout);
    assertThatIllegalStateException().isThrownBy(p::stderr);
    assertThatIllegalStateException().isThrownBy(p::stdinWriter);
    assertThatIllegalStateException().isThrownBy(p::stdoutReader);
    assertThatIllegalStateException().isThrownBy(p::stderrReader);
    assertThatIllegalStateException().isThrownBy(() -> stdin.write('y'));
    assertThatIllegalStateException().isThrownBy(stdin::flush);
    assertThatIllegalStateException().isThrownBy(stdout::read);
    assertThatIllegalStateException().isThrownBy(() -> stderr.read(new byte[1]));
  }

  @Test
  void timeoutSealsTheStreams() throws Exception {
    Path gate = gate("end");
    Popen<String> p = start(child(awaitFile(gate), out("all")).text().stdout(PIPE));
    BufferedReader reader = p.stdoutReader();
    timedOut(() -> p.communicate(SHORT));
    assertThatIllegalStateException().isThrownBy(reader::readLine);
    assertThatIllegalStateException().isThrownBy(p::stdout);
    open(gate);
    assertThat(p.communicate().stdout()).isEqualTo("all");
  }

  @Test
  void closedStdoutGivesAnEmptyResult() throws Exception {
    Path gate = gate("end");
    var p = start(child(out("x"), awaitFile(gate), err("e"), exit(3)).captureOutput());
    assertThat(p.stdout().read()).isEqualTo('x');
    p.stdout().close();
    open(gate);
    Output<byte[]> output = p.communicate();
    assertThat(output.hasStdout()).isTrue();
    assertThat(output.stdout()).isEmpty();
    assertThat(output.isStdoutComplete()).isFalse();
    assertThat(output.isStderrComplete()).isTrue();
    assertThat(output.stderr()).asString().isEqualTo("e");
    assertThat(p.returncode()).isEqualTo(3);
  }
}
