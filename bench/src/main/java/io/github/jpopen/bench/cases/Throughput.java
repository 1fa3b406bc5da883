package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;
import static io.github.jpopen.bench.cases.Workshop.MIB;
import static io.github.jpopen.bench.cases.Workshop.PATTERN_BYTES;

import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.io.IOException;
import java.util.List;

/** The cases with many bytes. */
public final class Throughput {
  private static final String NONE = "-";
  private static final long BIG = 512L * MIB;

  // Without the influence of the collector: all pages exist from the start, and the heap is cleared
  // before each round.
  private static final int BIG_HEAP = 3072;
  private static final int HEAP = 1024;

  private Throughput() {}

  private static List<String> heap(int mebibytes) {
    return List.of("-Xms" + mebibytes + "m", "-Xmx" + mebibytes + "m", "-XX:+AlwaysPreTouch");
  }

  public static Table big(Workshop workshop) throws IOException, InterruptedException {
    List<String> arguments =
        arguments("talk", NONE, "zeros", 1, 0, "dd", "if=/dev/zero", "bs=1M", "count=512");
    try (Lineup lineup =
        new Lineup(workshop, arguments, BIG, 0)
            .peers(
                heap(BIG_HEAP),
                Peers.JPOPEN,
                Peers.JPOPEN_OFF_HEAP,
                Peers.JDK,
                Peers.COMMONS_EXEC,
                Peers.ZT_EXEC,
                Peers.NU_PROCESS)
            .natives(Tools.C, Tools.PYTHON, Tools.GO, Tools.RUST)
            .discarding()) {
      return new Table(
          "big",
          "512 MiB of stdout into memory",
          "`dd if=/dev/zero bs=1M count=512`, from before the start until all bytes are in one"
              + " array and the exit is known.",
          Kind.TIME,
          BIG,
          lineup.play(1, workshop.rounds(5)));
    }
  }

  public static Table both(Workshop workshop) throws IOException, InterruptedException {
    String pattern = workshop.pattern().toString();
    List<String> child = workshop.tools().command(Tools.BOTH);
    if (child.isEmpty()) {
      return new Table(
          "both",
          "64 + 64 MiB on both outputs",
          "",
          Kind.TIME,
          0,
          List.of(Row.missing(Peers.JPOPEN, workshop.tools().whyMissing(Tools.BOTH))));
    }
    List<String> arguments = arguments("talk", NONE, pattern, 2, 0, child.getFirst(), pattern);
    try (Lineup lineup =
        new Lineup(workshop, arguments, PATTERN_BYTES, PATTERN_BYTES)
            .peers(
                heap(HEAP),
                Peers.JPOPEN,
                Peers.JPOPEN_OFF_HEAP,
                Peers.JDK,
                Peers.JDK_PLATFORM,
                Peers.COMMONS_EXEC,
                Peers.ZT_EXEC,
                Peers.NU_PROCESS)
            .natives(Tools.C, Tools.PYTHON, Tools.GO, Tools.RUST)
            .discarding()) {
      return new Table(
          "both",
          "64 + 64 MiB on both outputs",
          "A [C program](../bench/src/main/c/both.c) writes the same file to stdout and stderr in"
              + " turn, 64 KiB at a time; both must come back complete and separate.",
          Kind.TIME,
          2L * PATTERN_BYTES,
          lineup.play(3, workshop.rounds(9)));
    }
  }

  public static Table cat(Workshop workshop) throws IOException, InterruptedException {
    String pattern = workshop.pattern().toString();
    List<String> arguments = arguments("talk", pattern, pattern, 1, 0, "cat");
    try (Lineup lineup =
        new Lineup(workshop, arguments, PATTERN_BYTES, 0)
            .peers(
                heap(HEAP),
                Peers.JPOPEN,
                Peers.JPOPEN_TEXT,
                Peers.JPOPEN_OFF_HEAP,
                Peers.JDK,
                Peers.JDK_PLATFORM,
                Peers.COMMONS_EXEC,
                Peers.ZT_EXEC,
                Peers.NU_PROCESS)
            .natives(Tools.C, Tools.PYTHON, Tools.GO, Tools.RUST)
            .discarding()) {
      return new Table(
          "cat",
          "64 MiB through `cat`",
          "As many bytes in as out at the same time, from an array to an array.",
          Kind.TIME,
          PATTERN_BYTES,
          lineup.play(3, workshop.rounds(11)));
    }
  }
}
