package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;

import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.io.IOException;
import java.util.List;

/** The cases about the delay of a timeout. */
public final class Lateness {
  private static final String NONE = "-";
  private static final long NANOS_PER_MILLI = 1_000_000;

  private Lateness() {}

  public static Table of(Workshop workshop, int millis, int warmUp, int rounds)
      throws IOException, InterruptedException {
    List<String> arguments =
        arguments("timeout", NONE, NONE, 1, millis * NANOS_PER_MILLI, "sleep", "10");
    try (Lineup lineup =
        new Lineup(workshop, arguments, 0, 0)
            .peers(
                List.of("-Xmx256m"),
                Peers.JPOPEN_PLATFORM,
                Peers.JPOPEN,
                Peers.JDK_PLATFORM,
                Peers.JDK,
                Peers.COMMONS_EXEC,
                Peers.ZT_EXEC,
                Peers.NU_PROCESS)
            .natives(Tools.C, Tools.PYTHON, Tools.GO, Tools.RUST)) {
      return new Table(
          "timeout-" + millis,
          "Overshoot of a timeout of " + millis + " ms",
          "`sleep 10` with its stdout captured: how long after the timeout the caller continues.\n"
              + "`jpopen` and `ProcessBuilder` wait on a virtual thread here, their \"platform"
              + " threads\" on a platform thread.\n"
              + "commons-exec, zt-exec and Go kill the child before they report the timeout, and"
              + " their clock starts before the child does.\n"
              + "The JVM is warm.",
          Kind.LATENESS,
          0,
          lineup.play(warmUp, workshop.rounds(rounds)));
    }
  }
}
