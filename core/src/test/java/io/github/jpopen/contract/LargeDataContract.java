package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.TimeoutExpiredException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Volumes far beyond what a pipe holds, in both directions, with and without timeouts. */
public abstract class LargeDataContract extends ContractTest {
  private static final int MIB = 1 << 20;

  @Test
  @Covers({"promise 1", "rule 14"})
  void muchUnreadInputTimesOutInTime() throws Exception {
    byte[] input = new byte[100_000_000];
    Duration timeout = Duration.ofSeconds(1);
    var p = start(child(live()).stdin(PIPE).captureOutput());
    Duration took = time(() -> timedOut(() -> p.communicate(input, timeout)));
    System.out.printf(
        "contract: 100 MB for a child that never reads: %.1f ms after the deadline%n",
        took.minus(timeout).toNanos() / 1e6);
    assertKept(timeout, took);
  }

  @Test
  @Covers({"promise 3", "promise 4", "rule 28", "rule 30"})
  void tenTimeoutsWithMuchDataLoseNothing() throws Exception {
    byte[] input = Pattern.bytes(64 * MIB, 3);
    Path gate = gate("go on");
    // Waits in the middle, so that ten timeouts come however fast the machine is.
    var p = start(child(cutCat(20 * MIB, gate)).stdin(PIPE).stdout(PIPE));
    int timeouts = 0;
    try {
      p.communicate(Input.wrap(input), Duration.ofMillis(10));
    } catch (TimeoutExpiredException _) {
      timeouts++;
    }
    while (timeouts < 10) {
      timedOut(() -> p.communicate(Duration.ofMillis(10)));
      timeouts++;
    }
    open(gate);
    assertThat(Pattern.sha256(p.communicate().stdout())).isEqualTo(Pattern.sha256(input));
    assertThat(p.returncode()).isZero();
  }

  private static Step[] cutCat(int before, Path gate) {
    return new Step[] {pass(before), awaitFile(gate), cat()};
  }

  @Test
  @Covers({"promise 2", "promise 3"})
  void muchInputAndBothOutputsMoveTogether() throws Exception {
    byte[] input = Pattern.bytes(64 * MIB, 4);
    var p = start(child(catBoth()).stdin(PIPE).captureOutput());
    Output<byte[]> output = p.communicate(Input.wrap(input));
    String expected = Pattern.sha256(input);
    assertThat(Pattern.sha256(output.stdout())).isEqualTo(expected);
    assertThat(Pattern.sha256(output.stderr())).isEqualTo(expected);
  }

  @Test
  @Covers("promise 3")
  void muchOffHeapOutputIsCaptured() throws Exception {
    int size = 64 * MIB;
    try (Arena arena = Arena.ofShared()) {
      var p = start(child(flood(size)).offHeap(arena).captureOutput());
      Output<MemorySegment> output = p.communicate();
      assertThat(output.stdout().byteSize()).isEqualTo(size);
      assertThat(Pattern.sha256(output.stdout().toArray(ValueLayout.JAVA_BYTE)))
          .isEqualTo(Pattern.sha256(Pattern.bytes(size, 1)));
      assertThat(Pattern.sha256(output.stderr().toArray(ValueLayout.JAVA_BYTE)))
          .isEqualTo(Pattern.sha256(Pattern.bytes(size, 2)));
      assertThat(p.communicate()).isSameAs(output);
    }
  }

  @Test
  void littleOffHeapOutputIsCaptured() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      var command = child(out("abc")).offHeap(arena).captureOutput();
      Output<MemorySegment> output = start(command).communicate();
      assertThat(output.stdout().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(utf8("abc"));
      assertThat(output.stderr().byteSize()).isZero();
      assertThat(output.stdout().scope()).as("as long as the arena").isEqualTo(arena.scope());
    }
  }

  @Test
  @Covers("promise 4")
  void offHeapTimeoutLosesNothing() throws Exception {
    Path gate = gate("rest");
    try (Arena arena = Arena.ofConfined()) {
      var p =
          start(child(flood(3 * MIB), awaitFile(gate), flood(MIB)).offHeap(arena).captureOutput());
      TimeoutExpiredException e = timedOutWith(p, 3 * MIB);
      assertThat(e.stdout().size()).isEqualTo(3 * MIB);
      assertThat(Pattern.sha256(e.stdout().bytes()))
          .isEqualTo(Pattern.sha256(Pattern.bytes(3 * MIB, 1)));
      open(gate);
      assertThat(p.communicate().stdout().byteSize()).isEqualTo(4 * MIB);
      assertThat(e.stdout().size()).as("the snapshot stays").isEqualTo(3 * MIB);
    }
  }

  @Test
  @Covers({"promise 3", "promise 19"})
  void muchOutputIsReadAsAStream() throws Exception {
    int size = 64 * MIB;
    var p = start(child(flood(size)).stdout(PIPE).stderr(io.github.jpopen.Redirect.DEVNULL));
    var digest = Pattern.digest();
    byte[] buffer = new byte[MIB];
    long total = 0;
    for (int n = p.stdout().read(buffer); n >= 0; n = p.stdout().read(buffer)) {
      digest.update(buffer, 0, n);
      total += n;
    }
    assertThat(total).isEqualTo(size);
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo(Pattern.sha256(Pattern.bytes(size, 1)));
    assertThat(p.waitFor()).isZero();
  }
}
