package io.github.jpopen.bench.cases;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.bench.cases.Workshop.MIB;

import io.github.jpopen.Command;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Redirect;
import io.github.jpopen.bench.measure.Contender;
import io.github.jpopen.bench.measure.Contest;
import io.github.jpopen.bench.measure.Round;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** The case of three programs in a row. */
public final class Pipelines {
  private static final long BYTES = 1024L * MIB;

  private Pipelines() {}

  /** {@code cat | cat | cat}, from a file to the null device. */
  public static Table play(Workshop workshop) throws IOException, InterruptedException {
    Path zeros = workshop.folder().resolve("zeros");
    try (RandomAccessFile file = new RandomAccessFile(zeros.toFile(), "rw")) {
      file.setLength(BYTES); // no block of a disk
    }
    Command<byte[]> cat = Command.of("cat");
    Pipeline<byte[]> cats =
        Pipeline.of(cat, cat, cat).stdin(Redirect.from(zeros)).stdout(DEVNULL).check();
    Command<byte[]> shell =
        Command.of("sh", "-c", "cat | cat | cat").stdin(Redirect.from(zeros)).stdout(DEVNULL);
    Contest contest =
        new Contest()
            .with(Peers.JPOPEN, timed(cats::run))
            .with(Peers.JDK, timed(() -> startPipeline(zeros)))
            .with("sh -c", timed(shell::checkCall));
    return new Table(
        "pipeline",
        "1 GiB through `cat | cat | cat`",
        """
        From a file without blocks to the null device; no byte passes through the JVM.
        All are started by one JVM, from before the start until the three exits are known.
        `ProcessBuilder` is its `startPipeline`, and `sh -c` is started by jpopen.\
        """,
        Kind.TIME,
        BYTES,
        contest.play(1, workshop.rounds(9)));
  }

  private interface Run {
    void run() throws Exception;
  }

  private static Contender timed(Run run) {
    return () -> {
      long start = System.nanoTime();
      run.run();
      return new Round(System.nanoTime() - start, -1);
    };
  }

  private static void startPipeline(Path from) throws IOException, InterruptedException {
    ProcessBuilder first = new ProcessBuilder("cat").redirectInput(from.toFile());
    ProcessBuilder last = new ProcessBuilder("cat").redirectOutput(ProcessBuilder.Redirect.DISCARD);
    for (Process cat :
        ProcessBuilder.startPipeline(List.of(first, new ProcessBuilder("cat"), last))) {
      int code = cat.waitFor();
      if (code != 0) {
        throw new IllegalStateException("cat exited with " + code);
      }
    }
  }
}
