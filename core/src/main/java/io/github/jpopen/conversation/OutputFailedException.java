package io.github.jpopen.conversation;

import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A consumer of an output threw, or the output cannot be kept or has passed its limit. */
public final class OutputFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** See {@link #stream()}. */
  private final StreamKind stream;

  private final transient @Nullable Exception failure;

  /** See {@link #isOfFile()}. */
  private final boolean ofFile;

  private OutputFailedException(StreamKind stream, @Nullable Exception failure, boolean ofFile) {
    super(null, failure, false, false);
    this.stream = stream;
    this.failure = failure;
    this.ofFile = ofFile;
  }

  static OutputFailedException consumer(StreamKind stream, Exception failure) {
    return new OutputFailedException(stream, failure, false);
  }

  static OutputFailedException file(StreamKind stream, IOException failure) {
    return new OutputFailedException(stream, failure, true);
  }

  static OutputFailedException limit(StreamKind stream) {
    return new OutputFailedException(stream, null, false);
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
   * What the consumer threw, or why the output cannot be kept.
   *
   * @return null if the output has passed its limit
   */
  public @Nullable Exception failure() {
    return failure;
  }

  /**
   * Whether the file that keeps the output cannot be written.
   *
   * @return false if a consumer threw, or if the output has passed its limit
   */
  public boolean isOfFile() {
    return ofFile;
  }
}
