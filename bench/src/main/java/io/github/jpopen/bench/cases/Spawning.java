package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;

import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import io.github.jpopen.bench.peer.Peers;
import java.io.IOException;
import java.util.List;

/** The cases about the cost of a child by itself. */
public final class Spawning {
  /** The row of a JVM that starts children by vfork. */
  static final String JDK_VFORK = "ProcessBuilder, vfork";

  private static final String NONE = "-";
  private static final int HELLO = "hello\n".length();
  private static final String MECHANISM = "-Djdk.lang.Process.launchMechanism=";
  private static final List<String> HEAP = List.of("-Xmx256m");
  private static final List<String> VFORK = List.of("-Xmx256m", MECHANISM + "VFORK");

  private Spawning() {}

  public static Table echo(Workshop workshop) throws IOException, InterruptedException {
    List<String> arguments =
        arguments("talk", NONE, workshop.hello().toString(), 1, 0, "/bin/echo", "hello");
    try (Lineup lineup =
        new Lineup(workshop, arguments, HELLO, 0)
            .peers(
                HEAP,
                Peers.JPOPEN,
                Peers.JPOPEN_TEXT,
                Peers.JPOPEN_OFF_HEAP,
                Peers.JDK,
                Peers.COMMONS_EXEC,
                Peers.ZT_EXEC,
                Peers.NU_PROCESS)
            .peer(JDK_VFORK, VFORK, Peers.JDK)
            .natives(Tools.C, Tools.PYTHON, Tools.GO, Tools.RUST)) {
      return new Table(
          "echo",
          "`/bin/echo hello`, captured",
          """
          The cost of a child that writes next to nothing.
          stdin and stderr are inherited if the library can do that.
          Each Java library has run 1,500 children before, or for 4 s.\
          """,
          Kind.TIME,
          0,
          lineup.play(20, workshop.rounds(200)));
    }
  }

  public static Table noPipes(Workshop workshop) throws IOException, InterruptedException {
    List<String> arguments = arguments("spawn", NONE, NONE, 1, 0, "/bin/true");
    try (Lineup lineup =
        new Lineup(workshop, arguments, 0, 0)
            .peers(
                HEAP, Peers.JPOPEN, Peers.JDK, Peers.COMMONS_EXEC, Peers.ZT_EXEC, Peers.NU_PROCESS)
            .peer(JDK_VFORK, VFORK, Peers.JDK)
            .natives(Tools.C, Tools.PYTHON, Tools.GO, Tools.RUST)) {
      return new Table(
          "true",
          "`/bin/true`, no pipes",
          "All three streams are inherited if the library can do that; commons-exec, zt-exec and"
              + " NuProcess always make pipes.\n"
              + "Each Java library has run 1,500 children before, or for 4 s.",
          Kind.TIME,
          0,
          lineup.play(20, workshop.rounds(200)));
    }
  }
}
