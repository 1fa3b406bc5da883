package io.github.jpopen;

import io.github.jpopen.command.VisibleText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/** The last lines of an output, for a message: at most ten, and at most 2,000 characters. */
final class LastLines {
  private static final int LINES = 10;
  private static final int CHARACTERS = 2_000;

  private LastLines() {}

  /**
   * Returns the lines, each after a line break and indented.
   *
   * @return empty if the output is blank, was not captured, or is in an arena that is closed
   */
  static String of(Captured output) {
    String text;
    try {
      text = new Tail(output).text();
    } catch (IOException | IllegalStateException e) {
      return "";
    }
    List<String> lines = text.strip().lines().toList();
    StringBuilder result = new StringBuilder();
    for (String line : lines.subList(Math.max(0, lines.size() - LINES), lines.size())) {
      result.append("\n  ");
      result.append(VisibleText.of(line));
    }
    boolean cut = lines.size() > LINES || result.length() > CHARACTERS;
    if (result.length() > CHARACTERS) {
      int start = result.length() - CHARACTERS;
      result.delete(0, Character.isLowSurrogate(result.charAt(start)) ? start + 1 : start);
    }
    String shown = result.toString().strip();
    return shown.isEmpty() ? "" : (cut ? "\n  ...\n  " : "\n  ") + shown;
  }

  /** Keeps the end of a captured output, and decodes it. */
  private static final class Tail extends OutputStream {
    /** A multiple of the size of a character in every charset of fixed width. */
    private static final int KEPT = 64 * 1024;

    private final byte[] kept = new byte[2 * KEPT];
    private final Captured output;
    private int length;

    Tail(Captured output) throws IOException {
      this.output = output;
      output.writeTo(this);
    }

    String text() {
      return output.decode(Arrays.copyOf(kept, length));
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      int done = 0;
      while (done < count) {
        if (length == kept.length) {
          System.arraycopy(kept, KEPT, kept, 0, KEPT);
          length = KEPT;
        }
        int n = Math.min(count - done, kept.length - length);
        System.arraycopy(bytes, offset + done, kept, length, n);
        length += n;
        done += n;
      }
    }
  }
}
