package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;

import io.github.jpopen.bench.measure.Contender;
import io.github.jpopen.bench.measure.Contest;
import io.github.jpopen.bench.measure.Round;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.worker.JvmWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The case with a thousand children at once; each contender is a process of its own. */
public final class ManyAtOnce {
  static final String COLD = "cold, ms";
  public static final String MEMORY = "VmHWM, MiB";
  public static final String THREADS = "threads at most";
  public static final String OWN_THREADS = "threads of its own";

  private static final int CHILDREN = 1000;
  private static final int KIBIBYTES_PER_MEBIBYTE = 1024;

  /**
   * The JVM has all threads of its collector from the start, so that they do not count as those of
   * a library.
   */
  private static final List<String> HEAP = List.of("-Xmx64m", "-XX:-UseDynamicNumberOfGCThreads");

  private ManyAtOnce() {}

  public static Table play(Workshop workshop) throws IOException, InterruptedException {
    List<String> arguments =
        arguments(
            "many", "-", workshop.hi().toString(), 1, CHILDREN, "sh", "-c", "sleep 0.5; echo hi");
    Map<String, Watched> players = new LinkedHashMap<>();
    Contest contest = new Contest();
    try {
      for (String peer :
          List.of(
              Peers.JPOPEN,
              Peers.JPOPEN_PLATFORM,
              Peers.JPOPEN_IN_TURN,
              Peers.JDK,
              Peers.ZT_EXEC,
              Peers.NU_PROCESS)) {
        players.put(
            peer,
            Watched.jvm(
                workshop.worker(workshop.java(HEAP, JvmWorker.class), arguments, Map.of()), peer));
      }
      for (String tool : List.of(Tools.C, Tools.GO, Tools.RUST)) {
        List<String> command = workshop.tools().command(tool);
        if (!command.isEmpty()) {
          players.put(tool, new Watched(workshop.worker(command, arguments, Map.of()), ""));
        }
      }
      players.forEach(contest::with);
      for (String tool : List.of(Tools.C, Tools.GO, Tools.RUST)) {
        if (!players.containsKey(tool)) {
          contest.without(tool, workshop.tools().whyMissing(tool));
        }
      }
      List<Row> rows = new ArrayList<>();
      for (Row row : contest.play(1, 2)) {
        Watched player = players.get(row.name());
        rows.add(
            player == null
                ? row
                : new Row(row.name(), row.samples(), row.note(), player.figures()));
      }
      return new Table(
          "many",
          "1,000 children at once",
          "`sh -c 'sleep 0.5; echo hi'`, all started as fast as possible, each with its own pipe;"
              + " every JVM with `-Xmx64m`.\n"
              + "\"cold\" is the first round of a process; the others follow it.\n"
              + "Memory is `VmHWM` of the process after all rounds, without the children.\n"
              + "\"threads of its own\" existed while a thousand virtual threads slept and no child"
              + " was started.",
          Kind.TIME,
          0,
          rows);
    } finally {
      for (Watched player : players.values()) {
        player.worker.close();
      }
    }
  }

  /** A worker whose threads are counted while it plays. */
  private static final class Watched implements Contender {
    private static final int PAUSE_MILLIS = 10;

    private final Worker worker;
    private final Contender contender;
    private final long ownThreads;
    private long coldNanos = -1;
    private volatile long threads;

    Watched(Worker worker, String peer) {
      this.worker = worker;
      contender = worker.as(peer, 0, 0);
      ownThreads = worker.status("Threads");
    }

    private Watched(Worker worker, Contender contender, long ownThreads) {
      this.worker = worker;
      this.contender = contender;
      this.ownThreads = ownThreads;
    }

    static Watched jvm(Worker worker, String peer) throws IOException, InterruptedException {
      Watched idle = new Watched(worker, worker.as(Peers.NO_CHILD, 0, 0), 0);
      try {
        idle.play();
      } catch (InterruptedException | IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
      return new Watched(worker, worker.as(peer, 0, 0), idle.threads);
    }

    @Override
    public Round play() throws Exception {
      Thread counter = Thread.ofPlatform().daemon().start(this::count);
      try {
        Round round = contender.play();
        if (coldNanos < 0) {
          coldNanos = round.value();
        }
        return round;
      } finally {
        counter.interrupt();
        counter.join();
      }
    }

    private void count() {
      try {
        while (true) {
          threads = Math.max(threads, worker.status("Threads"));
          Thread.sleep(PAUSE_MILLIS);
        }
      } catch (InterruptedException e) { // the round is over
        return;
      }
    }

    Map<String, Double> figures() {
      Map<String, Double> figures = new LinkedHashMap<>();
      if (coldNanos >= 0) {
        figures.put(COLD, coldNanos / 1e6);
        figures.put(MEMORY, worker.status("VmHWM") / (double) KIBIBYTES_PER_MEBIBYTE);
        figures.put(THREADS, (double) threads);
        figures.put(OWN_THREADS, (double) ownThreads);
      }
      return figures;
    }
  }
}
