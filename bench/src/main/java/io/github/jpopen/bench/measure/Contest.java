package io.github.jpopen.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several ways to do one thing, played in turn (A B C, B C A, C A B), so that other work on the
 * machine affects all of them.
 */
public final class Contest {
  private static final Contender NOBODY =
      () -> {
        throw new IllegalStateException();
      };

  private final Map<String, Contender> contenders = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();

  public Contest with(String name, Contender contender) {
    contenders.put(name, contender);
    return this;
  }

  /** Names a contender that cannot play, with the reason for the report. */
  public Contest without(String name, String why) {
    contenders.put(name, NOBODY);
    missing.put(name, why);
    return this;
  }

  /**
   * Plays all rounds. A contender that fails in one plays no further rounds and has no figures.
   *
   * @param warmUp how many rounds to play first, which do not count
   * @param rounds how many rounds count
   */
  public List<Row> play(int warmUp, int rounds) throws InterruptedException {
    List<String> names = List.copyOf(contenders.keySet());
    Map<String, List<Round>> played = new LinkedHashMap<>();
    names.forEach(name -> played.put(name, new ArrayList<>()));
    for (int round = -warmUp; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(Math.floorMod(i + round, names.size()));
        if (!missing.containsKey(name)) {
          playOne(name, round >= 0, played);
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      String why = missing.get(name);
      rows.add(
          why == null
              ? new Row(name, Samples.of(played.getOrDefault(name, List.of())))
              : Row.missing(name, why));
    }
    return rows;
  }

  private void playOne(String name, boolean counts, Map<String, List<Round>> played)
      throws InterruptedException {
    try {
      Round round = contenders.getOrDefault(name, NOBODY).play();
      if (counts) {
        played.getOrDefault(name, new ArrayList<>()).add(round);
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // any library may throw anything; the others play on
      System.err.println(name + ": " + e);
      missing.put(name, "failed: " + e.getMessage());
    }
  }
}
