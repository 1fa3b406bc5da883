package io.github.jpopen.output;

import io.github.jpopen.output.HeadOutput.Then;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much of one output is kept.
 *
 * @param rule which part
 * @param bytes how much
 * @param directory for {@link Rule#SPILL} where the file is made, else null
 */
public record Keep(Rule rule, long bytes, @Nullable Path directory) {
  /** Nothing: consumers get it. */
  public static final Keep NOTHING = new Keep(Rule.NOTHING, 0, null);

  /** Which part of an output is kept. */
  public enum Rule {
    /** Nothing. */
    NOTHING,
    /** The first bytes; the others are read and discarded. */
    HEAD,
    /** The last bytes. */
    TAIL,
    /** As many of the first bytes and as many of the last. */
    HEAD_AND_TAIL,
    /** The first bytes; another one is an error. */
    LIMIT,
    /** The first bytes; then our end of the pipe is closed. */
    CLOSE_AFTER,
    /** Everything: so much in memory, and in a file if it is more. */
    SPILL
  }

  /**
   * Makes the buffer that keeps that part.
   *
   * @param form what the caller gets
   * @return empty
   * @throws IOException if the directory of a spilled output does not exist
   */
  public OutputBuffer newBuffer(OutputForm<?> form) throws IOException {
    return switch (rule) {
      case NOTHING -> new DiscardedOutput();
      case HEAD -> new HeadOutput(form.newBuffer(), Then.DISCARD, bytes);
      case LIMIT -> new HeadOutput(form.newBuffer(), Then.FAIL, bytes);
      case CLOSE_AFTER -> new HeadOutput(form.newBuffer(), Then.CLOSE, bytes);
      case TAIL -> new TailOutput(form.newBuffer(), bytes);
      case HEAD_AND_TAIL ->
          new HeadAndTailOutput(
              new HeadOutput(form.newBuffer(), Then.DISCARD, bytes),
              new TailOutput(form.newBuffer(), bytes));
      case SPILL -> SpilledOutput.in(Objects.requireNonNull(directory), form.newBuffer(), bytes);
    };
  }
}
