package io.github.jpopen.bench.jmh;

import io.github.jpopen.bench.peer.Captured;
import io.github.jpopen.bench.peer.Job;
import io.github.jpopen.bench.peer.Peer;
import io.github.jpopen.bench.peer.Peers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a child costs by itself, from before the start until its exit is known. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class SpawnLatency {
  private static final Job ECHO = new Job(List.of("/bin/echo", "hello"), null, false);
  private static final List<String> TRUE = List.of("/bin/true");
  private static final int HELLO = "hello\n".length();

  /** Which library. */
  @Param({
    Peers.JPOPEN,
    Peers.JDK,
    Peers.JDK_PLATFORM,
    Peers.COMMONS_EXEC,
    Peers.ZT_EXEC,
    Peers.NU_PROCESS
  })
  public String peer = "";

  private Peer library = Peers.of(Peers.NO_CHILD);

  /** Makes the peer. */
  @Setup
  public void prepare() {
    library = Peers.of(peer);
  }

  /** {@code /bin/echo hello}, captured. */
  @Benchmark
  public Object captured() throws Exception {
    return echo();
  }

  /** {@code /bin/true} with all three streams inherited, where the library can do that. */
  @Benchmark
  public void withoutPipes() throws Exception {
    library.runWithoutPipes(TRUE);
  }

  /**
   * Like {@link #captured}, with 4 GiB of touched heap, all of which {@code fork} would map again.
   */
  @Benchmark
  @Fork(
      value = 2,
      jvmArgsAppend = {
        "--enable-native-access=ALL-UNNAMED",
        "-Xms4g",
        "-Xmx4g",
        "-XX:+AlwaysPreTouch"
      })
  public Object besideLargeHeap() throws Exception {
    return echo();
  }

  /** The same, started by {@code fork}, for the libraries whose children the JDK starts. */
  @Benchmark
  @Fork(
      value = 1,
      jvmArgsAppend = {
        "--enable-native-access=ALL-UNNAMED",
        "-Djdk.lang.Process.launchMechanism=FORK",
        "-Xms4g",
        "-Xmx4g",
        "-XX:+AlwaysPreTouch"
      })
  public Object besideLargeHeapByFork() throws Exception {
    return echo();
  }

  private Object echo() throws Exception {
    try (Captured captured = library.talk(ECHO)) {
      if (captured.stdoutBytes().byteSize() != HELLO) {
        throw new IllegalStateException("not what the child wrote");
      }
      return captured.stdout();
    }
  }
}
