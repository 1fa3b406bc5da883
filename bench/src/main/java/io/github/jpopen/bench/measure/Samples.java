package io.github.jpopen.bench.measure;

import java.util.Arrays;
import java.util.List;

/** What several rounds measured, in order of size. */
public final class Samples {
  private final long[] sorted;
  private final long allocated;

  private Samples(long[] sorted, long allocated) {
    this.sorted = sorted;
    this.allocated = allocated;
  }

  /** Of at least one round. */
  public static Samples of(List<Round> rounds) {
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("no rounds");
    }
    long[] values = rounds.stream().mapToLong(Round::value).sorted().toArray();
    long[] allocations = rounds.stream().mapToLong(Round::allocated).sorted().toArray();
    return new Samples(values, allocations[allocations.length / 2]);
  }

  public int count() {
    return sorted.length;
  }

  public long min() {
    return sorted[0];
  }

  public long max() {
    return sorted[sorted.length - 1];
  }

  /** The middle one; of an even number, the mean of the two in the middle. */
  public long median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
  }

  /**
   * The smallest value that so many of a hundred do not exceed (the nearest-rank percentile): with
   * fewer than a hundred rounds, the 99th is the largest.
   */
  public long percentile(int percent) {
    if (percent <= 0 || percent > 100) {
      throw new IllegalArgumentException(percent + " percent");
    }
    return sorted[(int) ((percent * (long) sorted.length + 99) / 100) - 1];
  }

  /** The median of what was allocated, or -1. */
  public long allocated() {
    return allocated;
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
