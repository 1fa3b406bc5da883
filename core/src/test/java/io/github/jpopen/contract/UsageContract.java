package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Popen;
import io.github.jpopen.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a child has used, known once it has ended. */
public abstract class UsageContract extends ContractTest {
  private static final Duration NOTICEABLE = Duration.ofMillis(5);
  private static final int MUCH = 20_000_000; // bytes, which are computed
  private static final long MEBIBYTE = 1 << 20;
  private static final long FILLED = 60 * MEBIBYTE; // the child in Java has 64
  private static final long NOTICED = 48 * MEBIBYTE;

  @Test
  @Covers("os.wait4")
  void processorTimeIsReported() throws Exception {
    CompletedProcess<byte[]> process =
        child(flood(MUCH), exit(3)).stdout(DEVNULL).stderr(DEVNULL).run();
    ResourceUsage usage = process.usage().orElseThrow();
    assertThat(usage.cpuTime()).isGreaterThan(NOTICEABLE);
    assertThat(usage.userTime().isNegative()).isFalse();
    assertThat(usage.systemTime().isNegative()).isFalse();
    assertThat(process.returncode()).isEqualTo(3);
  }

  @Test
  void usageOfARunningChildIsUnknown() throws Exception {
    Popen<byte[]> p = start(child(live()));
    assertThatIllegalStateException().isThrownBy(p::usage);
    p.kill();
    p.waitFor();
    assertThat(p.usage()).isPresent();
  }

  @Test
  void eachChildHasItsOwn() throws Exception {
    Popen<byte[]> busy = start(child(exit(0)));
    busy.waitFor();
    Popen<byte[]> other = start(child(exit(0)));
    other.waitFor();
    ResourceUsage usage = busy.usage().orElseThrow();
    other.close();
    busy.close();
    assertThat(busy.usage()).as("after close").hasValue(usage);
    assertThat(other.usage()).as("of another child").isPresent();
  }

  @Test
  @PosixOnly("the child is sleep(1)")
  void waitingIsNoProcessorTime() throws Exception {
    ResourceUsage usage = Command.of("sleep", "0.5").run().usage().orElseThrow();
    assertThat(usage.cpuTime()).isLessThan(Duration.ofMillis(400));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc shows what this JVM has used")
  void peakIsReportedIfItIsTheChildsOwn() throws Exception {
    long block = ownPeak() + 64 * MEBIBYTE;
    CompletedProcess<byte[]> large = copy(block);
    assertThat(large.returncode()).isZero();
    assertThat(large.usage().orElseThrow().peakMemory()).isPresent();
    assertThat(large.usage().orElseThrow().peakMemory().getAsLong())
        .isBetween(block, block + 64 * MEBIBYTE);
    assertThat(copy(4096).usage().orElseThrow().peakMemory()).as("ours is larger").isEmpty();
  }

  @Test
  @DisabledOnOs(value = OS.LINUX, disabledReason = "it counts the memory of this JVM, too")
  void peakGrowsWithTheMemoryOfTheChild() throws Exception {
    OptionalLong small = peakWith(1);
    OptionalLong large = peakWith(FILLED);
    if (!reportsPeak()) {
      assertThat(List.of(small, large)).allMatch(OptionalLong::isEmpty);
      return;
    }
    assertThat(large.orElseThrow())
        .isBetween(small.orElseThrow() + NOTICED, small.orElseThrow() + 2 * FILLED);
  }

  /** Whether the system reports the peak of a child that has ended. */
  protected boolean reportsPeak() {
    return true;
  }

  private OptionalLong peakWith(long filled) throws IOException, InterruptedException {
    return child(fill(filled)).run().usage().orElseThrow().peakMemory();
  }

  private CompletedProcess<byte[]> copy(long block) throws IOException, InterruptedException {
    String blockSize = "bs=" + block;
    return Command.of("dd", "if=/dev/zero", "of=/dev/null", blockSize, "count=1")
        .captureOutput()
        .run();
  }

  private static long ownPeak() throws IOException {
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(peak.replaceAll("\\D", "")) * 1024;
  }
}
