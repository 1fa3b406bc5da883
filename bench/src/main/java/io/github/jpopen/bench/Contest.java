package io.github.jpopen.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Several ways to do one thing, measured in turn, so that whatever else the machine does hits all
 * of them. Each round begins with the next one.
 */
final class Contest {
  /** One way. Returns its nanoseconds, and throws if its result is wrong. */
  interface Contender {
    long play() throws Exception;

    /** There are no more rounds. */
    default void close() throws Exception {}
  }

  private record Entry(String name, Contender contender) {}

  private final String title;
  private final List<Entry> entries = new ArrayList<>();

  Contest(String title) {
    this.title = title;
  }

  Contest with(String name, Contender contender) {
    entries.add(new Entry(name, contender));
    return this;
  }

  /** The first of the contenders is compared with the others, by the minima. */
  void play(int warmUp, int rounds) throws Exception {
    long[][] nanos = new long[entries.size()][rounds];
    for (int round = -warmUp; round < rounds; round++) {
      for (int i = 0; i < entries.size(); i++) {
        int turn = Math.floorMod(i + round, entries.size());
        long taken = entries.get(turn).contender().play();
        if (round >= 0) {
          nanos[turn][round] = taken;
        }
      }
    }
    for (Entry entry : entries) {
      entry.contender().close();
    }
    System.out.printf("%n%s%n", title);
    System.out.printf(
        "  %-42s %9s %9s   (%d rounds after %d)%n", "", "min", "median", rounds, warmUp);
    double first = 0;
    for (int i = 0; i < entries.size(); i++) {
      Arrays.sort(nanos[i]);
      double min = nanos[i][0] / 1e6;
      String ratio =
          i == 0 ? "" : String.format(Locale.ROOT, "   first = %.2f of this", first / min);
      first = i == 0 ? min : first;
      System.out.printf(
          Locale.ROOT,
          "  %-42s %6.1f ms %6.1f ms%s%n",
          entries.get(i).name(),
          min,
          nanos[i][rounds / 2] / 1e6,
          ratio);
    }
  }
}
