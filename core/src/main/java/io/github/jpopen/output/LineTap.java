package io.github.jpopen.output;

import io.github.jpopen.text.LineSplitter;
import java.nio.charset.CharacterCodingException;
import java.util.concurrent.TimeUnit;

/**
 * Hands an output to a consumer line by line.
 *
 * <p>After some time, or an interrupt, it pauses. So the limits of the call are looked at, however
 * slow the consumer is.
 */
public final class LineTap implements OutputTap {
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(10);

  /** To look at the clock takes as long as to make a short line. */
  private static final int MOST_LINES = 16;

  private final LineSplitter lines;
  private final Consumer<String> consumer;
  private boolean behind;
  private int stride = 1; // how many lines are handed out between two looks at the clock

  /**
   * A tap at the beginning of an output.
   *
   * @param lines makes the lines
   * @param consumer gets them
   */
  public LineTap(LineSplitter lines, Consumer<String> consumer) {
    this.lines = lines;
    this.consumer = consumer;
  }

  @Override
  public void accept(byte[] bytes, int length) throws Exception {
    behind = true;
    try {
      lines.add(bytes, length);
    } catch (CharacterCodingException e) {
      resume(); // the lines before the fault
      throw e;
    }
    resume();
  }

  @Override
  public boolean isBehind() {
    return behind;
  }

  @Override
  public void resume() throws Exception {
    long start = System.nanoTime();
    int left = stride;
    String line;
    while ((line = lines.next()) != null) {
      consumer.accept(line);
      boolean interrupted = Thread.currentThread().isInterrupted();
      if (interrupted || --left == 0) {
        if (interrupted || System.nanoTime() - start > SLICE) {
          stride = 1;
          return; // still behind
        }
        stride = Math.min(2 * stride, MOST_LINES);
        left = stride;
      }
    }
    behind = false;
  }

  @Override
  public void end(boolean cutShort) throws Exception {
    lines.end(cutShort);
    behind = true;
    resume();
  }
}
