package io.github.jpopen.bench.jmh;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.bench.peer.Peer;
import io.github.jpopen.bench.peer.Peers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of a timeout: subtract the timeout from the reported time to get the delay. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 4)
@Fork(
    value = 2,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class TimeoutLatency {
  private static final List<String> SLEEP = List.of("sleep", "1000");

  /** A library and how long it is to wait. */
  @State(Scope.Benchmark)
  public static class Waiting {
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

    /** The timeout in milliseconds. */
    @Param({"1", "50"})
    public int millis;

    private Peer library = Peers.of(Peers.NO_CHILD);

    /** Makes the peer. */
    @Setup
    public void prepare() {
      library = Peers.of(peer);
    }
  }

  /** A child that writes nothing, and lives for the whole benchmark. */
  @State(Scope.Benchmark)
  public static class Living {
    /** The timeout in milliseconds; 0 is what a retry costs. */
    @Param({"0", "1", "50"})
    public int millis;

    private Duration timeout = Duration.ZERO;
    private @Nullable Popen<byte[]> child;

    /** Starts the child. */
    @Setup
    public void start() throws IOException {
      timeout = Duration.ofMillis(millis);
      child = Command.of(SLEEP).stdout(PIPE).killOnClose().start();
    }

    /** Kills the child. */
    @TearDown
    public void kill() throws IOException {
      if (child != null) {
        child.close();
      }
    }

    private Object timeOut() throws IOException, InterruptedException {
      if (child == null) {
        throw new IllegalStateException("not started");
      }
      try {
        return child.communicate(timeout);
      } catch (TimeoutExpiredException e) {
        return e;
      }
    }
  }

  /** Start, time out, kill, and collect the exit. */
  @Benchmark
  public long wholeLife(Waiting state) throws Exception {
    return state.library.overshoot(SLEEP, Duration.ofMillis(state.millis));
  }

  /** One more {@code communicate} on a child that is silent. */
  @Benchmark
  public Object communicate(Living state) throws IOException, InterruptedException {
    return state.timeOut();
  }
}
