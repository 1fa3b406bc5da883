package io.github.jpopen.text;

import java.util.Arrays;

/** Characters that are decoded but not handed out, each with the number of its bytes. */
final class LookAhead {
  private final StringBuilder text = new StringBuilder();
  private int[] costs = new int[16];
  private int bytes;
  private int uncharged; // bytes that gave no character; the next character pays for them

  /** The characters; the caller appends here and then calls {@link #charge}. */
  StringBuilder text() {
    return text;
  }

  /** How many unconsumed bytes of the source are decoded already. */
  int bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean endsLine() {
    char last = text.isEmpty() ? 0 : text.charAt(text.length() - 1);
    return last == '\n' || last == '\r';
  }

  /** Whether bytes gave several characters, of which only the last ones are left. */
  boolean startsHalfway() {
    return !text.isEmpty() && costs[0] == 0;
  }

  /** Notes that {@code used} bytes gave the characters from {@code before} on, or none. */
  void charge(int before, int used) {
    bytes += used;
    uncharged += used;
    if (text.length() > before) {
      if (text.length() > costs.length) {
        costs = Arrays.copyOf(costs, Math.max(text.length(), 2 * costs.length));
      }
      costs[before] = uncharged; // one byte may give "\xff": the first character pays
      Arrays.fill(costs, before + 1, text.length(), 0);
      uncharged = 0;
    }
  }

  /**
   * Drops characters from the front.
   *
   * @return the bytes that they were made of
   */
  int remove(int characters) {
    int cost = 0;
    for (int i = 0; i < characters; i++) {
      cost += costs[i];
    }
    text.delete(0, characters);
    System.arraycopy(costs, characters, costs, 0, text.length());
    bytes -= cost;
    return cost;
  }

  /**
   * Drops bytes that no character will pay for, because none waits or follows.
   *
   * @return how many
   */
  int removeUncharged() {
    int cost = uncharged;
    uncharged = 0;
    bytes -= cost;
    return cost;
  }

  /** Drops what can be decoded again: all except the rest of bytes that were handed out. */
  void clear() {
    int left = 0;
    while (left < text.length() && costs[left] == 0) {
      left++;
    }
    text.setLength(left);
    bytes = 0;
    uncharged = 0;
  }
}
