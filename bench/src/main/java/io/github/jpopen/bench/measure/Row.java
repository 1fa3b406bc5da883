package io.github.jpopen.bench.measure;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One contender in one table.
 *
 * @param name of the contender
 * @param samples what it measured; null if there is nothing, and then the note says why
 * @param note to be read beside the figures; may be empty
 * @param extras further figures, by the head of their column
 */
public record Row(String name, @Nullable Samples samples, String note, Map<String, Double> extras) {
  public Row(String name, Samples samples) {
    this(name, samples, "", Map.of());
  }

  public static Row missing(String name, String why) {
    return new Row(name, null, why, Map.of());
  }
}
