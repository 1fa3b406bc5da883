package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The names of real-time signals: the first, the last, and what is counted from either, as {@code
 * kill -l} does.
 *
 * <p>The kernel's first ones belong to the C library, which says at run time where the others
 * begin. Without such signals there are no names.
 */
final class RealTimeSignals {
  private static final String FIRST = "SIGRTMIN";
  private static final String LAST = "SIGRTMAX";

  private final int first;
  private final int last;

  RealTimeSignals(Posix posix) {
    first = posix.firstRealTimeSignal();
    last = first < 0 ? first - 1 : posix.lastRealTimeSignal();
  }

  /** The number of a signal. */
  OptionalInt number(String name) {
    for (int number = first; number <= last; number++) {
      if (name.equals(name(number))
          || name.equals(FIRST + "+" + (number - first))
          || name.equals(LAST + "-" + (last - number))) {
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }

  /** The name of the first or the last, or null: Python, too, names no other. */
  @Nullable String name(int number) {
    if (last < first) {
      return null;
    }
    return number == first ? FIRST : number == last ? LAST : null;
  }
}
