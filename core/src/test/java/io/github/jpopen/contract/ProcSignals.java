package io.github.jpopen.contract;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The signals of a process as {@code /proc} shows them.
 *
 * @param blocked signals of its main thread
 * @param ignored signals
 * @param caught signals
 */
public record ProcSignals(
    SortedSet<Integer> blocked, SortedSet<Integer> ignored, SortedSet<Integer> caught) {
  private static final int SIGPIPE = 13;
  private static final int SIGXFSZ = 25;

  /** Reserved by the C library: the JVM ignores them if a library's posix_spawn has started it. */
  private static final List<Integer> RESERVED = List.of(32, 33);

  /** Where a process finds its own. */
  public static final String STATUS = "/proc/self/status";

  /** Those in the text of {@link #STATUS}. */
  public static ProcSignals of(String status) {
    return new ProcSignals(
        signals(status, "SigBlk:"), signals(status, "SigIgn:"), signals(status, "SigCgt:"));
  }

  /** Those that a child of this process has by default. */
  public static ProcSignals ofChild() throws IOException {
    SortedSet<Integer> ignored = of(Files.readString(Path.of(STATUS))).ignored();
    ignored.remove(SIGPIPE);
    ignored.remove(SIGXFSZ);
    ignored.removeAll(RESERVED);
    return new ProcSignals(new TreeSet<>(), ignored, new TreeSet<>());
  }

  private static SortedSet<Integer> signals(String status, String field) {
    String line = status.lines().filter(each -> each.startsWith(field)).findFirst().orElseThrow();
    BigInteger bits = new BigInteger(line.substring(field.length()).strip(), 16);
    SortedSet<Integer> signals = new TreeSet<>();
    for (int bit = 0; bit < bits.bitLength(); bit++) {
      if (bits.testBit(bit)) {
        signals.add(bit + 1);
      }
    }
    return signals;
  }

  /** The same without those that the C library reserves and no program can set. */
  public ProcSignals withoutReserved() {
    SortedSet<Integer> others = new TreeSet<>(ignored);
    others.removeAll(RESERVED);
    return new ProcSignals(blocked, others, caught);
  }
}
