package io.github.jpopen.bench.jmh;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.bench.peer.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to talk to a child by single bytes, characters and lines, beside the buffered
 * streams of the JDK. Each invocation has a child of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class StreamCalls {
  private static final String BYTES = "16777216";
  private static final String LINES = "1000000";

  /** Whose streams. */
  @Param({Peers.JPOPEN, Peers.JDK})
  public String peer = "";

  private interface Streams extends AutoCloseable {
    OutputStream stdin();

    Writer stdinWriter();

    InputStream stdout();

    BufferedReader stdoutReader();

    @Override
    void close() throws IOException;
  }

  private Streams start(List<String> command) throws IOException {
    return peer.equals(Peers.JDK) ? jdk(command) : jpopen(command);
  }

  private static Streams jpopen(List<String> command) throws IOException {
    Popen<String> child = Command.of(command).text().stdin(PIPE).stdout(PIPE).start();
    return new Streams() {
      @Override
      public OutputStream stdin() {
        return child.stdin();
      }

      @Override
      public Writer stdinWriter() {
        return child.stdinWriter();
      }

      @Override
      public InputStream stdout() {
        return child.stdout();
      }

      @Override
      public BufferedReader stdoutReader() {
        return child.stdoutReader();
      }

      @Override
      public void close() throws IOException {
        child.close();
      }
    };
  }

  private static Streams jdk(List<String> command) throws IOException {
    Process child = new ProcessBuilder(command).start();
    return new Streams() {
      @Override
      public OutputStream stdin() {
        return child.getOutputStream();
      }

      @Override
      public Writer stdinWriter() {
        return child.outputWriter();
      }

      @Override
      public InputStream stdout() {
        return child.getInputStream();
      }

      @Override
      public BufferedReader stdoutReader() {
        return child.inputReader();
      }

      @Override
      public void close() throws IOException {
        child.getOutputStream().close();
        Process _ = child.onExit().join();
      }
    };
  }

  /** 16 Mi bytes, one {@code read()} each. */
  @Benchmark
  public int bytes() throws Exception {
    int sum = 0;
    try (Streams child = start(List.of("head", "-c", BYTES, "/dev/zero"))) {
      InputStream in = child.stdout();
      for (int b = in.read(); b >= 0; b = in.read()) {
        sum += b + 1;
      }
    }
    return sum;
  }

  /** 16 Mi characters of ASCII, one {@code read()} each. */
  @Benchmark
  public int characters() throws Exception {
    int sum = 0;
    try (Streams child = start(List.of("head", "-c", BYTES, "/dev/zero"))) {
      BufferedReader in = child.stdoutReader();
      for (int c = in.read(); c >= 0; c = in.read()) {
        sum += c + 1;
      }
    }
    return sum;
  }

  /** A million lines of seven characters and less. */
  @Benchmark
  public int lines() throws Exception {
    int sum = 0;
    try (Streams child = start(List.of("seq", LINES))) {
      BufferedReader in = child.stdoutReader();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        sum += line.length();
      }
    }
    return sum;
  }

  /** A million lines that are written, without a flush. */
  @Benchmark
  public void writtenLines() throws Exception {
    try (Streams child = start(List.of("sh", "-c", "exec cat > /dev/null"))) {
      Writer out = child.stdinWriter();
      for (int i = 0; i < 1_000_000; i++) {
        out.write("a line\n");
      }
      out.close();
    }
  }

  /** 16 Mi bytes, one {@code write(int)} each. */
  @Benchmark
  public void writtenBytes() throws Exception {
    try (Streams child = start(List.of("sh", "-c", "exec cat > /dev/null"))) {
      OutputStream out = child.stdin();
      for (int i = 0; i < 1 << 24; i++) {
        out.write(i);
      }
      out.close();
    }
  }

  /** A thousand questions, each with its answer, and no flush where none is needed. */
  @Benchmark
  public int dialogue() throws Exception {
    int sum = 0;
    try (Streams child = start(List.of("cat"))) {
      for (int i = 0; i < 1000; i++) {
        child.stdinWriter().write("question\n");
        if (peer.equals(Peers.JDK)) {
          child.stdinWriter().flush();
        }
        sum += child.stdoutReader().readLine().length();
      }
    }
    return sum;
  }
}
