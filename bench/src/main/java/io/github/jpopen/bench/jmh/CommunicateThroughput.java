package io.github.jpopen.bench.jmh;

import io.github.jpopen.bench.peer.Captured;
import io.github.jpopen.bench.peer.Job;
import io.github.jpopen.bench.peer.Peer;
import io.github.jpopen.bench.peer.Peers;
import java.util.Arrays;
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

/** How long it takes to get all output of a child into memory, and to send it as much. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "-Xms3g",
      "-Xmx3g",
      "-XX:+AlwaysPreTouch"
    })
public class CommunicateThroughput {
  /** Which library, and which form of the output. */
  @Param({
    Peers.JPOPEN,
    Peers.JPOPEN_TEXT,
    Peers.JPOPEN_OFF_HEAP,
    Peers.JDK,
    Peers.JDK_PLATFORM,
    Peers.COMMONS_EXEC,
    Peers.ZT_EXEC,
    Peers.NU_PROCESS
  })
  public String peer = "";

  /** How many bytes on each stream. */
  @Param({"4096", "1048576", "67108864", "536870912"})
  public int bytes;

  private Peer library = Peers.of(Peers.NO_CHILD);
  private List<String> head = List.of();
  private List<String> both = List.of();
  private byte[] input = {};

  /** Makes the commands and the input. */
  @Setup
  public void prepare() {
    library = Peers.of(peer);
    head = List.of("head", "-c", Integer.toString(bytes), "/dev/zero");
    String one = "head -c " + bytes + " /dev/zero";
    both = List.of("sh", "-c", one + " >&2 & " + one + "; wait");
    input = new byte[bytes];
    Arrays.fill(input, (byte) 'x');
  }

  /** A child that writes on stdout. */
  @Benchmark
  public long stdout() throws Exception {
    return talk(new Job(head, null, false), bytes);
  }

  /** Two children of a shell that write on stdout and stderr at once. */
  @Benchmark
  public long both() throws Exception {
    return talk(new Job(both, null, true), 2L * bytes);
  }

  /** {@code cat}: as many bytes in as out. */
  @Benchmark
  public long echo() throws Exception {
    return talk(new Job(List.of("cat"), input, false), bytes);
  }

  // No library is faster by losing bytes.
  private long talk(Job job, long expected) throws Exception {
    try (Captured captured = library.talk(job)) {
      Object stderr = captured.stderr();
      long got = size(captured.stdout()) + (stderr == null ? 0 : size(stderr));
      if (got != expected) {
        throw new IllegalStateException(got + " bytes, not " + expected);
      }
      return got;
    }
  }

  // Without encoding a text again.
  private static long size(Object output) {
    return output instanceof String text
        ? text.length()
        : new Captured(output, null).stdoutBytes().byteSize();
  }
}
