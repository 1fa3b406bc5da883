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

  private final LineSplitter lines;
  private final Consumer<String> consumer;
  private boolean behind;

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
    String line;
    while ((line = lines.next()) != null) {
      consumer.accept(line);
      if (System.nanoTime() - start > SLICE || Thread.currentThread().isInterrupted()) {
        return; // still behind
      }
    }
    behind = false;
  }

  @Override
  public void end() throws Exception {
    lines.end();
    behind = true;
    resume();
  }
}
