package io.github.jpopen.bench.measure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One case, played.
 *
 * @param id a word for links and file names
 * @param title of the case
 * @param about what was run, and how to read it
 * @param kind what the values are
 * @param outputBytes how many bytes the child writes in a round; 0 where that is not the point
 * @param rows in the order they were played
 */
public record Table(
    String id, String title, String about, Kind kind, long outputBytes, List<Row> rows) {
  /** What the values are, and which statistics say something about them. */
  public enum Kind {
    /** Nanoseconds of a whole round. */
    TIME,
    /** Nanoseconds that a timeout came too late. */
    LATENESS,
    /** Bytes. */
    MEMORY
  }

  /** Null if there is no such row, or nothing was measured. */
  public @Nullable Samples samples(String name) {
    for (Row row : rows) {
      if (row.name().equals(name)) {
        return row.samples();
      }
    }
    return null;
  }

  public @Nullable Row row(String name) {
    for (Row row : rows) {
      if (row.name().equals(name)) {
        return row;
      }
    }
    return null;
  }
}
