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

/** Many children at once, each with captured output. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
@Fork(
    value = 2,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx128m"})
public class ManyChildren {
  private static final Job JOB = new Job(List.of("sh", "-c", "sleep 0.5; echo hi"), null, false);
  private static final int HI = "hi\n".length();

  /** Which library, and which threads. */
  @Param({
    Peers.JPOPEN,
    Peers.JPOPEN_PLATFORM,
    Peers.JPOPEN_IN_TURN,
    Peers.JDK,
    Peers.JDK_PLATFORM,
    Peers.COMMONS_EXEC,
    Peers.ZT_EXEC,
    Peers.NU_PROCESS
  })
  public String peer = "";

  /** How many children. */
  @Param({"100", "1000"})
  public int children;

  private Peer library = Peers.of(Peers.NO_CHILD);

  /** Makes the peer. */
  @Setup
  public void prepare() {
    library = Peers.of(peer);
  }

  /** All are started as fast as possible; done when the output of the last one has ended. */
  @Benchmark
  public int talkToMany() throws Exception {
    List<Captured> outputs = library.talkToMany(JOB, children);
    for (Captured output : outputs) {
      if (output.stdoutBytes().byteSize() != HI) {
        throw new IllegalStateException("not what the child wrote");
      }
    }
    return outputs.size();
  }
}
