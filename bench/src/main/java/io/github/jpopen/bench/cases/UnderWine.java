package io.github.jpopen.bench.cases;

import static io.github.jpopen.bench.cases.Lineup.arguments;
import static io.github.jpopen.bench.cases.Workshop.MIB;

import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.peer.Peers;
import io.github.jpopen.bench.worker.JvmWorker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * jpopen and {@code ProcessBuilder}, each in a Windows JVM of its own under Wine. Wine is not
 * Windows: only what one takes beside the other means something.
 *
 * @param workshop what the cases share
 * @param java starts the Windows JVM
 */
public record UnderWine(Workshop workshop, Path java) {
  private static final String NONE = "-";
  private static final int MEBIBYTES = 64;
  private static final long TIMEOUT_NANOS = 50_000_000;

  /** Plays every case, by its name. */
  public Map<String, List<Row>> play() throws IOException, InterruptedException {
    Path hello = Files.writeString(workshop.folder().resolve("hello-windows"), "hello\r\n");
    Map<String, List<Row>> rows = new LinkedHashMap<>();
    List<String> zeros = workshop.tools().command(Tools.ZEROS);
    if (!zeros.isEmpty()) {
      String[] child = {windows(zeros.getFirst()), "" + MEBIBYTES};
      rows.put(
          "64 MiB into byte[]",
          play(
              arguments("talk", NONE, "zeros", 1, 0, child),
              (long) MEBIBYTES * MIB,
              2,
              9,
              Peers.JPOPEN,
              Peers.JPOPEN_OFF_HEAP,
              Peers.JDK_PLATFORM));
    }
    String[] echo = {"cmd.exe", "/c", "echo hello"};
    rows.put(
        "echo, captured",
        play(
            arguments("talk", NONE, hello.toString(), 1, 0, echo),
            Files.size(hello),
            10,
            40,
            Peers.JPOPEN,
            Peers.JDK_PLATFORM));
    rows.put(
        "a child without pipes",
        play(
            arguments("spawn", NONE, NONE, 1, 0, "cmd.exe", "/c", "exit"),
            0,
            10,
            40,
            Peers.JPOPEN,
            Peers.JDK_PLATFORM));
    rows.put(
        "late after 50 ms",
        play(
            arguments("timeout", NONE, NONE, 1, TIMEOUT_NANOS, "ping", "-n", "2", "127.0.0.1"),
            0,
            3,
            20,
            Peers.JPOPEN_PLATFORM,
            Peers.JPOPEN,
            Peers.JDK_PLATFORM));
    return rows;
  }

  private List<Row> play(
      List<String> arguments, long bytes, int warmUp, int rounds, String... peers)
      throws IOException, InterruptedException {
    try (Lineup lineup = new Lineup(workshop, arguments, bytes, 0)) {
      for (String peer : peers) {
        lineup.in(command(), peer);
      }
      return lineup.play(warmUp, workshop.rounds(rounds));
    }
  }

  private List<String> command() {
    String classPath =
        Arrays.stream(
                System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
            .map(UnderWine::windows)
            .collect(Collectors.joining(";"));
    List<String> command = new ArrayList<>(List.of(java.toAbsolutePath().toString()));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Djava.net.preferIPv4Stack=true"); // else Java ends there at once
    command.add("-D" + JvmWorker.WARM_UP + "=10"); // a child takes tens of milliseconds there
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-cp", classPath, JvmWorker.class.getName()));
    return command;
  }

  /** Wine shows the root of this system as drive Z. */
  private static String windows(String path) {
    return "Z:" + Path.of(path).toAbsolutePath().toString().replace('/', '\\');
  }
}
