package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** One thing that a fake program does. Immutable. */
public sealed interface Act {
  /**
   * Writes bytes, and waits while the pipe is full.
   *
   * @param stream {@code STDOUT} or {@code STDERR}
   * @param bytes never changed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Write(StreamKind stream, byte[] bytes) implements Act {}

  /**
   * Does nothing for a time.
   *
   * @param time how long
   */
  record Pause(Duration time) implements Act {}

  /**
   * Closes one of its streams early.
   *
   * @param stream which
   */
  record Close(StreamKind stream) implements Act {}

  /** Reads stdin to its end. */
  record ReadAll() implements Act {}

  /**
   * Reads so many bytes of stdin, or to its end.
   *
   * @param bytes how many
   */
  record ReadBytes(long bytes) implements Act {}

  /** Reads a line of stdin, or to its end. */
  record ReadLine() implements Act {}

  /**
   * Writes a line to stdout for each line of stdin, until its end.
   *
   * @param answer makes a line of a line, both without their ends
   */
  record Answer(UnaryOperator<String> answer) implements Act {}

  /** Does nothing until a signal comes. */
  record Hang() implements Act {}

  /**
   * Ends.
   *
   * @param how in the numbers of the system
   */
  record End(Termination how) implements Act {}
}
