package io.github.jpopen.stream;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.text.TextMode;
import org.jspecify.annotations.Nullable;

/**
 * How the text of each stream of one child is encoded and decoded. Null for a stream that follows
 * the command.
 *
 * @param stdin of the input
 * @param stdout of the one output
 * @param stderr of the other
 */
public record TextModes(
    @Nullable TextMode stdin, @Nullable TextMode stdout, @Nullable TextMode stderr) {
  /**
   * That of one stream.
   *
   * @param stream which
   * @return null if it follows the command
   */
  public @Nullable TextMode of(StreamKind stream) {
    return switch (stream) {
      case STDIN -> stdin;
      case STDOUT -> stdout;
      case STDERR -> stderr;
    };
  }
}
