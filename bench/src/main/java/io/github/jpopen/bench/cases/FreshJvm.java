package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Workshop.MIB;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.bench.measure.Contender;
import io.github.jpopen.bench.measure.Contest;
import io.github.jpopen.bench.measure.Round;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.worker.FirstChild;
import io.github.jpopen.bench.worker.MemoryPeak;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cases that start a JVM for each round. */
public final class FreshJvm {
  /** jpopen started with an AOT cache. */
  public static final String JPOPEN_AOT = "jpopen, AOT cache";

  private static final String JDK_AOT = "ProcessBuilder, AOT cache";
  private static final int CAPTURED_MEBIBYTES = 256;

  private FreshJvm() {}

  public static Table first(Workshop workshop) throws IOException, InterruptedException {
    Contest contest = new Contest();
    contest.with(Peers.JPOPEN, first(workshop, List.of(), Peers.JPOPEN));
    contest.with(Peers.JDK, first(workshop, List.of(), Peers.JDK));
    cached(workshop, contest, JPOPEN_AOT, Peers.JPOPEN);
    cached(workshop, contest, JDK_AOT, Peers.JDK);
    return new Table(
        "first",
        "The first child of a fresh JVM",
        """
        Inside the JVM, from the start of `main` to the output of `/bin/echo hello`.
        The jars of jpopen and of this benchmark are on the class path.
        The AOT cache is made as in the [README](../README.md#start-faster).\
        """,
        Kind.TIME,
        0,
        contest.play(1, workshop.rounds(11)));
  }

  private static Contender first(Workshop workshop, List<String> options, String peer)
      throws IOException {
    List<String> command = new ArrayList<>(workshop.javaWithJars(options, FirstChild.class));
    command.add(peer);
    return () -> run(command);
  }

  private static void cached(Workshop workshop, Contest contest, String row, String peer)
      throws IOException, InterruptedException {
    Path cache = workshop.folder().resolve(peer + ".aot");
    try {
      first(workshop, List.of("-XX:AOTCacheOutput=" + cache), peer).play();
      contest.with(row, first(workshop, List.of("-XX:AOTCache=" + cache), peer));
    } catch (InterruptedException e) {
      throw e;
    } catch (CalledProcessException e) {
      contest.without(row, "no cache: " + e.stderr().text().lines().findFirst().orElse(""));
    } catch (Exception e) {
      contest.without(row, "no cache: " + e.getMessage());
    }
  }

  public static Table memory(Workshop workshop) throws IOException, InterruptedException {
    Contest contest = new Contest();
    for (String peer : List.of(Peers.JPOPEN, Peers.JPOPEN_OFF_HEAP, Peers.JDK)) {
      List<String> command = new ArrayList<>(workshop.java(List.of(), MemoryPeak.class));
      command.addAll(List.of(peer, Long.toString((long) CAPTURED_MEBIBYTES * MIB)));
      command.addAll(List.of("dd", "if=/dev/zero", "bs=1M", "count=" + CAPTURED_MEBIBYTES));
      contest.with(peer, () -> run(command));
    }
    return new Table(
        "memory",
        "Memory while " + CAPTURED_MEBIBYTES + " MiB are captured",
        "In a fresh JVM with its usual heap: `VmHWM` at the end less `VmRSS` before, so the work of"
            + " the collector in between is included.",
        Kind.MEMORY,
        (long) CAPTURED_MEBIBYTES * MIB,
        contest.play(0, 3));
  }

  // dd writes its statistics to stderr.
  static Round run(List<String> command) throws IOException, InterruptedException {
    String output = Command.of(command).text().captureOutput().checkOutput();
    return new Round(Long.parseLong(output.strip().lines().findFirst().orElse("")), -1);
  }
}
