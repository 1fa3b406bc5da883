package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;
import static io.github.jpopen.bench.cases.Workshop.MIB;
import static io.github.jpopen.bench.cases.Workshop.PATTERN_BYTES;

import io.github.jpopen.bench.measure.Contest;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.worker.FirstChild;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several builds of jpopen, each in a JVM of its own, in the cases that a change can slow down.
 *
 * @param workshop what they share
 * @param builds to compare
 */
public record Builds(Workshop workshop, List<Build> builds) {
  private static final String NONE = "-";
  private static final long BIG = 256L * MIB;
  private static final long TIMEOUT_NANOS = 50_000_000;
  private static final List<String> SMALL_HEAP = List.of("-Xmx256m");
  private static final List<String> BIG_HEAP =
      List.of("-Xms1536m", "-Xmx1536m", "-XX:+AlwaysPreTouch");

  /** Plays every case: the times of each build, by the name of the case. */
  public Map<String, List<Row>> play() throws IOException, InterruptedException {
    String hello = workshop.hello().toString();
    String pattern = workshop.pattern().toString();
    Map<String, List<Row>> rows = new LinkedHashMap<>();
    List<String> child = List.of("dd", "if=/dev/zero", "bs=1M", "count=" + BIG / MIB);
    String[] big = child.toArray(String[]::new);
    rows.put("256 MiB, bytes", big(Peers.JPOPEN, arguments("talk", NONE, "zeros", 1, 0, big), BIG));
    rows.put(
        "256 MiB, off-heap",
        big(Peers.JPOPEN_OFF_HEAP, arguments("talk", NONE, "zeros", 1, 0, big), BIG));
    List<String> cat = arguments("talk", pattern, pattern, 1, 0, "cat");
    rows.put("64 MiB through cat", big(Peers.JPOPEN, cat, PATTERN_BYTES));
    rows.put("64 MiB through cat, text", big(Peers.JPOPEN_TEXT, cat, PATTERN_BYTES));
    List<String> echo = arguments("talk", NONE, hello, 1, 0, "/bin/echo", "hello");
    rows.put("/bin/echo, captured", small(echo, "hello\n".length(), 20, 300));
    rows.put("/bin/true", small(arguments("spawn", NONE, NONE, 1, 0, "/bin/true"), 0, 20, 300));
    List<String> sleep = arguments("timeout", NONE, NONE, 1, TIMEOUT_NANOS, "sleep", "10");
    rows.put("late after 50 ms", small(sleep, 0, 2, 50));
    rows.put("first child of a JVM", first());
    return rows;
  }

  private List<Row> big(String peer, List<String> arguments, long bytes)
      throws IOException, InterruptedException {
    return play(peer, arguments, BIG_HEAP, bytes, 2, 9);
  }

  private List<Row> small(List<String> arguments, long bytes, int warmUp, int rounds)
      throws IOException, InterruptedException {
    return play(Peers.JPOPEN, arguments, SMALL_HEAP, bytes, warmUp, rounds);
  }

  private List<Row> play(
      String peer, List<String> arguments, List<String> heap, long bytes, int warmUp, int rounds)
      throws IOException, InterruptedException {
    try (Lineup lineup = new Lineup(workshop, arguments, bytes, 0)) {
      for (Build build : builds) {
        lineup.build(build, heap, peer);
      }
      return lineup.play(warmUp, workshop.rounds(rounds));
    }
  }

  private List<Row> first() throws InterruptedException {
    Contest contest = new Contest();
    for (Build build : builds) {
      List<String> command =
          new ArrayList<>(Workshop.java(List.of(), build.classPath(), FirstChild.class));
      command.add(Peers.JPOPEN);
      contest.with(build.name(), () -> FreshJvm.run(command));
    }
    return contest.play(1, workshop.rounds(15));
  }
}
