package io.github.jpopen.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Processes as {@code ps} lists them, for systems without {@code /proc}: macOS. */
public final class Ps {
  private static final int FIELDS = 3;

  private Ps() {}

  /** Our children, zombies among them: their ids, and their states as {@code ps} writes them. */
  public static Map<Long, String> children() {
    Map<Long, String> children = new TreeMap<>();
    String self = Long.toString(ProcessHandle.current().pid());
    for (String line : lines("ps", "-axo", "pid=,ppid=,stat=")) {
      String[] fields = line.strip().split(" +", FIELDS);
      if (fields.length == FIELDS && fields[1].equals(self)) {
        children.put(Long.valueOf(fields[0]), fields[2].strip());
      }
    }
    return children;
  }

  /** Whether a child has ended, collected or not. */
  public static boolean isDead(long pid) {
    List<String> state = lines("ps", "-o", "stat=", "-p", Long.toString(pid));
    return state.isEmpty() || state.getFirst().strip().startsWith("Z");
  }

  // Without the ps itself, which is a child of ours, too.
  private static List<String> lines(String... command) {
    try {
      Process ps = new ProcessBuilder(command).start();
      String pid = Long.toString(ps.pid());
      String output = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return output.lines().filter(line -> !line.strip().startsWith(pid + " ")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
