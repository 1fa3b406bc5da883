package io.github.jpopen.command;

import java.util.Locale;

/**
 * Text that another program or a user chose, as a message shows it.
 *
 * <p>What could move the cursor, clear a screen, or begin or reorder a line is escaped.
 */
public final class VisibleText {
  private VisibleText() {}

  /**
   * Escapes a text.
   *
   * @param text any
   * @return the same if it needs no escape
   */
  public static String of(String text) {
    if (isPlain(text)) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(result, c));
    return result.toString();
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) { // no stream: linking one takes long, the first time
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static void append(StringBuilder result, int character) {
    switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> {
        if (character == '\t') {
          result.append(' ');
        } else {
          result.append(String.format(Locale.ROOT, "\\u%04x", character));
        }
      }
      default -> result.appendCodePoint(character);
    }
  }
}
