package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;

import io.github.jpopen.bench.measure.Contender;
import io.github.jpopen.bench.measure.Round;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.worker.JvmWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The case of a process with much memory, which makes fork slow.
 *
 * <p>There is one process at a time, because together they would not fit: A B C, A B C, each time a
 * fresh one.
 */
public final class LargeHeap {
  static final String JDK_FORK = "ProcessBuilder, fork";

  private static final int WANTED_MEBIBYTES = 4096;
  private static final int TURNS = 2;
  private static final int HELLO = "hello\n".length();

  private LargeHeap() {}

  public static Table play(Workshop workshop) throws IOException, InterruptedException {
    long available = Machine.availableMebibytes();
    long mebibytes = available == 0 ? WANTED_MEBIBYTES : Math.min(WANTED_MEBIBYTES, available / 2);
    Map<String, List<Round>> played = new LinkedHashMap<>();
    Map<String, String> missing = new LinkedHashMap<>();
    for (int turn = 0; turn < TURNS; turn++) {
      jvm(workshop, mebibytes, Peers.JPOPEN, List.of(), played, missing);
      jvm(workshop, mebibytes, Peers.JDK, List.of(), played, missing);
      jvm(
          workshop,
          mebibytes,
          JDK_FORK,
          List.of("-Djdk.lang.Process.launchMechanism=FORK", "-D" + JvmWorker.WARM_UP + "=2"),
          played,
          missing);
      List<String> loop = workshop.tools().command(Tools.C);
      if (loop.isEmpty()) {
        missing.put(Tools.C, workshop.tools().whyMissing(Tools.C));
      } else {
        Map<String, String> touch = Map.of("BENCH_TOUCH_MIB", Long.toString(mebibytes));
        measure(workshop, loop, touch, Tools.C, "", played, missing);
      }
    }
    List<Row> rows = new ArrayList<>();
    played.forEach((name, rounds) -> rows.add(new Row(name, Samples.of(rounds))));
    missing.forEach((name, why) -> rows.add(Row.missing(name, why)));
    return new Table(
        "heap",
        "`/bin/echo hello` beside " + mebibytes + " MiB of touched memory",
        "A JVM with `-Xms` of that size and `-XX:+AlwaysPreTouch`; the loop in C has filled as"
            + " much.\n"
            + "One process at a time, "
            + TURNS
            + " turns of each.",
        Kind.TIME,
        0,
        rows);
  }

  private static void jvm(
      Workshop workshop,
      long mebibytes,
      String row,
      List<String> options,
      Map<String, List<Round>> played,
      Map<String, String> missing)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-Xms" + mebibytes + "m", "-Xmx" + mebibytes + "m", "-XX:+AlwaysPreTouch"));
    String peer = row.equals(JDK_FORK) ? Peers.JDK : row;
    measure(workshop, workshop.java(all, JvmWorker.class), Map.of(), row, peer, played, missing);
  }

  private static void measure(
      Workshop workshop,
      List<String> command,
      Map<String, String> env,
      String row,
      String peer,
      Map<String, List<Round>> played,
      Map<String, String> missing)
      throws IOException, InterruptedException {
    List<String> arguments =
        arguments("talk", "-", workshop.hello().toString(), 1, 0, "/bin/echo", "hello");
    boolean slow = row.equals(JDK_FORK);
    int warmUp = 3;
    int rounds = slow ? workshop.rounds(6) : workshop.rounds(60);
    try (Worker worker = workshop.worker(command, arguments, env)) {
      Contender contender = worker.as(peer, HELLO, 0);
      for (int round = -warmUp; round < rounds; round++) {
        Round result = contender.play();
        if (round >= 0) {
          played.computeIfAbsent(row, name -> new ArrayList<>()).add(result);
        }
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      missing.put(row, "failed: " + e.getMessage());
    }
  }
}
