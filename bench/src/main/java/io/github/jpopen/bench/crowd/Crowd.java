package io.github.jpopen.bench.crowd;

import java.io.IOException;
import java.util.List;

/**
 * What virtual threads and one poller are for, in figures: {@code sleepers}, {@code alive}, {@code
 * busy}, or all of them.
 */
public final class Crowd {
  private Crowd() {}

  /**
   * Prints figures; ends with 1 if an output was wrong.
   *
   * @param args which parts, each with {@code :N} behind it for another number of children
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean right = true;
    for (String part : args.length == 0 ? new String[] {"sleepers", "alive", "busy"} : args) {
      List<String> words = List.of(part.split(":"));
      int count = words.size() > 1 ? Integer.parseInt(words.get(1)) : 0;
      right &=
          switch (words.getFirst()) {
            case "sleepers" -> Sleepers.run(count == 0 ? 1000 : count);
            case "alive" -> Alive.run(count == 0 ? 10_000 : count);
            case "busy" -> Busy.run();
            default -> throw new IllegalArgumentException(part + ": sleepers, alive or busy");
          };
    }
    if (!right) {
      System.exit(1);
    }
  }
}
