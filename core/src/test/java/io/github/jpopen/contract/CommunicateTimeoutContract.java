package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Captured;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A timeout loses nothing, harms nothing and holds the output so far. */
public abstract class CommunicateTimeoutContract extends ContractTest {
  @Test
  @Covers({"test_communicate_timeout", "rule 25", "promise 4"})
  void nextCallReturnsEverythingAfterTimeout() throws Exception {
    Path written = file("written");
    Path gate = gate("rest");
    Step[] steps = {err("pineapple\n"), touch(written), awaitFile(gate), err("pear\n"), cat()};
    Popen<String> p = start(child(steps).text().stdin(PIPE).captureOutput());
    await(written);
    TimeoutExpiredException e = timedOut(() -> p.communicate("banana", SHORT));
    assertThat(e.timeout()).isEqualTo(SHORT);
    assertThat(e.program()).isEqualTo(ChildLauncher.program());
    assertThat(e.stderr().bytes()).isEqualTo(utf8("pineapple\n"));
    assertThat(e.stderr().text()).isEqualTo("pineapple\n");
    assertThat(e.stdout().isCaptured()).isTrue();
    assertThat(e.stdout().size()).isZero();
    open(gate);
    Output<String> output = p.communicate();
    assertThat(output.stdout()).isEqualTo("banana");
    assertThat(output.stderr()).isEqualTo("pineapple\npear\n");
  }

  @Test
  @Covers({"rule 25", "promise 4"})
  void outputInTheExceptionNeverChanges() throws Exception {
    Path first = file("first");
    Path gate = gate("rest");
    var p = start(child(out("ab"), touch(first), awaitFile(gate), out("cd")).stdout(PIPE));
    await(first);
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    open(gate);
    assertThat(p.communicate(LONG).stdout()).asString().isEqualTo("abcd");
    Captured captured = e.stdout();
    assertThat(captured.size()).isEqualTo(2);
    assertThat(captured.bytes()).isEqualTo(utf8("ab"));
    captured.bytes()[0] = 'X';
    assertThat(captured.text()).isEqualTo("ab");
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    captured.writeTo(copy);
    assertThat(copy.toString(StandardCharsets.US_ASCII)).isEqualTo("ab");
    assertThat(e.stderr().isCaptured()).as("stderr was no pipe").isFalse();
    assertThat(e.stderr().bytes()).isEmpty();
    assertThat(captured.toString()).as("never content").doesNotContain("ab");
  }

  @Test
  @Covers("rule 21")
  void characterSplitByTimeoutIsWholeAfterwards() throws Exception {
    byte[] snowman = utf8("a\u2603\r\n");
    Path first = file("first");
    Path gate = gate("rest");
    Popen<String> p =
        start(
            child(
                    out(Arrays.copyOf(snowman, 3)),
                    touch(first),
                    awaitFile(gate),
                    out(Arrays.copyOfRange(snowman, 3, 5)),
                    sleep(30),
                    out(Arrays.copyOfRange(snowman, 5, 6)))
                .text()
                .stdout(PIPE));
    await(first);
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    assertThat(e.stdout().size()).isEqualTo(3);
    assertThat(e.stdout().text()).startsWith("a");
    open(gate);
    assertThat(p.communicate().stdout()).isEqualTo("a\u2603\n");
  }

  @Test
  @Covers("test_communicate_timeout_large_output")
  void timeoutsLoseNoneOfMuchOutput() throws Exception {
    int size = 1 << 18;
    Path first = gate("1");
    Path second = gate("2");
    var p =
        start(
            child(flood(size), awaitFile(first), flood(size), awaitFile(second), flood(size))
                .captureOutput());
    timedOut(() -> p.communicate(Duration.ofMillis(300)));
    open(first);
    timedOut(() -> p.communicate(Duration.ofMillis(300)));
    open(second);
    byte[] once = Pattern.bytes(size, 1);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      expected.write(once);
    }
    Output<byte[]> output = p.communicate();
    assertThat(Pattern.sha256(output.stdout())).isEqualTo(Pattern.sha256(expected.toByteArray()));
    assertThat(output.stderr()).hasSize(3 * size);
  }

  @Test
  @Covers({"test_communicate_timeout_large_input", "rule 10", "promise 4"})
  void muchInputContinuesAtTheNextByte() throws Exception {
    byte[] input = Pattern.bytes(1 << 20, 6);
    Path gate = gate("read");
    var p = start(child(awaitFile(gate), digest()).stdin(PIPE).stdout(PIPE));
    assertKept(SHORT, time(() -> timedOut(() -> p.communicate(input, SHORT))));
    for (int i = 0; i < 10; i++) {
      timedOut(() -> p.communicate(Duration.ofMillis(10)));
    }
    open(gate);
    assertThat(p.communicate().stdout())
        .asString()
        .isEqualTo(input.length + " " + Pattern.sha256(input));
  }

  @Test
  @Covers({"test_post_timeout_communicate_sends_input", "rule 10"})
  void nextCallSendsInputAfterZeroTimeout() throws Exception {
    byte[] input = Pattern.bytes(500_000, 7);
    Path gate = gate("read");
    var p = start(child(awaitFile(gate), digest()).stdin(PIPE).stdout(PIPE));
    timedOut(() -> p.communicate(input, Duration.ZERO));
    open(gate);
    assertThat(p.communicate().stdout()).asString().isEqualTo("500000 " + Pattern.sha256(input));
  }

  @Test
  @Covers("rule 24")
  void zeroTimeoutTakesReadyOutput() throws Exception {
    Path written = file("written");
    var p = start(child(out("ready"), err("too"), touch(written), live()).captureOutput());
    await(written);
    TimeoutExpiredException e = timedOut(() -> p.communicate(Duration.ZERO));
    assertThat(e.stdout().text()).isEqualTo("ready");
    assertThat(e.stderr().text()).isEqualTo("too");
  }

  @Test
  @Covers("rule 26")
  void timeoutAfterEndOfOutputHoldsTheOutput() throws Exception {
    Path closed = file("closed");
    var p =
        start(child(out("held"), closeOut(), closeErr(), touch(closed), live()).captureOutput());
    await(closed);
    TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
    assertThat(e.stdout().text()).isEqualTo("held");
    assertThat(e.stderr().isCaptured()).isTrue();
    assertThat(timedOut(() -> p.communicate(SHORT)).stdout().text()).isEqualTo("held");
  }

  @Test
  @Covers({"rule 28", "promise 4"})
  void tenTimeoutsInARowLoseNothing() throws Exception {
    Path gate = gate("end");
    byte[] input = Pattern.bytes(4 << 20, 8);
    var p = start(child(awaitFile(gate), cat(), exit(11)).stdin(PIPE).stdout(PIPE));
    timedOut(() -> p.communicate(input, Duration.ofMillis(20)));
    for (int i = 1; i < 10; i++) {
      timedOut(() -> p.communicate(Duration.ofMillis(20)));
    }
    assertThat(p.poll()).isEmpty();
    open(gate);
    assertThat(Pattern.sha256(p.communicate().stdout())).isEqualTo(Pattern.sha256(input));
    assertThat(p.returncode()).isEqualTo(11);
  }

  @Test
  @Covers("rule 28")
  void waitForAfterTimeoutSendsNoInput() throws Exception {
    Path gate = gate("read");
    var p = start(child(awaitFile(gate), digest()).stdin(PIPE).stdout(PIPE));
    timedOut(() -> p.communicate(new byte[1 << 20], SHORT));
    open(gate);
    timedOut(() -> p.waitFor(SHORT));
    assertThat(p.communicate().stdout()).asString().startsWith("1048576 ");
  }
}
