package io.github.jpopen.conversation;

import io.github.jpopen.spi.StreamKind;
import org.jspecify.annotations.Nullable;

/** A consumer of an output threw, or the output has passed its limit. */
public final class OutputFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** See {@link #stream()}. */
  private final StreamKind stream;

  private final transient @Nullable Exception failure;

  OutputFailedException(StreamKind stream, @Nullable Exception failure) {
    super(null, failure, false, false);
    this.stream = stream;
    this.failure = failure;
  }

  /**
   * Which output it is.
   *
   * @return stdout or stderr
   */
  public StreamKind stream() {
    return stream;
  }

  /**
   * What the consumer threw.
   *
   * @return null if the output has passed its limit
   */
  public @Nullable Exception failure() {
    return failure;
  }
}
