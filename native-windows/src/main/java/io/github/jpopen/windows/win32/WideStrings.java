package io.github.jpopen.windows.win32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Strings as the calls take them: UTF-16 units that end in NUL, unchanged even if a surrogate has
 * no partner.
 */
public final class WideStrings {
  private WideStrings() {}

  /** Copies a string to native memory. */
  public static MemorySegment of(Arena arena, String text) {
    return arena.allocateFrom(ValueLayout.JAVA_CHAR, (text + '\0').toCharArray());
  }
}
